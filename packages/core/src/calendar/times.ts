import { z } from "zod";
import { checked } from "../gates/option.ts";
import { duration, lastingPattern } from "../model/duration.ts";
import { localMilliseconds, localTime } from "./local-time.ts";
import { ruleMistake } from "./recurrence-rule.ts";
import { timeZone } from "./time-zone.ts";

const longest = duration("366d");

const reason = z
  .string()
  .regex(/^[^\r\n\0]{1,200}$/, "must be one line of at most 200 characters")
  .describe("Why, for whoever reads of it, such as Christmas.")
  .optional();

const lasts = checked(
  z
    .string()
    .regex(lastingPattern, "must be a duration longer than none, such as 7h or 1d")
    .describe(
      "How long it lasts from each start, such as 7h. Days and weeks are those of the calendar, hours always as long.",
    ),
  (text) =>
    duration(text) <= longest
      ? undefined
      : { code: "config/value", message: "must be at most 366d", fix: "What lasts longer has a start and an end." },
);

/** Times that come again: the starts by RFC 5545, and how long each lasts. */
const recurring = checked(
  z
    .strictObject({
      rule: z
        .string()
        .describe("When it starts: a recurrence rule of RFC 5545, such as FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=9."),
      for: lasts,
      zone: timeZone,
      start: localTime("The first time, which INTERVAL and COUNT count from, such as 2026-01-05T09:00.").optional(),
      reason,
    })
    .describe("Times that come again."),
  ({ rule, start }) => {
    const found = ruleMistake(rule, start !== undefined);
    return found === undefined ? undefined : { code: "config/recurrence", key: "rule", ...found };
  },
);

/** A time that comes once. */
const single = checked(
  z
    .strictObject({
      start: localTime("When it begins, such as 2026-12-19 or 2026-12-18T16:00."),
      end: localTime("When it ends, such as 2027-01-04. The end is no part of it."),
      zone: timeZone,
      reason,
    })
    .describe("A time that comes once."),
  ({ start, end }) =>
    localMilliseconds(start) >= localMilliseconds(end)
      ? { code: "config/value", key: "end", message: "must be after the start", fix: "Write a later end." }
      : undefined,
);

/** One entry of a window: times that come again, or once, on the clocks of a place. */
export const times = z
  .union([recurring, single])
  .describe("Times that come again, { rule, for, zone }, or a time that comes once, { start, end, zone }.");
export type Times = z.output<typeof times>;
export type Recurring = z.output<typeof recurring>;
