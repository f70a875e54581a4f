import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../errors.ts";
import { readTime } from "./read-time.ts";

const now = Date.parse("2026-11-21T07:00:00Z");
const code = "input/time";

describe("a time that a person gives", () => {
  it.each([
    ["2026-11-21T08:00:00+01:00", "2026-11-21T07:00:00.000Z"],
    ["2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000Z"],
    ["1h30m", "2026-11-21T08:30:00.000Z"],
    ["1d", "2026-11-22T07:00:00.000Z"],
    // By RFC 9557, with what may be left out of it.
    ["2026-11-27T18:00[Europe/Berlin]", "2026-11-27T17:00:00.000Z"],
    ["2026-11-27T18:00:00[Europe/Berlin]", "2026-11-27T17:00:00.000Z"],
    ["2026-11-27T18:00:00+01:00[Europe/Berlin]", "2026-11-27T17:00:00.000Z"],
    ["2026-11-27T18:00:00Z[Europe/Berlin]", "2026-11-27T18:00:00.000Z"],
    ["2026-07-27T18:00[Europe/Berlin]", "2026-07-27T16:00:00.000Z"],
    ["2026-11-27T18:00[!America/New_York]", "2026-11-27T23:00:00.000Z"],
    ["2026-11-27T18:00[UTC]", "2026-11-27T18:00:00.000Z"],
    ["2026-11-27T18:00[Asia/Kathmandu]", "2026-11-27T12:15:00.000Z"],
    // Around the clocks that are set: an offset says which of two is meant.
    ["2026-03-29T01:59[Europe/Berlin]", "2026-03-29T00:59:00.000Z"],
    ["2026-03-29T03:00[Europe/Berlin]", "2026-03-29T01:00:00.000Z"],
    ["2026-10-25T01:59[Europe/Berlin]", "2026-10-24T23:59:00.000Z"],
    ["2026-10-25T02:30+02:00[Europe/Berlin]", "2026-10-25T00:30:00.000Z"],
    ["2026-10-25T02:30+01:00[Europe/Berlin]", "2026-10-25T01:30:00.000Z"],
    ["2026-10-25T03:00[Europe/Berlin]", "2026-10-25T02:00:00.000Z"],
    // Half an hour, and the other half of the world.
    ["2026-04-05T01:45+10:30[Australia/Lord_Howe]", "2026-04-04T15:15:00.000Z"],
  ])("is read: %s", async (value, expected) => {
    expect(await readTime(value, now, "from")).toBe(expected);
  });

  it("is measured back where that is meant", async () => {
    expect(await readTime("1h30m", now, "ago")).toBe("2026-11-21T05:30:00.000Z");
  });

  it.each([
    ["2026-11-21T08:00:00", /^Give RFC 3339 with its offset/],
    ["2026-11-21", /^Give RFC 3339/],
    ["tomorrow", /^Give RFC 3339/],
    ["2026-02-30T00:00:00Z", /./],
    ["2026-04-31T00:00:00+02:00", /./],
    ["2025-02-29T12:00:00Z", /./],
    ["2026-02-30T18:00[Europe/Berlin]", /^Give a day of the calendar/],
    ["2026-11-27T25:00[Europe/Berlin]", /^Give a day of the calendar/],
    ["2026-11-27T18:00[Europe/Berlim]", /^Give its name in the IANA database/],
    ["2026-11-27T18:00[u-ca=hebrew]", /^Give RFC 3339/],
    ["2026-11-27T18:00+05:00[Europe/Berlin]", /2026-11-27T18:00\+01:00\[Europe\/Berlin\]/],
    // A clock that is set forward does not show it, one that is set back shows it twice.
    ["2026-03-29T02:30[Europe/Berlin]", /^Give 2026-03-29T03:30\[Europe\/Berlin\]/],
    ["2026-03-08T02:00[America/New_York]", /^Give 2026-03-08T03:00\[America\/New_York\]/],
    ["2026-10-25T02:30[Europe/Berlin]", /2026-10-25T02:30\+02:00\[Europe\/Berlin\] or 2026-10-25T02:30\+01:00/],
    ["2026-11-01T01:00[America/New_York]", /2026-11-01T01:00-04:00\[.*\] or 2026-11-01T01:00-05:00/],
    ["2026-04-05T01:45[Australia/Lord_Howe]", /\+11:00\[Australia\/Lord_Howe\] or .*\+10:30/],
    // A whole day that a place left out.
    ["2011-12-30T12:00[Pacific/Apia]", /^Give 2011-12-31T12:00\[Pacific\/Apia\]/],
  ])("is refused: %s", async (value, fix) => {
    await expect(readTime(value, now, "from")).rejects.toMatchObject({ code, fix: expect.stringMatching(fix) });
  });

  it("is a time or a UserError, whatever the text", async () => {
    const text = fc.oneof(
      fc.string(),
      fc.stringMatching(/^(\d{1,8}[smhdw]){1,12}$/),
      fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      fc.stringMatching(
        /^20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d([+-]0\d:00)?\[(Europe\/Berlin|[A-Za-z/+:0-9-]{1,12})\]$/,
      ),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom("ago" as const, "from" as const), async (value, direction) => {
        try {
          expect(Date.parse(await readTime(value, now, direction))).not.toBeNaN();
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
    );
  });
});
