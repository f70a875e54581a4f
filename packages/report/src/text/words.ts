import type { Line, Span } from "../document.ts";
import { safeUrl } from "../escape/url.ts";
import { visibleLine } from "../escape/visible.ts";
import { icons } from "../icons.ts";
import type { Style } from "./paint.ts";

/** A word that is not broken, or a line break, with how it is painted. Blanks between words are `space`. */
export interface Word {
  text: string;
  style: Style | undefined;
  /** A blank stands before it, where it does not begin a line. */
  space: boolean;
  /** It begins a new line. */
  breaks: boolean;
}

/** A line of spans as words, ready to be wrapped. */
export function wordsOf(line: Line): Word[] {
  const words: Word[] = [];
  let breaks = false;
  let space = false;
  for (const span of line) {
    if (typeof span !== "string" && span.kind === "break") {
      breaks = true;
      continue;
    }
    const { text, style } = textOf(span);
    for (const part of text.split(/( +)/)) {
      if (part === "") continue;
      if (part.startsWith(" ")) {
        space = true;
        continue;
      }
      words.push({ text: part.replaceAll("\u00a0", " "), style, space, breaks });
      space = false;
      breaks = false;
    }
  }
  return words;
}

function textOf(span: Exclude<Span, { kind: "break" }>): { text: string; style: Style | undefined } {
  if (typeof span === "string") return { text: visibleLine(span), style: undefined };
  switch (span.kind) {
    case "strong":
    case "muted":
      return { text: visibleLine(span.text), style: span.kind };
    case "link": {
      const href = span.spelled ? safeUrl(span.href) : undefined;
      return { text: visibleLine(href === undefined ? span.text : `${span.text} (${href})`), style: undefined };
    }
    case "code":
      return { text: visibleLine(span.text), style: undefined };
    case "icon":
      return { text: icons[span.icon].sign, style: icons[span.icon].tone };
    case "result":
      return { text: `${icons[span.result].sign}\u00a0${span.result}`, style: icons[span.result].tone };
  }
}
