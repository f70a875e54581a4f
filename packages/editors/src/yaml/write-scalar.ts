import { readsAsString } from "./resolved-type.ts";

export type Quotes = "plain" | "single" | "double";

export interface ScalarContext {
  /** Inside `{}` or `[]`. */
  inFlow: boolean;
  /** The style to keep when the value can be written in it. */
  prefer: Quotes;
}

// c-printable of YAML 1.2.2 without line breaks; what is not in it must be escaped.
const unprintable = /[^\t\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;
const indicator = /^[-?:,[\]{}#&*!|>'"%@`]/;

/** A string as a flow scalar on one line: in the preferred style if it is then read as this very string, else quoted. */
export function writeScalar(value: string, { inFlow, prefer }: ScalarContext): string {
  if (prefer === "plain" && canBePlain(value, inFlow)) return value;
  if (prefer === "single" && !unprintable.test(value) && !value.includes("\t"))
    return `'${value.replaceAll("'", "''")}'`;
  return writeDouble(value);
}

/** Whether a value can stand without quotes and is a string for YAML 1.1 and 1.2 parsers alike. */
export function canBePlain(value: string, inFlow: boolean): boolean {
  if (value === "" || value.trim() !== value || indicator.test(value) || value.startsWith("...")) return false;
  if (unprintable.test(value) || value.includes("\t")) return false;
  if (/: |:$| #/.test(value)) return false;
  // Not all parsers agree about ':' and '?' in flow collections.
  if (inFlow && /[,[\]{}?:]/.test(value)) return false;
  return readsAsString(value);
}

/** A key of a map that is to be read as this very string. */
export function writeKey(key: string, inFlow: boolean, quoted: boolean): string {
  return writeScalar(key, { inFlow, prefer: quoted ? "double" : "plain" });
}

function writeDouble(value: string): string {
  // JSON's escapes are YAML's too (YAML 1.2.2, section 5.7).
  const escaped = JSON.stringify(value);
  return Array.from(escaped, (char) => (unprintable.test(char) ? unicodeEscape(char) : char)).join("");
}

function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
