import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { envName } from "../model/names.ts";
import { promote } from "../promote/promote.ts";
import { artifactOf, environment, pipelineOf, world } from "../test-kit/memory.ts";
import type { Check, GateSubject } from "./gate.ts";
import { type FreezeOptions, window, type windowOptions } from "./window.ts";

type Options = z.output<typeof windowOptions>;
/** What is expected of a check, with its times to the minute. */
type Said = Partial<Omit<Check, "since" | "clearsAt">> & { since?: string; clearsAt?: string };

const subject = { environment: environment("production") } as GateSubject;
const said = async (options: Options, at: string): Promise<Check> => {
  const seen = await window.observe(subject, undefined as never, options, undefined as never);
  return window.check(seen, options, Date.parse(`${at}Z`), subject);
};

const zone = "Europe/Berlin";
const office = { rule: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH;BYHOUR=9", for: "7h", zone };
const night = { rule: "FREQ=DAILY;BYHOUR=22", for: "8h", zone };
const christmas = { start: "2026-12-19", end: "2027-01-04", zone, reason: "Christmas" };
const lunch = { rule: "FREQ=DAILY;BYHOUR=12", for: "1h", zone };

describe("a window", () => {
  // 23 November 2026 is a Monday; Berlin is an hour ahead of UTC.
  it.each([
    ["is open in what is allowed", { allow: [office] }, "2026-11-23T08:00", { met: true }],
    ["is open up to its end", { allow: [office] }, "2026-11-23T14:59:59.999", { met: true }],
    [
      "is closed at its end",
      { allow: [office] },
      "2026-11-23T15:00",
      { code: "window/closed", since: "2026-11-23T15:00", clearsAt: "2026-11-24T08:00" },
    ],
    [
      "is closed over a weekend",
      { allow: [office] },
      "2026-11-27T10:00",
      { code: "window/closed", since: "2026-11-26T15:00", clearsAt: "2026-11-30T08:00" },
    ],
    ["is open over midnight", { allow: [night] }, "2026-11-24T04:59", { met: true }],
    [
      "is closed after the night",
      { allow: [night] },
      "2026-11-24T05:00",
      { since: "2026-11-24T05:00", clearsAt: "2026-11-24T21:00" },
    ],
    ["is open in one of several", { allow: [office, night] }, "2026-11-24T22:00", { met: true }],
    [
      "is open whenever it is not blocked, when nothing is allowed",
      { block: [lunch] },
      "2026-11-23T10:59",
      { met: true },
    ],
    [
      "is closed where it is blocked",
      { block: [lunch] },
      "2026-11-23T11:00",
      { code: "window/blocked", since: "2026-11-23T11:00", clearsAt: "2026-11-23T12:00" },
    ],
    [
      "is closed where it is blocked, whatever is allowed",
      { allow: [office], block: [lunch] },
      "2026-11-23T11:30",
      { code: "window/blocked", since: "2026-11-23T11:00", clearsAt: "2026-11-23T12:00" },
    ],
    [
      "opens when what is allowed comes after a block",
      { allow: [office], block: [christmas] },
      "2026-12-24T12:00",
      {
        code: "window/blocked",
        seen: "is blocked now: Christmas",
        since: "2026-12-17T15:00",
        clearsAt: "2027-01-04T08:00",
      },
    ],
    [
      "opens when the last of several blocks ends",
      { block: [christmas, { start: "2027-01-03T12:00", end: "2027-01-06", zone, reason: "stocktaking" }] },
      "2027-01-03T12:00",
      { seen: "is blocked now: Christmas, stocktaking", since: "2026-12-18T23:00", clearsAt: "2027-01-05T23:00" },
    ],
    [
      "opens an hour later by UTC in winter",
      { allow: [office] },
      "2026-10-24T12:00",
      { clearsAt: "2026-10-26T08:00", since: "2026-10-22T14:00" },
    ],
    [
      "opens an hour earlier by UTC in summer",
      { allow: [office] },
      "2026-03-28T12:00",
      { clearsAt: "2026-03-30T07:00", since: "2026-03-26T15:00" },
    ],
  ] as [string, Options, string, Said][])("%s", async (_, options, at, { since, clearsAt, ...rest }) => {
    const full = (time: string | undefined) => (time === undefined ? undefined : `${time}:00.000Z`);
    const check = await said(options, at);
    expect(check).toMatchObject({ met: false, ...rest });
    expect([check.since, check.clearsAt]).toEqual([full(since), full(clearsAt)]);
  });

  it("that does not open again is cleared by the config alone", async () => {
    const past = { start: "2020-01-01", end: "2020-01-02", zone };
    const check = await said({ allow: [past] }, "2026-11-23T08:00");
    expect(check).toMatchObject({ met: false, clearedBy: expect.stringContaining("environments.production.gates") });
    expect(check.clearsAt).toBeUndefined();
  });

  it("of a scheduled freeze says which one of the config holds, with a reason and without", async () => {
    const frozen = (freeze: FreezeOptions) => said(freeze, "2026-12-24T12:00");
    expect(await frozen({ block: [christmas], freeze: "freezes[1]" })).toMatchObject({
      seen: "is frozen on schedule: Christmas",
      code: "window/frozen",
      clearedBy: "time, or freezes[1] in the config",
      clearsAt: "2027-01-03T23:00:00.000Z",
    });
    const { reason: _, ...silent } = christmas;
    expect(await frozen({ block: [silent], freeze: "freezes[0]" })).toMatchObject({
      seen: "is frozen on schedule",
      clearedBy: "time, or freezes[0] in the config",
    });
    expect(await said({ block: [christmas], freeze: "freezes[1]" } as FreezeOptions, "2027-01-04T12:00")).toMatchObject(
      {
        met: true,
        seen: "is not frozen on schedule",
      },
    );
  });

  it("holds a promotion until it opens, and lets it pass then", async () => {
    const pipeline = pipelineOf(
      ["web"],
      [environment("staging", { gates: [{ name: "window", options: { allow: [office] } }] })],
    );
    const { ports, clock, ask } = world({ pipeline, artifacts: [artifactOf("web", 1)] });
    const request = ask({ environments: [envName("staging")], artifact: artifactOf("web", 1).id });
    clock.time = Date.parse("2026-11-22T10:00Z");
    const held = await promote(request, ports);
    const gate = held.decisions[0]?.gates.find(({ name }) => name === "window");
    expect(gate).toMatchObject({ met: false, outcome: "held", clearsAt: "2026-11-23T08:00:00.000Z" });
    clock.time = Date.parse(gate?.clearsAt as string) - 1;
    expect((await promote(request, ports)).decisions[0]?.result).toBe("held");
    clock.time += 1;
    expect((await promote(request, ports)).decisions[0]?.result).toBe("promoted");
  });
});
