import { UserError } from "../errors.ts";
import { duration, lastingPattern } from "../model/duration.ts";
import { instant } from "../model/names.ts";
import { readTime, timeForms } from "./read-time.ts";

const day = /^\d{4}-\d{2}-\d{2}$/;
const begun = /^\d{4}-\d{2}-\d{2}[Tt ]/;

/**
 * A time that has passed, as {@link readTime} reads it; a distance goes back. Undefined: the text is none, nor looks like
 * one. A time without a zone is refused: it is another one on each machine, and twice a year it is two or none.
 *
 * @param now milliseconds since the epoch
 * @returns milliseconds since the epoch
 * @throws UserError `input/time`
 */
export async function pastTime(text: string, now: number): Promise<number | undefined> {
  if (!lastingPattern.test(text) && !begun.test(text)) return undefined;
  const at = Date.parse(await readTime(text, now, "ago"));
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
export async function pastSpanEnd(text: string, end: "since" | "until", now: number): Promise<number> {
  if (day.test(text)) return instant(`${text}T00:00:00Z`) + (end === "until" ? duration("1d") : 0);
  const at = await pastTime(text, now);
  if (at !== undefined) return end === "until" ? at + 1 : at;
  throw new UserError("input/time", `${JSON.stringify(text)} is not a time.`, {
    seen: text,
    fix: `Give a date in UTC, ${timeForms}.`,
  });
}
