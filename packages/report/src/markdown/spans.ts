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
      return strong(markdownText(span.text));
    case "muted":
      return padded(span.text);
    case "break":
      return "<br>";
    case "icon":
      return icons[span.icon].emoji;
    case "result":
      return `${icons[span.result].emoji}\u00a0${span.result}`;
    case "link": {
      const text = span.code === true ? markdownCode(span.text) : markdownText(span.text);
      const href = safeUrl(span.href);
      return href === undefined ? text : `[${text}](<${escapeEntities(href)}>)`;
    }
  }
}

/** Asterisks where CommonMark's rules of flanking make them sure to work, else the element. */
const strong = (text: string): string =>
  /^[\p{L}\p{N}](?:.*[\p{L}\p{N}])?$/u.test(text) ? `**${text}**` : `<strong>${text}</strong>`;

/** Escaping trims; the blanks around a span belong to the sentence. */
function padded(text: string): string {
  const [, before = "", body = "", after = ""] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? [];
  return (before === "" ? "" : " ") + markdownText(body) + (after === "" ? "" : " ");
}
