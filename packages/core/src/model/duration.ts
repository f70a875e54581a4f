import { UserError } from "../errors.ts";

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/**
 * A time that something has to last, as the config writes it: more than none, and short enough that its end has a date.
 * As a pattern, so that the published schema says the same.
 */
export const lastingPattern = /^(?=.*[1-9])(?:\d{1,6}[smhdw]){1,5}$/;

/** `90s`, `30m`, `2h`, `1d`, `1w`, and sums of them such as `1h30m`, in milliseconds. */
export function duration(value: string): number {
  if (!/^(?:\d+[smhdw])+$/.test(value)) {
    throw new UserError("input/duration", `${JSON.stringify(value)} is not a duration.`, {
      seen: value,
      fix: "Write a number and a unit: 90s, 30m, 2h, 1d, 1w, or a sum such as 1h30m.",
    });
  }
  let total = 0;
  for (const [, count, unit] of value.matchAll(/(\d+)([smhdw])/g)) {
    total += Number(count) * units[unit as keyof typeof units];
  }
  return total;
}

/** Milliseconds for a reader, in at most two units: `2d 3h`, `5m`, `12s`. */
export function formatDuration(milliseconds: number): string {
  let rest = Math.max(0, Math.round(milliseconds / 1000)) * 1000;
  const parts: string[] = [];
  for (const unit of ["d", "h", "m", "s"] as const) {
    const count = Math.floor(rest / units[unit]);
    rest -= count * units[unit];
    if (count > 0) parts.push(`${count}${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? "0s" : parts.join(" ");
}
