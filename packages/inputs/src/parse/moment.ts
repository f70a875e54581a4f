import { duration, instant, type Timestamp, timestamp, UserError } from "@glu/core";

/**
 * A point in time as a person gives it: RFC 3339, or a distance from now such as `2h` (`from` for `--until` of a hold,
 * `ago` for the filters of a list).
 *
 * @param now milliseconds since the epoch
 * @throws UserError `input/time`
 */
export function moment(value: string, now: number, direction: "ago" | "from"): Timestamp {
  if (!/^(?:\d{1,6}[smhdw])+$/.test(value)) {
    if (/^\d{4}-\d{2}-\d{2}T\S+(?:Z|[+-]\d{2}:\d{2})$/.test(value)) return timestamp(instant(value));
    throw new UserError("input/time", `${JSON.stringify(value)} is not a time.`, {
      seen: value,
      fix: "Give RFC 3339 with its zone, such as 2026-11-21T07:00:00Z, or a distance from now such as 2h or 7d.",
    });
  }
  const at = direction === "ago" ? now - duration(value) : now + duration(value);
  if (Math.abs(at) > 8.64e15) {
    throw new UserError("input/time", `${JSON.stringify(value)} is beyond any calendar.`, {
      seen: value,
      fix: "Give less.",
    });
  }
  return timestamp(at);
}
