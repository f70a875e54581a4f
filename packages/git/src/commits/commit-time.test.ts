import fc from "fast-check";
import { expect, it } from "vitest";
import { commitTime } from "./commit-time.ts";

it("a commit's time is a time, whatever number stands in the commit", () => {
  expect(commitTime(1_780_000_000)).toBe("2026-05-28T20:26:40.000Z");
  expect(commitTime(99_999_999_999_999)).toBe("9999-12-31T23:59:59.000Z");
  expect(commitTime(Number.NaN)).toBe("1970-01-01T00:00:00.000Z");
  const seconds = fc.oneof(fc.double(), fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(Number));
  fc.assert(
    fc.property(seconds, (any) => {
      expect(commitTime(any)).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    }),
  );
});
