import { spawnSync } from "node:child_process";
import { type AppName, type EnvName, type Told, timestamp, type Waiting } from "@glu/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Mark, markName, readMark } from "./mark.ts";

const at = timestamp(Date.parse("2026-11-01T12:00:00Z"));
const key = "0123456789abcdef0123456789abcdef01234567";
const waiting = (app: string, gate = "soak"): Waiting => ({
  app: app as AppName,
  environment: "production" as EnvName,
  gates: [{ name: gate, clearsAt: at }],
});
const told: Told = {
  result: "held",
  at,
  looked: { apps: 500, environments: 4, places: 2000 },
  counts: { held: 2, superseded: 0, unchanged: 1990, passedOver: 8 },
  waiting: [
    waiting("web"),
    {
      ...waiting("api"),
      gates: [
        { name: "window", clearsAt: at },
        { name: "pin", clearsAt: undefined },
      ],
    },
  ],
  next: at,
};
const mark: Mark = { until: Date.parse(at), key, told };

describe("a mark", () => {
  it("is read as it was written", () => {
    expect(readMark(markName(mark))).toEqual(mark);
    const none = { ...mark, told: { ...told, waiting: [], next: undefined } };
    expect(readMark(markName(none))).toEqual(none);
  });

  it("names as many of those that wait as a ref has room for, and counts them all", () => {
    const many = Array.from({ length: 90 }, (_, index) => waiting(`an-app-with-a-name-${index}`));
    const name = markName({ ...mark, told: { ...told, counts: { ...told.counts, held: 90 }, waiting: many } });
    expect(name.length).toBeLessThanOrEqual(210);
    const read = readMark(name)?.told;
    expect(read?.counts.held).toBe(90);
    expect(read?.waiting).toEqual(many.slice(0, read?.waiting.length));
    expect(read?.waiting.length).toBeGreaterThan(1);
  });

  it("leaves out whom a gate holds that has no plain name", () => {
    const name = markName({ ...mark, told: { ...told, waiting: [waiting("web", "is it / done?"), waiting("api")] } });
    expect(readMark(name)?.told.waiting).toEqual([waiting("api")]);
  });

  it("is a name that Git takes", () => {
    const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
    const time = fc.integer({ min: 1, max: 4_000_000_000 }).map((seconds) => timestamp(seconds * 1000));
    const one = fc.record({
      app: name.map((text) => text as AppName),
      environment: name.map((text) => text as EnvName),
      gates: fc.array(fc.record({ name, clearsAt: fc.option(time, { nil: undefined }) }), {
        minLength: 1,
        maxLength: 3,
      }),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 5 }), (all) => {
        const ref = `refs/glu/reconciled/${markName({ ...mark, told: { ...told, waiting: all } })}`;
        expect(spawnSync("git", ["check-ref-format", ref]).status, ref).toBe(0);
        expect(ref.length).toBeLessThan(255);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ["nothing", ""],
    ["a mark without what was told", `1795844485-${key}`],
    ["another result", markName(mark).replace("held", "done")],
    ["a place that is no name", markName(mark).replace("web_", "We%b_")],
    ["a number too many", markName(mark).replace("500.4", "500.4.4")],
    ["no time of looking", markName(mark).replace(/held,[^,]+/, "held,0")],
  ])("is not read from %s", (_what, name) => {
    expect(readMark(name)).toBeUndefined();
  });

  it("of whatever text throws nothing", () => {
    fc.assert(fc.property(fc.string(), (text) => void readMark(text)));
    const unit = fc.constantFrom(..."zheld0._=,-");
    const like = fc.string({ unit }).map((text) => `${markName(mark)}${text}`);
    fc.assert(fc.property(like, (text) => void readMark(text)));
  });
});
