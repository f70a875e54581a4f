/** At most `limit` characters on one line; never half a character. What is cut is shown by an ellipsis. */
export function clip(text: string, limit: number): string {
  const line = text.replace(/\s*[\r\n]+\s*/g, " ").trim();
  if (line.length <= limit) return line;
  const cut = line.slice(0, limit - 1);
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** `1 file`, `2 files`. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString("en-US")} ${number === 1 ? one : many}`;
