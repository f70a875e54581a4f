import { visibleLine } from "./visible.ts";

/**
 * Untrusted text inside a quoted Mermaid label. All but letters, digits, blanks and a few harmless signs become Mermaid's
 * own `#code;`, so no quote ends the label, and nothing is read as Markdown, HTML, a directive or a comment. Words such
 * as `end` and `click` mean nothing inside quotes.
 * Source: https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
 */
export function mermaidText(text: string): string {
  return (
    visibleLine(text)
      .replace(/ {2,}/g, " ")
      .trim()
      // The dot of "1. text" too: it begins a list, which Mermaid shows as "Unsupported markdown".
      .replace(/[^\p{L}\p{M}\p{N}\u00a0 .,/→·…]|(?<=^\d+)\.(?=\s)/gu, (character) => `#${character.codePointAt(0)};`)
  );
}
