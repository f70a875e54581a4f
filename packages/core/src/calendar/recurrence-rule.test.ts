import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ruleMistake, untilMilliseconds } from "./recurrence-rule.ts";
import { spansOf } from "./zoned.ts";

describe("a recurrence rule", () => {
  it.each([
    "FREQ=DAILY",
    "FREQ=DAILY;BYHOUR=9,12;BYMINUTE=30",
    "BYDAY=MO;FREQ=WEEKLY",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
    "FREQ=WEEKLY;BYDAY=SU;WKST=SU;UNTIL=20261231T230000Z",
    "FREQ=MONTHLY;BYDAY=1MO,-1FR",
    "FREQ=MONTHLY;BYMONTHDAY=-1",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24,25,26",
    "FREQ=YEARLY;BYWEEKNO=1,-1;BYDAY=MO",
    "FREQ=YEARLY;BYYEARDAY=-1",
    "FREQ=YEARLY;BYDAY=20MO",
    "FREQ=DAILY;BYMONTH=1;BYMONTHDAY=1",
  ])("can be %s", (rule) => {
    expect(ruleMistake(rule, false)).toBeUndefined();
  });

  it.each(["FREQ=WEEKLY;INTERVAL=2", "FREQ=DAILY;COUNT=5", "FREQ=MONTHLY", "FREQ=YEARLY"])(
    "can be %s where its start is said, and only there",
    (rule) => {
      expect(ruleMistake(rule, true)).toBeUndefined();
      expect(ruleMistake(rule, false)?.fix).toMatch(/start: 2026-01-05/);
    },
  );

  it.each([
    ["", "no part"],
    ["weekly", "no part"],
    ["RRULE:FREQ=DAILY", "no part"],
    ["FREQ=DAILY;", "no part"],
    ["FREQ=DAILY\nRRULE:FREQ=DAILY", "no part"],
    ["FREQ=DAILY;EXDATE=20260101", "no part"],
    ["FREQ=DAILY;constructor=1", "no part"],
    ["FREQ=DAILY;BYHOUR", "no part"],
    ["FREQ=DAILY;BYHOUR=1=2", "no part"],
    ["BYDAY=MO", "no FREQ"],
    ["FREQ=HOURLY", "has FREQ=HOURLY"],
    ["FREQ=daily", "has FREQ=daily"],
    ["FREQ=DAILY;FREQ=DAILY", "FREQ twice"],
    ["FREQ=DAILY;INTERVAL=0", "has INTERVAL=0"],
    ["FREQ=DAILY;INTERVAL=1.5", "has INTERVAL=1.5"],
    ["FREQ=DAILY;COUNT=-1", "has COUNT=-1"],
    ["FREQ=DAILY;UNTIL=20261231", "has UNTIL=20261231"],
    ["FREQ=DAILY;UNTIL=20260230T000000Z", "has UNTIL="],
    ["FREQ=DAILY;UNTIL=20261231T230000", "has UNTIL="],
    ["FREQ=DAILY;COUNT=2;UNTIL=20261231T230000Z", "COUNT and UNTIL"],
    ["FREQ=DAILY;BYHOUR=24", "has BYHOUR=24"],
    ["FREQ=DAILY;BYHOUR=9,", "has BYHOUR=9,"],
    ["FREQ=DAILY;BYHOUR=-1", "has BYHOUR=-1"],
    ["FREQ=DAILY;BYMINUTE=60", "has BYMINUTE=60"],
    ["FREQ=DAILY;BYSECOND=60", "has BYSECOND=60"],
    ["FREQ=DAILY;BYMONTH=13", "has BYMONTH=13"],
    ["FREQ=MONTHLY;BYMONTHDAY=0", "has BYMONTHDAY=0"],
    ["FREQ=MONTHLY;BYMONTHDAY=32", "has BYMONTHDAY=32"],
    ["FREQ=WEEKLY;BYDAY=MO,XX", "has BYDAY=MO,XX"],
    ["FREQ=WEEKLY;BYDAY=MONDAY", "has BYDAY=MONDAY"],
    ["FREQ=WEEKLY;BYDAY=1MO", "has 1MO"],
    ["FREQ=YEARLY;BYWEEKNO=2;BYDAY=1MO", "has 1MO"],
    ["FREQ=MONTHLY;BYDAY=6MO", "has 6MO"],
    ["FREQ=MONTHLY;BYDAY=0MO", "has 0MO"],
    ["FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY beside FREQ=WEEKLY"],
    ["FREQ=MONTHLY;BYYEARDAY=1", "BYYEARDAY beside FREQ=MONTHLY"],
    ["FREQ=MONTHLY;BYWEEKNO=1", "BYWEEKNO beside FREQ=MONTHLY"],
    ["FREQ=DAILY;BYSETPOS=1", "BYSETPOS of nothing"],
    ["FREQ=DAILY;WKST=XX", "has WKST=XX"],
    ["FREQ=DAILY;BYHOUR=1,2,3,4;BYMINUTE=0,1,2,3,4;BYSECOND=0,1,2,3,4", "more than 96 times a day"],
    ["FREQ=WEEKLY", "on which day"],
    ["FREQ=YEARLY;BYMONTH=2", "on which day"],
  ])("cannot be %j", (rule, message) => {
    const found = ruleMistake(rule, false);
    expect(found?.message).toContain(message);
    expect(found?.fix).toMatch(/\.$/);
  });

  const part = fc.constantFrom(
    ...[
      "INTERVAL=1",
      "INTERVAL=3",
      "COUNT=4",
      "UNTIL=20270101T000000Z",
      "BYMONTH=2,3",
      "BYWEEKNO=1,-1",
      "BYYEARDAY=60",
    ],
    ...["BYMONTHDAY=29,-1", "BYDAY=MO,SU", "BYDAY=2TU,-1FR", "BYDAY=53MO", "BYHOUR=2,23", "BYMINUTE=30", "BYSECOND=59"],
    ...["BYSETPOS=1,-1", "WKST=SU"],
  );
  const freq = fc.constantFrom("DAILY", "WEEKLY", "MONTHLY", "YEARLY");

  it("that is accepted can be expanded, and each of its times is one that its parts name", () => {
    fc.assert(
      fc.property(freq, fc.uniqueArray(part, { maxLength: 5 }), (frequency, parts) => {
        const rule = [`FREQ=${frequency}`, ...parts].join(";");
        fc.pre(ruleMistake(rule, true) === undefined);
        const spans = spansOf({ rule, for: "1h", zone: "UTC", start: "2026-01-01T12:00" });
        const within = { start: Date.UTC(2026, 0, 1), end: Date.UTC(2027, 2, 1) };
        for (const { start, end } of spans(within)) {
          const date = new Date(start);
          expect(end - start).toBe(3_600_000);
          if (rule.includes("BYHOUR")) expect([2, 23]).toContain(date.getUTCHours());
          else expect(date.getUTCHours()).toBe(12);
          if (rule.includes("BYMONTH=")) expect([1, 2]).toContain(date.getUTCMonth());
          if (rule.includes("BYDAY=MO,SU")) expect([0, 1]).toContain(date.getUTCDay());
          if (rule.includes("UNTIL")) expect(start).toBeLessThanOrEqual(untilMilliseconds("20270101T000000Z"));
        }
      }),
      { numRuns: 50 },
    );
  });
});
