import { z } from "zod";
import { checked } from "../gates/option.ts";
import { type Span, type Spans, union } from "./span.ts";
import { timeZone } from "./time-zone.ts";

export const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
const workdays = weekdays.slice(0, 5);

const time = (pattern: RegExp, description: string) =>
  z.string().regex(pattern, "must be a time such as 09:00").describe(description);

/** The hours that count, on the clock of a place. */
export const hours = checked(
  z
    .strictObject({
      days: z
        .array(z.enum(weekdays))
        .min(1, "must not be empty")
        .describe("The days that count, such as [MO, TU, WE, TH, FR], which is the default.")
        .default(workdays),
      from: time(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "When they begin on each of these days, such as 09:00."),
      to: time(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, "When they end on the same day, such as 17:00; at most 24:00."),
      zone: timeZone,
    })
    .describe("The hours that count, such as { from: 09:00, to: 17:00, zone: Europe/Berlin }."),
  ({ from, to }) =>
    from < to
      ? undefined
      : {
          code: "config/value",
          key: "to",
          message: "must be after the beginning on the same day",
          fix: "Write a later time.",
        },
);
export type Hours = z.output<typeof hours>;

/** How much of a week counts, in milliseconds, where no clock is set. */
export function perWeek({ days, from, to }: Hours): number {
  const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  return new Set(days).size * (minutes(to) - minutes(from)) * 60_000;
}

/** Time as it counts: all of it, or certain hours. In milliseconds, and since the epoch. */
export interface Passing {
  /** How much of a time has counted. */
  between(since: number, until: number): number;
  /** When so much of it has counted; never, when that takes longer than a life. */
  after(since: number, wait: number): number;
}

export const everyHour: Passing = {
  between: (since, until) => Math.max(0, until - since),
  after: (since, wait) => since + wait,
};

const week = 7 * 86_400_000;
/** No wait that a config may have takes as long. */
const mostWeeks = 520;

/** The time within spans. */
export function passingIn(spans: Spans): Passing {
  const within = (span: Span) => union(spans(span), span);
  const between = (start: number, end: number) =>
    start >= end ? 0 : within({ start, end }).reduce((sum, span) => sum + span.end - span.start, 0);
  const after = (since: number, wait: number) => {
    let left = wait;
    for (let weeks = 0; weeks < mostWeeks; weeks++) {
      const start = since + weeks * week;
      for (const span of within({ start, end: start + week })) {
        if (span.end - span.start >= left) return span.start + left;
        left -= span.end - span.start;
      }
    }
    return Number.POSITIVE_INFINITY;
  };
  return { between, after };
}
