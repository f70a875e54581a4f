/**
 * A text as one line of at most so many characters, by whole ones: what forges take as the description of something.
 * Control characters and white space become one space each.
 */
export function oneLine(text: string, most: number): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  const characters = [...line];
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join("")}…`;
}
