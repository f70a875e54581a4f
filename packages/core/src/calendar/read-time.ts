import { UserError } from "../errors.ts";
import { duration } from "../model/duration.ts";
import { instant, type Timestamp, timestamp } from "../model/names.ts";

const withOffset = /^\d{4}-\d{2}-\d{2}T\S+(?:Z|[+-]\d{2}:\d{2})$/;
/** What the clock of a place shows, by RFC 9557, with or without seconds and offset. */
const withZone = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?\[!?[^\]=]+\]$/;

/** The form of both, for schemas. Whether there is such a time, {@link readTime} tells. */
export const timePattern =
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:(?:Z|[+-]\d{2}:\d{2})?\[!?[^\]=]+\]|Z|[+-]\d{2}:\d{2})$/;

/** What is said of a text that is none of these. */
export const timeForms =
  "RFC 3339 with its offset, such as 2026-11-21T07:00:00Z, the clock of a place, such as 2026-11-21T08:00[Europe/Berlin], or a duration such as 2h or 7d";

/**
 * A point in time as a person gives it: RFC 3339; what the clock of a place shows (RFC 9557); or a distance from now such
 * as `2h`, ahead (`from`, when a hold ends) or back (`ago`, what is looked for). What a clock does not show since it was
 * set forward, or shows twice since it was set back, is refused: who asks says which is meant.
 *
 * @param now milliseconds since the epoch
 * @throws UserError `input/time`
 */
export async function readTime(value: string, now: number, direction: "ago" | "from"): Promise<Timestamp> {
  if (withOffset.test(value)) return timestamp(instant(value));
  if (withZone.test(value)) {
    const { clockInstant } = await import("./clock-instant.ts");
    return timestamp(clockInstant(value));
  }
  if (!/^(?:\d{1,6}[smhdw])+$/.test(value)) {
    throw new UserError("input/time", `${JSON.stringify(value)} is not a time.`, {
      seen: value,
      fix: `Give ${timeForms}.`,
    });
  }
  const at = direction === "ago" ? now - duration(value) : now + duration(value);
  if (Math.abs(at) <= 8.64e15) return timestamp(at);
  throw new UserError("input/time", `${JSON.stringify(value)} is beyond any calendar.`, {
    seen: value,
    fix: "Give less.",
  });
}
