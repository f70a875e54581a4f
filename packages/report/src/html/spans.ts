import type { Line, Span } from "../document.ts";
import { escapeEntities, htmlText } from "../escape/html.ts";
import { safeUrl } from "../escape/url.ts";
import { type IconName, icons } from "../icons.ts";

/** A line of spans as phrasing content. */
export const renderLine = (line: Line): string => line.map(renderSpan).join("");

/** The sign; words beside it say the same, so it is hidden from screen readers. */
export function renderIcon(name: IconName): string {
  const { sign, tone } = icons[name];
  return `<span class="icon ${tone}" aria-hidden="true">${sign}</span>`;
}

function renderSpan(span: Span): string {
  if (typeof span === "string") return htmlText(span);
  switch (span.kind) {
    case "code":
      return `<code>${htmlText(span.text)}</code>`;
    case "strong":
      return `<b>${htmlText(span.text)}</b>`;
    case "muted":
      return `<span class="muted">${htmlText(span.text)}</span>`;
    case "break":
      return "<br>";
    case "icon":
      return renderIcon(span.icon);
    case "result": {
      const { sign, tone } = icons[span.result];
      return `<span class="badge ${tone}"><span aria-hidden="true">${sign}</span> ${span.result}</span>`;
    }
    case "link": {
      const text = span.code === true ? `<code>${htmlText(span.text)}</code>` : htmlText(span.text);
      const href = safeUrl(span.href);
      return href === undefined ? text : `<a href="${escapeEntities(href)}" rel="noopener noreferrer">${text}</a>`;
    }
  }
}
