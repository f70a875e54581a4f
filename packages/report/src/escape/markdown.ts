import { visibleCode, visibleLine } from "./visible.ts";

/** Zero-width space, written as an entity so that it can be seen in the source: it breaks what forges would link. */
const seam = "&#8203;";

/**
 * Untrusted text as Markdown prose, also in a table cell. Everything that is not a letter, digit, blank or harmless
 * punctuation becomes a character reference. What forges look for after parsing is broken by a zero-width space:
 * mentions (`@name`), references (`#1`, `!1`, `$1`, `%1`, `~x`, `&1`, `^x`, `GH-1`, `[x:1]`), emoji codes, and what GFM turns into
 * links by itself (`https://`, `www.`, mail addresses).
 */
export function markdownText(text: string): string {
  const marked = visibleLine(text)
    .trim()
    .replace(/[@#!$%~&^](?=[\p{L}\p{N}_"'@-])/gu, "$&\u200b")
    // Not in a time of day (15:09:07), which is copied: no emoji is called by two digits.
    .replace(/(?<!\d\d(?=:\d\d(?::|[+-]\d\d:))):(?=\/\/|[\w+-]*:|[\w.+-]*@|\d+\])/g, ":\u200b")
    .replace(/\b(?:www)(?=\.)/gi, "$&\u200b")
    .replace(/\b(?:GH-)(?=\d)/gi, "$&\u200b")
    .replace(/\b(?:xmpp|mailto):/gi, "$&\u200b");
  return marked.replace(
    /[^\p{L}\p{M}\p{N}\u00a0 .,:;()?→·…—–✓✗\u{1F000}-\u{1FAFF}\u2300-\u27bf'/-]|^[-/]|(?<=^\d+)[.)](?=\s|$)/gu,
    (character) => (character === "\u200b" ? seam : `&#${character.codePointAt(0)};`),
  );
}

/**
 * Untrusted text as inline code. Plain backticks where they are safe, so that the source stays readable; with a backtick,
 * pipe or backslash inside, which table cells and code read differently, a `code` element of character references.
 */
export function markdownCode(text: string): string {
  const shown = visibleLine(text).trim();
  return shown === "" || /[`|\\]/.test(shown) ? `<code>${markdownText(shown)}</code>` : `\`${shown}\``;
}

/** A fenced block: the fence is longer than any run of backticks inside, so nothing in it can end it. */
export function markdownFence(language: string, lines: readonly string[]): string {
  const body = lines.map((line) => visibleCode(line));
  const longest = Math.max(0, ...body.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return [fence + language, ...body, fence].join("\n");
}
