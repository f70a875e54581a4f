import { displayWidth } from "./display-width.ts";
import type { Paint } from "./paint.ts";
import type { Word } from "./words.ts";

/** A wrapped line and the columns it takes. */
export interface Wrapped {
  text: string;
  width: number;
}

/** Columns that the words need on their longest line when nothing is wrapped, and for their longest word. */
export function measure(words: readonly Word[]): { whole: number; word: number } {
  let whole = 0;
  let line = 0;
  for (const word of words) {
    const width = displayWidth(word.text);
    line = word.breaks ? width : line + width + (word.space && line > 0 ? 1 : 0);
    whole = Math.max(whole, line);
  }
  return { whole, word: Math.max(0, ...words.map((one) => displayWidth(one.text))) };
}

/** Words on lines of at most `width` columns; a longer word stands alone and sticks out, so that it can be copied. */
export function wrap(words: readonly Word[], width: number, paint: Paint): Wrapped[] {
  const lines: Wrapped[] = [{ text: "", width: 0 }];
  for (const word of words) {
    const columns = displayWidth(word.text);
    const painted = word.style === undefined ? word.text : paint(word.style, word.text);
    const last = lines.at(-1) ?? { text: "", width: 0 };
    const gap = word.space && last.width > 0 ? 1 : 0;
    if (last.width > 0 && (word.breaks || (word.space && last.width + gap + columns > width))) {
      lines.push({ text: painted, width: columns });
    } else {
      last.text += (gap === 1 ? " " : "") + painted;
      last.width += gap + columns;
    }
  }
  return lines;
}
