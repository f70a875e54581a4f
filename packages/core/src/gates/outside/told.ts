const longest = 200;

/** A text of others, on one line and short enough for a sentence. Secrets go before it is cut: half of one is not found. */
export function told(text: string, redact: (text: string) => string): string {
  const line = redact(text)
    .replace(/[\p{C}\p{Z}]+/gu, " ")
    .trim()
    .replace(/\.$/, "");
  return line.length <= longest ? line : `${line.slice(0, longest).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** What a text of JSON holds; undefined when it is none. What a parser says of it repeats the text. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
