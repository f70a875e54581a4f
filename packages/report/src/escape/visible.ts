// Controls and formats (bidi controls and marks, zero-width characters, soft hyphen, tags), line separators, lone
// surrogates, what is no character, and letters that are blank.
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}\u115f\u1160\u3164\uffa0]/gu;
// Scripts and emoji need the two joiners to be read right.
const joiners = "\u200c\u200d";

/**
 * Text in which every character can be seen: what would move the cursor, turn the direction of reading or hide is shown
 * as `\u{202e}`. See Unicode UTR #36 and "Trojan Source" (CVE-2021-42574).
 */
export function visible(text: string): string {
  return text.replace(hidden, (character) =>
    joiners.includes(character) ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** The same for prose on one line: a line break becomes a space. */
export function visibleLine(text: string): string {
  return visible(text.replace(/\s*[\r\n\t\u2028\u2029]+\s*/g, " "));
}

/** The same for a line of code: tabs stay. */
export const visibleCode = (text: string): string => text.split("\t").map(visible).join("\t");

/** A whole text as it is, line by line. */
export function visibleText(text: string): string {
  return text.split("\n").map(visibleCode).join("\n");
}
