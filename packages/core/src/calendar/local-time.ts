import { z } from "zod";
import { checked } from "../gates/option.ts";

const pattern = /^(\d{4})-(\d{2})-(\d{2})(?:T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?)?$/;

/**
 * A time on the clock of a place, as RFC 3339 writes it, without offset and with or without seconds; a day alone is its
 * midnight.
 */
export function localTime(description: string) {
  return checked(z.string().describe(description).meta({ pattern: pattern.source }), (text) => {
    if (Number.isFinite(localMilliseconds(text))) return undefined;
    return {
      code: "config/local-time",
      message: "is not a time on the clock",
      fix: "Write 2026-12-24 or 2026-12-24T18:00, without Z or offset: the zone says where.",
    };
  });
}

/** The time as if the clock showed UTC, in milliseconds since the epoch: to compare such times. NaN when it is none. */
export function localMilliseconds(text: string): number {
  const [year, month, day, hour, minute, second] = (pattern.exec(text) ?? []).slice(1).map((part) => Number(part ?? 0));
  if (year === undefined || month === undefined || day === undefined) return Number.NaN;
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  // 30 February would be taken for 2 March, and year 50 for 1950.
  const date = new Date(time);
  const isSame = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isSame ? time : Number.NaN;
}
