import { formatDuration } from "@glu/core";

/** `2026-11-21 09:30 UTC`; what is not a time is shown as it is. */
export function day(time: string | number): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return String(time);
  const iso = at.toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** `3h 20m ago`, `in 25m`, `now`: in at most two units. */
export function relative(time: string, now: number): string | undefined {
  const distance = Date.parse(time) - now;
  if (Number.isNaN(distance)) return undefined;
  if (Math.abs(distance) < 1000) return "now";
  return distance < 0 ? `${formatDuration(-distance)} ago` : `in ${formatDuration(distance)}`;
}

/** The clock time, with the date unless it is today's, and how far away: summaries outlive the day they were made. */
export function moment(time: string, now: number): string {
  const distance = relative(time, now);
  if (distance === undefined) return time;
  const full = day(time);
  const text = full.slice(0, 10) === day(now).slice(0, 10) ? full.slice(11) : full;
  return `${text}, ${distance}`;
}
