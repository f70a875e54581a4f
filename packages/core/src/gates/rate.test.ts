import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { appName, envName } from "../model/names.ts";
import { emptyRecord, historyLimit, type Release, withRelease } from "../model/record.ts";
import type { State } from "../state/state.ts";
import { artifactOf, environment, start } from "../test-kit/memory.ts";
import type { Check, GateSubject } from "./gate.ts";
import { rate } from "./rate.ts";

const [web, production] = [appName("web"), envName("production")];
const minute = 60_000;
const subject = { intent: { app: web }, environment: environment("production") } as GateSubject;

type Past = Pick<Release, "kind" | "state"> & { minute: number | null };
const at = (when: number | null, more: Partial<Past> = {}): Past => ({
  kind: "promotion",
  state: "committed",
  minute: when,
  ...more,
});

/** What the gate says after releases, oldest first, in minutes. */
function said(past: readonly Past[], options: { max: number; per: string }, now: number): Check {
  const record = past.reduce(
    (before, { minute: when, ...more }, index) =>
      withRelease(before, {
        request: `${index}`,
        artifact: artifactOf("web", index),
        decidedOn: "0".repeat(40),
        actor: { name: "ada", verified: true },
        decidedAt: new Date(start).toISOString(),
        releasedAt: when === null ? null : new Date(start + when * minute).toISOString(),
        writes: [],
        superseded: [],
        ...more,
      }),
    emptyRecord(web, production),
  );
  const state = { record: () => record } as unknown as State;
  const seen = rate.observe(subject, state, options, undefined as never) as number[];
  return rate.check(seen, options, start + now * minute, subject);
}

describe("at most two an hour", () => {
  const two = { max: 2, per: "1h" };

  it.each([
    ["lets the first pass", [], 0, { met: true, seen: "has had 0 of 2 releases in 1h" }],
    ["lets the second pass", [at(0)], 10, { met: true, seen: "has had 1 of 2 releases in 1h" }],
    ["holds the third", [at(0), at(10)], 20, { met: false, code: "rate/exhausted", minutes: [10, 60] }],
    ["holds it just before an hour is over", [at(0), at(10)], 59, { met: false, minutes: [10, 60] }],
    ["lets it pass when an hour is over", [at(0), at(10)], 60, { met: true, seen: "has had 1 of 2 releases in 1h" }],
    ["counts a rollback", [at(0), at(10, { kind: "rollback" })], 20, { met: false, minutes: [10, 60] }],
    ["counts one that failed", [at(0), at(10, { state: "failed" })], 20, { met: false, minutes: [10, 60] }],
    ["counts no proposal", [at(0), at(null)], 20, { met: true }],
    ["counts nothing that was adopted as it was found", [at(0), at(10, { kind: "adopted" })], 20, { met: true }],
    [
      "waits for as many to be old as there are too many",
      [at(0), at(10), at(20)],
      30,
      { met: false, minutes: [10, 70] },
    ],
    ["counts one of a clock that was ahead", [at(0), at(40)], 30, { met: false, minutes: [30, 60] }],
  ] as [string, Past[], number, Partial<Check> & { minutes?: [number, number] }][])(
    "%s",
    (_, past, now, { minutes, ...rest }) => {
      const check = said(past, two, now);
      expect(check).toMatchObject(rest);
      const times = [check.since, check.clearsAt].map((time) => time && (Date.parse(time) - start) / minute);
      expect(times).toEqual(minutes ?? [undefined, undefined]);
    },
  );
});

it("is held just before it says that it clears, and met then", () => {
  const past = fc.array(fc.nat(300), { maxLength: 12 }).map((all) => all.sort((a, b) => a - b));
  fc.assert(
    fc.property(
      past,
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 120 }),
      fc.nat(60),
      (times, max, per, later) => {
        const options = { max, per: `${per}m` };
        const releases = times.map((when) => at(when));
        const now = (times.at(-1) ?? 0) + later;
        const check = said(releases, options, now);
        expect(check.met).toBe(times.filter((when) => when > now - per).length < max);
        if (check.met) return;
        const clears = (Date.parse(check.clearsAt as string) - start) / minute;
        expect(clears).toBeGreaterThan(now);
        expect([said(releases, options, clears - 1).met, said(releases, options, clears).met]).toEqual([false, true]);
      },
    ),
  );
});

it("can count what a record remembers, and no more", () => {
  const accepts = (max: number) => rate.options?.safeParse({ max, per: "1d" }).success;
  expect([accepts(historyLimit), accepts(historyLimit + 1)]).toEqual([true, false]);
  const many = Array.from({ length: historyLimit + 10 }, (_, index) => at(index));
  expect(said(many, { max: historyLimit, per: "1d" }, 70).met).toBe(false);
});
