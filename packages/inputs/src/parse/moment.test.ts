import { UserError } from "@glu/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { moment } from "./moment.ts";

const now = Date.parse("2026-11-21T07:00:00Z");

describe("moment", () => {
  it("reads RFC 3339 in any zone", () => {
    expect(moment("2026-11-21T08:00:00+01:00", now, "ago")).toBe("2026-11-21T07:00:00.000Z");
  });

  it("measures distances from now, back or ahead", () => {
    expect(moment("1h30m", now, "ago")).toBe("2026-11-21T05:30:00.000Z");
    expect(moment("1d", now, "from")).toBe("2026-11-22T07:00:00.000Z");
  });

  it("refuses a time without a zone, which would mean another moment on each machine", () => {
    expect(() => moment("2026-11-21T08:00:00", now, "ago")).toThrow(expect.objectContaining({ code: "input/time" }));
  });

  it.each(["2026-02-30T00:00:00Z", "2026-04-31T00:00:00+02:00", "2025-02-29T12:00:00Z"])(
    "refuses %s, which is in no calendar",
    (value) => {
      expect(() => moment(value, now, "from")).toThrow(expect.objectContaining({ code: "input/time" }));
      expect(moment("2024-02-29T12:00:00Z", now, "from")).toBe("2024-02-29T12:00:00.000Z");
    },
  );

  it("gives a time or a UserError for any text", () => {
    const text = fc.oneof(
      fc.string(),
      fc.stringMatching(/^(\d{1,8}[smhdw]){1,12}$/),
      fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    );
    fc.assert(
      fc.property(text, fc.constantFrom("ago" as const, "from" as const), (value, direction) => {
        try {
          expect(Date.parse(moment(value, now, direction))).not.toBeNaN();
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
    );
  });
});
