import { describe, expect, it } from "vitest";
import { pastSpanEnd, pastTime } from "./past-time.ts";

const now = Date.UTC(2026, 10, 28, 12);

describe("a time that has passed", () => {
  // Europe/Berlin: at 01:00Z of 29 March it is 03:00 there, at 01:00Z of 25 October it is 02:00 a second time.
  it.each([
    ["2026-03-29T01:59:59+01:00", "2026-03-29T00:59:59.000Z"],
    ["2026-03-29T03:00:00+02:00", "2026-03-29T01:00:00.000Z"],
    ["2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00.000Z"],
    ["2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00.000Z"],
    ["2026-11-21T14:00Z", "2026-11-21T14:00:00.000Z"],
    ["2026-11-21T15:00[Europe/Berlin]", "2026-11-21T14:00:00.000Z"],
    ["2d", "2026-11-26T12:00:00.000Z"],
    ["1h30m", "2026-11-28T10:30:00.000Z"],
  ])("%s is %s", async (text, at) => {
    expect(new Date((await pastTime(text, now)) ?? 0).toISOString()).toBe(at);
  });

  it.each([
    "2026-10-25T02:30:00",
    "2026-10-25T02:30",
    "2026-11-21 14:00:00Z",
    "2026-11-21t14:00:00z",
    "2026-10-25T02:30[Europe/Berlin]",
    "2026-03-29T02:30[Europe/Berlin]",
    "2026-02-30T00:00:00Z",
    "2026-12-01T00:00:00Z",
  ])("%s is refused", async (text) => {
    await expect(pastTime(text, now)).rejects.toThrow(expect.objectContaining({ code: "input/time" }));
  });

  it.each(["previous", "1.4.2", "abcdef0", "0h", "2026-11-21"])("%s is none", async (text) => {
    expect(await pastTime(text, now)).toBeUndefined();
  });

  it("of a span may be a day, which is whole", async () => {
    const day = Date.UTC(2026, 10, 21);
    expect(await pastSpanEnd("2026-11-21", "since", now)).toBe(day);
    expect(await pastSpanEnd("2026-11-21", "until", now)).toBe(day + 86_400_000);
    await expect(pastSpanEnd("yesterday", "since", now)).rejects.toThrow(/is not a time/);
  });
});
