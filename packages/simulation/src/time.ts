import { duration, instant, timestamp, UserError } from "@glu/core";

const distance = /^(?:\d{1,6}[smhdw])+$/;

/** The last time that a date can say. */
const latest = 8.64e15;

/**
 * A time as an event gives it: RFC 3339, or a distance such as `2h` from a time. Milliseconds since the epoch.
 * @throws UserError `input/time`
 */
export function timeAfter(value: string, from: number): number {
  const at = distance.test(value) ? from + duration(value) : instant(value);
  if (at <= latest) return at;
  throw new UserError("input/time", `${JSON.stringify(value)} is beyond any calendar.`, {
    seen: value,
    fix: "Give less.",
  });
}

/** The end of a hold; undefined: when somebody lifts it. */
export const endOf = (until: string | undefined, now: number): string | undefined =>
  until === undefined ? undefined : timestamp(timeAfter(until, now));
