import { type Given, givenValues } from "./given.ts";

/**
 * One value per element. A text (Actions, GitLab) is split by line, and by comma where the list is one of names; the
 * values of a repeated flag (an array) are split by comma only. Blank parts fall away.
 *
 * A text that is one JSON object or array of objects is kept whole, or taken apart by element: `toJSON()` on GitHub
 * writes JSON over several lines.
 */
export function splitList(given: Given, separator: "comma" | "line"): string[] {
  return givenValues(given).flatMap((value) => {
    if (separator === "line") return typeof given === "string" ? (objects(value) ?? parts(value, /\r?\n/)) : [value];
    return parts(value, /[\r\n,]+/);
  });
}

function parts(value: string, at: RegExp): string[] {
  return value
    .split(at)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function objects(value: string): string[] | undefined {
  if (!/^\s*[{[]/.test(value)) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    // Not JSON as a whole: one object per line, or something that the reader of the value will refuse with its reason.
    return undefined;
  }
  return (Array.isArray(parsed) ? parsed : [parsed]).map((element) => JSON.stringify(element));
}
