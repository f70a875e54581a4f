// Control characters, but for tab and line feed; and what some terminals take for them (C1).
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const colour = /(\u001b\[[0-9;]{0,32}m)/;

/** Untrusted text for a log: line breaks are `\n`, and nothing in it moves the cursor or colours a terminal. */
export function plain(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(controls, "\ufffd");
}

/** The same on one line. */
export function plainLine(text: string): string {
  const lines = plain(text).split("\n");
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(" ");
}

/** Text that may be coloured, and nothing beyond that. */
export function coloured(text: string): string {
  return text
    .split(colour)
    .map((part, index) => (index % 2 === 1 ? part : plain(part)))
    .join("");
}
