import { RRuleTemporal } from "rrule-temporal";
import { Temporal } from "temporal-polyfill";
import { type Hours, weekdays } from "./hours.ts";
import { ruleParts, untilMilliseconds } from "./recurrence-rule.ts";
import { remembered, type Span, type Spans } from "./span.ts";
import type { Recurring, Times } from "./times.ts";

// Times on the clocks of places, and when those are. This file alone needs the libraries that know, and is loaded when
// a config has such times.

/** Longer than any two clocks of the world differ, and than any clock is ever set forward or back. */
const anyOffset = 2 * 86_400_000;
/** Where a rule begins that does not say: a Monday, and a first of January. */
const longAgo = "2001-01-01";

/** When the times of an entry are. */
export function spansOf(entry: Times): Spans {
  return "rule" in entry ? recurringSpans(entry) : singleSpan(entry);
}

/**
 * A time on the clock that does not exist, since the clock was set forward over it, is as much later; one that comes
 * twice is the first of them: RFC 5545, section 3.3.5. Section 3.3.10 would leave out the former, and a freeze with it.
 */
const instantOf = (local: Temporal.PlainDateTime, zone: string): Temporal.ZonedDateTime =>
  local.toZonedDateTime(zone, { disambiguation: "compatible" });

function singleSpan({ start, end, zone }: Exclude<Times, Recurring>): Spans {
  const at = (text: string) => instantOf(Temporal.PlainDateTime.from(text), zone).epochMilliseconds;
  const span = { start: at(start), end: at(end) };
  return () => (span.start < span.end ? [span] : []);
}

/** Near first: days and weeks are the same again after 400 years. */
const years = [1, 10, 100, 400];

/** Whether a rule ever starts, also when that was long ago: 30 February does not. */
export function everStarts({ rule, start = longAgo }: Recurring): boolean {
  const clock = clockOf(rule, start);
  const first = Temporal.PlainDateTime.from(start).toZonedDateTime("UTC");
  return years.some((reach) => {
    const last = first.add({ years: reach }).epochMilliseconds;
    return clock.between(new Date(first.epochMilliseconds), new Date(last), true).length > 0;
  });
}

/**
 * A rule without its UNTIL, expanded as what clocks show, as if they showed UTC: only then is it known what a clock does
 * not show.
 */
function clockOf(rule: string, start: string): RRuleTemporal {
  const first = Temporal.PlainDateTime.from(start).toString().replace(/[-:]/g, "");
  return new RRuleTemporal({
    rruleString: `DTSTART;TZID=UTC:${first}\nRRULE:${rule.replace(/;UNTIL=[^;]*|UNTIL=[^;]*;/, "")}`,
  });
}

function recurringSpans({ rule, for: lasts, zone, start = longAgo }: Recurring): Spans {
  const until = ruleParts(rule).get("UNTIL")?.[0];
  const end = until === undefined ? Number.POSITIVE_INFINITY : untilMilliseconds(until);
  const clock = clockOf(rule, start);
  const length = durationOf(lasts);
  const longest = length.total({ unit: "milliseconds", relativeTo: Temporal.PlainDate.from(longAgo) }) + anyOffset;
  const starting: Spans = (within) =>
    clock.between(new Date(within.start - anyOffset), new Date(within.end + anyOffset), true).flatMap((shown) => {
      const begins = instantOf(Temporal.PlainDateTime.from(shown.toPlainDateTime().toString()), zone);
      const span = { start: begins.epochMilliseconds, end: begins.add(length).epochMilliseconds };
      return span.start <= end && span.start >= within.start && span.start < within.end ? [span] : [];
    });
  return remembered(starting, longest);
}

/** Days and weeks of the calendar, of 23 or 25 hours where a clock is set; hours are always as long. */
function durationOf(text: string): Temporal.Duration {
  const units = { w: "weeks", d: "days", h: "hours", m: "minutes", s: "seconds" } as const;
  const length: Partial<Record<(typeof units)[keyof typeof units], number>> = {};
  for (const [, count, unit] of text.matchAll(/(\d+)([wdhms])/g)) {
    const name = units[unit as keyof typeof units];
    length[name] = (length[name] ?? 0) + Number(count);
  }
  return Temporal.Duration.from(length);
}

/** The hours of each of their days. */
export function hoursSpans({ days, from, to, zone }: Hours): Spans {
  const dateOf = (at: number) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
  const at = (date: Temporal.PlainDate, time: string) =>
    time === "24:00"
      ? instantOf(date.add({ days: 1 }).toPlainDateTime(), zone).epochMilliseconds
      : instantOf(date.toPlainDateTime(time), zone).epochMilliseconds;
  const starting: Spans = (within) => {
    const spans: Span[] = [];
    const last = dateOf(within.end);
    for (let date = dateOf(within.start); Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 })) {
      const weekday = weekdays[date.dayOfWeek - 1];
      if (weekday === undefined || !days.includes(weekday)) continue;
      const span = { start: at(date, from), end: at(date, to) };
      if (span.start < span.end && span.start >= within.start && span.start < within.end) spans.push(span);
    }
    return spans;
  };
  return remembered(starting, anyOffset);
}
