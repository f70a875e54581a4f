import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { passingIn, perWeek } from "./hours.ts";
import type { Times } from "./times.ts";
import { windowAt } from "./window.ts";
import { hoursSpans, spansOf } from "./zoned.ts";

/** The spans of an entry that reach into some days, as UTC. */
function shown(entry: Times, from: string, to: string): string[] {
  const within = { start: Date.parse(`${from}T00:00Z`), end: Date.parse(`${to}T00:00Z`) };
  const brief = (at: number) => new Date(at).toISOString().slice(5, 16);
  return spansOf(entry)(within).map(({ start, end }) => `${brief(start)} ${brief(end)}`);
}

const daily = (hour: number, minute: number, lasts: string, zone: string): Times => ({
  rule: `FREQ=DAILY;BYHOUR=${hour};BYMINUTE=${minute}`,
  for: lasts,
  zone,
});

describe("times on clocks that are set", () => {
  it.each([
    // Forward: Berlin 29 March 2026 from 2:00 to 3:00, New York 8 March from 2:00 to 3:00, Lord Howe 4 October by half an hour.
    [
      "a start that does not exist is as much later",
      daily(2, 30, "1h", "Europe/Berlin"),
      "2026-03-29",
      "03-29T01:30 03-29T02:30",
    ],
    [
      "a start that does not exist is as much later",
      daily(2, 30, "1h", "America/New_York"),
      "2026-03-08",
      "03-08T07:30 03-08T08:30",
    ],
    [
      "a start that does not exist is as much later",
      daily(2, 15, "1h", "Australia/Lord_Howe"),
      "2026-10-03",
      "10-03T15:45 10-03T16:45",
    ],
    // Back: Berlin 25 October 2026 from 3:00 to 2:00, New York 1 November from 2:00 to 1:00, Lord Howe 5 April by half an hour.
    [
      "a start that comes twice is the first",
      daily(2, 30, "1h", "Europe/Berlin"),
      "2026-10-25",
      "10-25T00:30 10-25T01:30",
    ],
    [
      "a start that comes twice is the first",
      daily(1, 30, "1h", "America/New_York"),
      "2026-11-01",
      "11-01T05:30 11-01T06:30",
    ],
    [
      "a start that comes twice is the first",
      daily(1, 45, "1h", "Australia/Lord_Howe"),
      "2026-04-04",
      "04-04T14:45 04-04T15:45",
    ],
    [
      "hours are as long as ever when a clock goes forward",
      daily(22, 0, "8h", "Europe/Berlin"),
      "2026-03-28",
      "03-28T21:00 03-29T05:00",
    ],
    [
      "hours are as long as ever when a clock goes back",
      daily(22, 0, "8h", "Europe/Berlin"),
      "2026-10-24",
      "10-24T20:00 10-25T04:00",
    ],
    ["a day has 23 hours", daily(0, 0, "1d", "Europe/Berlin"), "2026-03-29", "03-28T23:00 03-29T22:00"],
    ["a day has 25 hours", daily(0, 0, "1d", "America/New_York"), "2026-11-01", "10-31T04:00 11-01T04:00"],
    [
      "a day has 24 and a half hours",
      daily(0, 0, "1d", "Australia/Lord_Howe"),
      "2026-04-05",
      "04-04T13:00 04-05T13:30",
    ],
    [
      "a week over the change is one of the calendar",
      { rule: "FREQ=WEEKLY;BYDAY=SA;BYHOUR=12", for: "1w", zone: "Europe/Berlin" },
      "2026-03-28",
      "03-21T11:00 03-28T11:00",
    ],
    ["half an hour's offset is kept", daily(9, 0, "7h", "Asia/Kolkata"), "2026-06-01", "06-01T03:30 06-01T10:30"],
  ] satisfies [string, Times, string, string][])("%s: %j", (_, entry, day, span) => {
    const next = new Date(Date.parse(`${day}T00:00Z`) + 86_400_000).toISOString().slice(0, 10);
    expect(shown(entry, day, next)).toContain(span);
  });

  it.each([
    ["Europe/Berlin", "2026-03-29T02:30", "2026-03-29T03:45", "03-29T01:30 03-29T01:45"],
    ["Europe/Berlin", "2026-12-19", "2027-01-04", "12-18T23:00 01-03T23:00"],
    ["America/New_York", "2026-11-01T00:30", "2026-11-01T01:30", "11-01T04:30 11-01T05:30"],
    ["Asia/Kolkata", "2026-12-24", "2026-12-25", "12-23T18:30 12-24T18:30"],
    ["UTC", "2026-12-24T10:00:30", "2026-12-24T10:01", "12-24T10:00 12-24T10:01"],
  ])("a time in %s that comes once is from %s to %s", (zone, start, end, span) => {
    expect(shown({ start, end, zone }, "2026-01-01", "2028-01-01")).toEqual([span]);
  });

  it("a time whose end the clock skips before its start is none", () => {
    const entry = { start: "2026-03-29T02:45", end: "2026-03-29T03:00", zone: "Europe/Berlin" };
    expect(shown(entry, "2026-01-01", "2028-01-01")).toEqual([]);
  });

  it("start again from where it is said, as often as it is said, until it is said", () => {
    const base = { for: "1h", zone: "Asia/Kolkata", start: "2026-01-06T09:00" };
    const starts = (rule: string) =>
      shown({ ...base, rule }, "2026-01-01", "2026-02-20").map((one) => one.slice(0, 11));
    expect(starts("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")).toEqual([
      "01-06T03:30",
      "01-20T03:30",
      "02-03T03:30",
      "02-17T03:30",
    ]);
    expect(starts("FREQ=WEEKLY;COUNT=2")).toEqual(["01-06T03:30", "01-13T03:30"]);
    expect(starts("FREQ=WEEKLY;UNTIL=20260113T033000Z")).toEqual(["01-06T03:30", "01-13T03:30"]);
    expect(starts("UNTIL=20260113T032959Z;FREQ=WEEKLY")).toEqual(["01-06T03:30"]);
  });
});

const zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"];
const zone = fc.constantFrom(...zones);
const moment = fc
  .integer({ min: Date.UTC(2026, 0, 1) / 60_000, max: Date.UTC(2027, 11, 31) / 60_000 })
  .map((at) => at * 60_000);

it("a start is what a clock of the place shows, on each of its days of a year", () => {
  const days = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
  const shownIn = (timeZone: string) =>
    new Intl.DateTimeFormat("en", { timeZone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  fc.assert(
    fc.property(
      fc.constantFrom(...days),
      fc.integer({ min: 3, max: 23 }),
      fc.nat(59),
      zone,
      (weekday, hour, minute, where) => {
        const rule = `FREQ=WEEKLY;BYDAY=${weekday};BYHOUR=${hour};BYMINUTE=${minute}`;
        const year = { start: Date.UTC(2026, 0, 1), end: Date.UTC(2026, 11, 31) };
        const starts = spansOf({ rule, for: "1m", zone: where })(year);
        expect(starts.length).toBe(52);
        const clock = shownIn(where);
        const pad = (number: number) => String(number).padStart(2, "0");
        for (const { start } of starts) {
          expect(clock.format(start).toUpperCase()).toMatch(new RegExp(`^${weekday}.*${pad(hour)}:${pad(minute)}$`));
        }
      },
    ),
    { numRuns: 30 },
  );
});

describe("a window", () => {
  const entry = fc.oneof(
    fc
      .record({
        days: fc.subarray(["MO", "TU", "WE", "TH", "FR", "SA", "SU"], { minLength: 1 }),
        hour: fc.nat(23),
        lasts: fc.constantFrom("30m", "7h", "1d", "26h", "2d12h"),
        zone,
      })
      .map(
        ({ days, hour, lasts, zone }): Times => ({
          rule: `FREQ=WEEKLY;BYDAY=${days.join(",")};BYHOUR=${hour}`,
          for: lasts,
          zone,
        }),
      ),
    fc.record({ at: moment, days: fc.integer({ min: 1, max: 20 }), zone }).map(({ at, days, zone }): Times => {
      const local = (time: number) => new Date(time).toISOString().slice(0, 16);
      return { start: local(at), end: local(at + days * 86_400_000), zone };
    }),
  );
  const entries = fc.array(entry, { minLength: 1, maxLength: 3 });

  const between = (from: number, to: number) =>
    Array.from({ length: 20 }, (_, index) => from + Math.floor(((to - from) * index) / 20));

  it("is open exactly in what is allowed and not blocked, and says when it closed and when it opens", () => {
    fc.assert(
      fc.property(
        fc.option(entries, { nil: undefined }),
        fc.array(entry, { maxLength: 3 }),
        moment,
        (allow, block, now) => {
          const spans = { allow: allow?.map(spansOf), block: block.map(spansOf) };
          const isOpen = (at: number) => {
            const covers = (one: (typeof spans.block)[number]) =>
              one({ start: at - 1, end: at + 1 }).some(({ start, end }) => start <= at && at < end);
            return (spans.allow === undefined || spans.allow.some(covers)) && !spans.block.some(covers);
          };
          const state = windowAt(spans, now);
          expect(state.open).toBe(isOpen(now));
          if (state.open) return;
          const { since, opensAt } = state;
          if (opensAt !== undefined) {
            expect(opensAt).toBeGreaterThan(now);
            expect([isOpen(opensAt - 1), isOpen(opensAt)]).toEqual([false, true]);
            for (const at of between(now, opensAt)) expect(isOpen(at)).toBe(false);
          }
          if (since !== undefined) {
            expect(since).toBeLessThanOrEqual(now);
            expect([isOpen(since - 1), isOpen(since)]).toEqual([true, false]);
            for (const at of between(since, now)) expect(isOpen(at)).toBe(false);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("that never opens says no time", () => {
    const never = spansOf({ rule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", for: "1d", zone: "UTC" });
    expect(windowAt({ allow: [never], block: [] }, Date.UTC(2026, 0, 1))).toEqual({
      open: false,
      since: undefined,
      opensAt: undefined,
    });
  });

  it("finds a day that comes every four years", () => {
    const leap = spansOf({ rule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", for: "1d", zone: "UTC" });
    expect(windowAt({ allow: [leap], block: [] }, Date.UTC(2026, 0, 1))).toEqual({
      open: false,
      since: Date.UTC(2024, 2, 1),
      opensAt: Date.UTC(2028, 1, 29),
    });
  });
});

describe("hours that count", () => {
  const workdays = ["MO", "TU", "WE", "TH", "FR"] as const;
  const berlin = { days: [...workdays], from: "09:00", to: "17:00", zone: "Europe/Berlin" };
  const at = (text: string) => Date.parse(`${text}Z`);
  const hour = 3_600_000;

  it.each([
    ["within a day", berlin, "2026-11-23T09:00", 4, "2026-11-23T13:00"],
    ["from before they begin", berlin, "2026-11-23T01:00", 1, "2026-11-23T09:00"],
    ["to the very end of a day", berlin, "2026-11-23T08:00", 8, "2026-11-23T16:00"],
    ["over a night", berlin, "2026-11-23T15:00", 4, "2026-11-24T11:00"],
    ["over a weekend", berlin, "2026-11-27T15:30", 1, "2026-11-30T08:30"],
    ["over a weekend on which the clock goes back", berlin, "2026-10-23T14:00", 2, "2026-10-26T09:00"],
    ["over a weekend on which the clock goes forward", berlin, "2026-03-27T15:00", 2, "2026-03-30T08:00"],
    [
      "over midnight to the next day's",
      { days: ["SA" as const, "SU" as const], from: "20:00", to: "24:00", zone: "America/New_York" },
      "2026-11-01T03:00",
      2,
      "2026-11-02T02:00",
    ],
    [
      "over an hour that does not exist",
      { days: ["SU" as const], from: "01:00", to: "04:00", zone: "Europe/Berlin" },
      "2026-03-29T00:00",
      3,
      "2026-04-05T00:00",
    ],
    [
      "over an hour that comes twice",
      { days: ["SU" as const], from: "01:00", to: "04:00", zone: "Europe/Berlin" },
      "2026-10-24T23:00",
      4,
      "2026-10-25T03:00",
    ],
    ["with half an hour's offset", { ...berlin, zone: "Asia/Kolkata" }, "2026-11-23T11:00", 1, "2026-11-24T04:00"],
  ])("pass %s", (_, hours, since, wait, end) => {
    const passing = passingIn(hoursSpans(hours));
    const cleared = passing.after(at(since), wait * hour);
    expect(new Date(cleared).toISOString().slice(0, 16)).toBe(end);
    expect(passing.between(at(since), cleared)).toBe(wait * hour);
    expect(passing.between(at(since), cleared - 1)).toBeLessThan(wait * hour);
  });

  it("have passed exactly when it is said, never before", () => {
    const hours = fc.record({
      days: fc.subarray(["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const, { minLength: 1 }),
      from: fc.constantFrom("00:00", "01:30", "02:00", "09:00"),
      to: fc.constantFrom("09:30", "12:00", "24:00"),
      zone,
    });
    fc.assert(
      fc.property(hours, moment, fc.integer({ min: 1, max: 4 * 7 * 24 * 60 }), (counted, since, minutes) => {
        const wait = Math.min(minutes * 60_000, 4 * perWeek(counted));
        const passing = passingIn(hoursSpans(counted));
        const cleared = passing.after(since, wait);
        expect(passing.between(since, cleared)).toBe(wait);
        expect(passing.between(since, cleared - 1)).toBe(wait - 1);
      }),
    );
  });
});
