import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OutsideError, UserError } from "./errors.ts";
import { parseRetryAfter, retryLimits, retryTransient, waitInLine } from "./retry.ts";

function fakeClock(random = 0.5) {
  const slept: number[] = [];
  return { slept, now: () => 0, random: () => random, sleep: async (ms: number) => void slept.push(ms) };
}

/** Fails with each error in turn, then returns "done". */
function failing(...errors: Error[]) {
  const left = [...errors];
  return async () => {
    const error = left.shift();
    if (error) throw error;
    return "done";
  };
}
const busy = (retryAfter?: number) =>
  new OutsideError("x/busy", "busy", { transient: true, ...(retryAfter === undefined ? {} : { retryAfter }) });

describe("retrying", () => {
  it("tries a transient failure again, later each time", async () => {
    const clock = fakeClock();
    await expect(retryTransient(clock, failing(busy(), busy(), busy()))).resolves.toBe("done");
    expect(clock.slept).toEqual([375, 750, 1500]);
  });

  it("waits what the other side asks for", async () => {
    const clock = fakeClock();
    await retryTransient(clock, failing(busy(7000), busy(0)));
    expect(clock.slept).toEqual([7000, 0]);
  });

  it("gives up at once when it is asked to wait for longer than it may", async () => {
    const clock = fakeClock();
    await expect(retryTransient(clock, failing(busy(3_600_000)))).rejects.toThrow("busy");
    expect(clock.slept).toEqual([]);
  });

  it("gives up after the last attempt with the last error", async () => {
    const clock = fakeClock();
    const errors = Array.from({ length: retryLimits.attempts }, () => busy());
    await expect(retryTransient(clock, failing(...errors))).rejects.toBe(errors.at(-1));
    expect(clock.slept).toHaveLength(retryLimits.attempts - 1);
  });

  it("throws what is not transient as it is", async () => {
    const clock = fakeClock();
    for (const error of [new OutsideError("x/no", "no"), new UserError("x/no", "no"), new TypeError("bug")]) {
      await expect(retryTransient(clock, failing(error))).rejects.toBe(error);
    }
    expect(clock.slept).toEqual([]);
  });
});

describe("waiting for a turn", () => {
  it("grows with each race that was lost, up to sixteen times the attempt", () => {
    const waits = [1, 2, 3, 4, 5, 50].map((lost) => waitInLine(100, lost, fakeClock(0.5)));
    expect(waits).toEqual([200, 400, 600, 800, 800, 800]);
    expect(waitInLine(100, 1, fakeClock(0))).toBe(0);
    expect(waitInLine(60_000, 50, fakeClock(0.999))).toBeLessThan(160_000);
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2026-11-21T07:00:00Z");
  it("is seconds or a date", () => {
    expect(parseRetryAfter("120", now)).toBe(120_000);
    expect(parseRetryAfter("Sat, 21 Nov 2026 07:00:30 GMT", now)).toBe(30_000);
    expect(parseRetryAfter("Sat, 21 Nov 2026 06:00:00 GMT", now)).toBe(0);
  });

  it("is ignored when it makes no sense", () => {
    for (const header of [null, undefined, "", "-1", "1.5", "soon", "2026-11-21", "Foo, bar"]) {
      expect(parseRetryAfter(header, now)).toBeUndefined();
    }
    fc.assert(fc.property(fc.string(), (text) => (parseRetryAfter(text, now) ?? 0) >= 0));
  });
});
