import { formatDuration } from "@glu/core";
import { type Line, lineBreak, muted } from "./document.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Words that stay on one line where lines are wrapped. */
export const together = (text: string): string => text.replaceAll(" ", "\u00a0");

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
  return together(distance < 0 ? `${formatDuration(-distance)} ago` : `in ${formatDuration(distance)}`);
}

/** How far away it is, and below it the time, with the date unless it is today's: summaries outlive their day. */
export function moment(time: string, now: number): Line {
  const distance = relative(time, now);
  return distance === undefined ? [time] : [distance, lineBreak, muted(together(clock(new Date(time), new Date(now))))];
}

/** `08:50 UTC`, `20 Nov 08:30 UTC`, `20 Nov 2025 08:30 UTC` */
function clock(at: Date, now: Date): string {
  const time = `${at.toISOString().slice(11, 16)} UTC`;
  if (at.toISOString().slice(0, 10) === now.toISOString().slice(0, 10)) return time;
  const date = `${at.getUTCDate()} ${months[at.getUTCMonth()]}`;
  return at.getUTCFullYear() === now.getUTCFullYear() ? `${date} ${time}` : `${date} ${at.getUTCFullYear()} ${time}`;
}
