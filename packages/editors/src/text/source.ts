import type { Bytes } from "@glu/core";
import { refuse } from "../refusal.ts";

export type Eol = "\n" | "\r\n";

/** A text file: what follows its byte order mark, and whether there is one. */
export interface Source {
  bom: boolean;
  text: string;
}

const bomChar = "\ufeff";

/** Decodes UTF-8 without loss. Refuses with `edit/encoding` what would not come back as the same bytes. */
export function decode(bytes: Bytes): Source {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return refuse("edit/encoding", "The file is not valid UTF-8.", { fix: "Save it as UTF-8." });
  }
  const nul = text.indexOf("\0");
  if (nul !== -1) {
    refuse("edit/encoding", "The file has a NUL character: it is binary or UTF-16, not UTF-8 text.", {
      line: lineAt(text, nul),
      fix: "Save it as UTF-8.",
    });
  }
  return text.startsWith(bomChar) ? { bom: true, text: text.slice(1) } : { bom: false, text };
}

export function encode({ bom, text }: Source): Bytes {
  return new TextEncoder().encode(bom ? bomChar + text : text);
}

/** Refuses a value, or the key of one, that UTF-8 cannot hold (half of a surrogate pair). */
export function checkValue(value: string): void {
  if (/\p{Cs}/u.test(value)) {
    refuse("edit/encoding", `The value ${JSON.stringify(value)} is not valid Unicode.`, {
      fix: "Look where the value comes from: it was cut in the middle of a character.",
    });
  }
}

/** The 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}

/** Where the line of `offset` begins. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

/** Where the line of `offset` ends, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  if (end === -1) return text.length;
  return end > offset && text[end - 1] === "\r" ? end - 1 : end;
}

/** The line break the file uses: that of the line at `offset`, else the file's first, else LF. */
export function eolAt(text: string, offset: number): Eol {
  const here = text.indexOf("\n", offset);
  const at = here === -1 ? text.indexOf("\n") : here;
  return at > 0 && text[at - 1] === "\r" ? "\r\n" : "\n";
}
