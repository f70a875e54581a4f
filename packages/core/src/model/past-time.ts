import { UserError } from "../errors.ts";
import { duration, lastingPattern } from "./duration.ts";
import { instant } from "./names.ts";

const day = /^\d{4}-\d{2}-\d{2}$/;
const begun = /^\d{4}-\d{2}-\d{2}[Tt ]/;
const zoned = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/**
 * A time that has passed, as people give it: RFC 3339 with its zone, or a distance back such as `2h`. Undefined: the text
 * is neither, nor looks like one. A time without a zone is refused: it is another one on each machine, and twice a year
 * it is two or none.
 *
 * @param now milliseconds since the epoch
 * @returns milliseconds since the epoch
 * @throws UserError `input/time`
 */
export function pastTime(text: string, now: number): number | undefined {
  if (lastingPattern.test(text)) return now - duration(text);
  if (!begun.test(text)) return undefined;
  if (!zoned.test(text)) {
    throw new UserError("input/time", `${JSON.stringify(text)} has no zone, or is no time.`, {
      seen: text,
      fix: "Give RFC 3339 with its zone, such as 2026-11-21T07:00:00Z or 2026-11-21T08:00:00+01:00, or a distance back such as 2h.",
    });
  }
  const at = instant(text.toUpperCase());
  if (at <= now) return at;
  throw new UserError("input/time", `${text} has not come yet.`, { seen: text, fix: "Give a time that has passed." });
}

/**
 * One end of a span of time that has passed. A date alone means that whole day in UTC: the span begins with it, or ends
 * after it.
 *
 * @param now milliseconds since the epoch
 * @returns milliseconds since the epoch; of the end, the first that is no longer in it
 * @throws UserError `input/time`
 */
export function pastSpanEnd(text: string, end: "since" | "until", now: number): number {
  if (day.test(text)) return instant(`${text}T00:00:00Z`) + (end === "until" ? duration("1d") : 0);
  const at = pastTime(text, now);
  if (at !== undefined) return end === "until" ? at + 1 : at;
  throw new UserError("input/time", `${JSON.stringify(text)} is not a time.`, {
    seen: text,
    fix: "Give RFC 3339 with its zone, such as 2026-11-21T07:00:00Z, a date in UTC, or a distance back such as 2d.",
  });
}
