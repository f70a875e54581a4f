import type { Line, Span } from "../document.ts";
import { escapeEntities } from "../escape/html.ts";
import { markdownCode, markdownText } from "../escape/markdown.ts";
import { safeUrl } from "../escape/url.ts";
import { icons } from "../icons.ts";

/** A line of spans as Markdown without a line feed, right in a paragraph and in a table cell. */
export const renderLine = (line: Line): string => line.map(renderSpan).join("");

function renderSpan(span: Span): string {
  if (typeof span === "string") return padded(span);
  switch (span.kind) {
    case "code":
      return markdownCode(span.text);
    case "strong":
      return `<b>${markdownText(span.text)}</b>`;
    case "muted":
      return padded(span.text);
    case "break":
      return "<br>";
    case "icon":
      return icons[span.icon].emoji;
    case "result":
      return `${icons[span.result].emoji} ${span.result}`;
    case "link": {
      const text = span.code === true ? markdownCode(span.text) : markdownText(span.text);
      const href = safeUrl(span.href);
      return href === undefined ? text : `[${text}](<${escapeEntities(href)}>)`;
    }
  }
}

/** Escaping trims; the blanks around a span belong to the sentence. */
function padded(text: string): string {
  const [, before = "", body = "", after = ""] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? [];
  return (before === "" ? "" : " ") + markdownText(body) + (after === "" ? "" : " ");
}
