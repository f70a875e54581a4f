import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { everyHour } from "../calendar/hours.ts";
import { appName, envName, requestId } from "../model/names.ts";
import { emptyRecord, type Release, type ReleaseRecord, withRelease } from "../model/record.ts";
import type { State } from "../state/state.ts";
import { artifactOf, environment, pipelineOf, start } from "../test-kit/memory.ts";
import type { GateSubject } from "./gate.ts";
import { soak } from "./soak.ts";

type Options = z.output<NonNullable<typeof soak.options>>;

const second = 1000;
const [web, staging] = [appName("web"), envName("staging")];

function released(number: number, at: number | null): Release {
  return {
    request: "earlier",
    kind: "promotion",
    artifact: artifactOf("web", number),
    decidedOn: "0".repeat(40),
    actor: { name: "ada", verified: true },
    decidedAt: new Date(start).toISOString(),
    releasedAt: at === null ? null : new Date(at).toISOString(),
    state: "committed",
    writes: [],
    superseded: [],
  };
}

/** What the gate says of artifact 1, after these releases upstream: number and second, oldest first. */
function said(upstreams: Record<string, [number, number | null][]>, at: number, mode: "all" | "any" = "all") {
  const records = new Map<string, ReleaseRecord>(
    Object.entries(upstreams).map(([name, all]) => {
      const record = all.reduce(
        (before, [number, seconds]) =>
          withRelease(before, released(number, seconds === null ? null : start + seconds * second)),
        emptyRecord(web, envName(name)),
      );
      return [name, record];
    }),
  );
  const state: State = {
    record: (app, name) => records.get(name) ?? emptyRecord(app, name),
    current: (_, name) => records.get(name)?.current ?? null,
    pin: () => undefined,
    freezes: () => [],
  };
  const subject = {
    intent: {
      app: web,
      environment: envName("production"),
      artifact: artifactOf("web", 1),
      explicit: true,
      request: requestId("r"),
    },
    app: pipelineOf(["web"]).apps.get(web)!,
    environment: environment("production", {
      from: { mode, environments: Object.keys(upstreams).map((name) => envName(name)) },
    }),
    actor: { name: "ada", verified: true },
    reason: undefined,
    overwrite: false,
    drift: [],
    ancestry: () => undefined,
  };
  return soak.check(
    soak.observe(subject, state, "10s", undefined as never) as Awaited<ReturnType<typeof soak.observe>>,
    "10s",
    start + at * second,
    subject,
  );
}

describe("the time upstream", () => {
  it("ends when another release takes its place, and never clears then", () => {
    const check = said(
      {
        staging: [
          [1, 0],
          [2, 4],
        ],
      },
      999,
    );
    expect(check).toMatchObject({
      met: false,
      code: "soak/replaced",
      seen: "was in staging for 4s of 10s before it was replaced",
    });
    expect(check.clearsAt).toBeUndefined();
  });

  it("is kept by what was there for long enough before it was replaced", () => {
    expect(
      said(
        {
          staging: [
            [1, 0],
            [2, 10],
          ],
        },
        10,
      ).met,
    ).toBe(true);
  });

  it("begins anew with the last release", () => {
    const back: [number, number][] = [
      [1, 0],
      [2, 50],
      [1, 60],
    ];
    expect(said({ staging: back }, 63)).toMatchObject({ met: false, seen: "has been upstream for 3s of 10s" });
    expect(said({ staging: back }, 70).met).toBe(true);
  });

  it("is not ended by what is only proposed", () => {
    expect(
      said(
        {
          staging: [
            [1, 0],
            [2, null],
          ],
        },
        10,
      ).met,
    ).toBe(true);
  });

  it("must be long enough in all, or where any is enough in one", () => {
    const two = {
      blue: [
        [1, 0],
        [2, 4],
      ],
      green: [[1, 20]],
    } as Record<string, [number, number][]>;
    expect(said(two, 40, "all")).toMatchObject({ code: "soak/replaced" });
    // Rounded, it would be ten of ten seconds, and held.
    expect(said(two, 29.9, "any")).toMatchObject({ code: "soak/too-young", seen: "has been upstream for 9s of 10s" });
    expect(said(two, 25, "any")).toMatchObject({ code: "soak/too-young", seen: "has been upstream for 5s of 10s" });
    expect(said(two, 30, "any").met).toBe(true);
  });

  it("is what the artifact was current for, whatever was released before and after", () => {
    const releases = fc.array(fc.tuple(fc.constantFrom(1, 2, 3), fc.integer({ min: 1, max: 15 })), { minLength: 1 });
    fc.assert(
      fc.property(releases, fc.nat(30), (steps, later) => {
        let at = 0;
        const history = steps.map(([number, after]): [number, number] => {
          at += after;
          return [number, at];
        });
        const now = at + later;
        const last = history.map(([number]) => number).lastIndexOf(1);
        const since = history[last]?.[1];
        const stayed = since === undefined ? undefined : (history[last + 1]?.[1] ?? now) - since;
        const check = said({ [staging]: history }, now);
        expect(check.met).toBe(stayed !== undefined && stayed >= 10);
        // What says when it clears is right about it.
        if (check.clearsAt !== undefined) {
          const seconds = (Date.parse(check.clearsAt) - start) / second;
          expect(said({ [staging]: history }, seconds).met).toBe(true);
          expect(said({ [staging]: history }, seconds - 1).met).toBe(false);
        }
      }),
    );
  });
});

describe("its option", () => {
  const subject = { environment: environment("production") } as Parameters<typeof soak.check>[3];

  it.each(["1s", "90s", "1h30m", "604800s", "999999w", "0h1m"])("can be %s", (text) => {
    expect(soak.options?.safeParse(text).success).toBe(true);
    const upstreams = [{ environment: staging, released: undefined, since: start, until: undefined }];
    expect(() => soak.check({ upstreams, passing: everyHour }, text, start, subject)).not.toThrow();
  });

  it.each(["0s", "0h0m", "", "5", "1y", "9999999w", "1s1s1s1s1s1s"])("cannot be %j", (text) => {
    expect(soak.options?.safeParse(text).success).toBe(false);
  });
});

describe("the time since the artifact was healthy upstream", () => {
  const hour = 3_600_000;
  const healthy = { for: "2h", since: "healthy" as const };

  /** After a release upstream that was verified some minutes later, and another release after more. */
  async function after(options: Options, verified: Partial<Release>, replaced?: number) {
    const first = { ...released(1, start), ...verified };
    const record = withRelease(emptyRecord(web, staging), first);
    const last = replaced === undefined ? record : withRelease(record, released(2, start + replaced));
    const subject = {
      intent: { app: web, artifact: artifactOf("web", 1) },
      environment: environment("production", { from: { mode: "all", environments: [staging] } }),
    } as GateSubject;
    const seen = await soak.observe(subject, { record: () => last } as unknown as State, options, undefined as never);
    return (now: number) => soak.check(seen, options, start + now, subject);
  }
  const verifiedAt = (milliseconds: number): Partial<Release> => ({
    state: "healthy",
    verifiedAt: new Date(start + milliseconds).toISOString(),
  });

  it("begins when it was verified", async () => {
    const said = await after(healthy, verifiedAt(hour));
    expect(said(2 * hour)).toMatchObject({
      met: false,
      code: "soak/too-young",
      seen: "has been healthy upstream for 1h of 2h",
      since: new Date(start + hour).toISOString(),
      clearsAt: new Date(start + 3 * hour).toISOString(),
    });
    expect([said(3 * hour - 1).met, said(3 * hour).met]).toEqual([false, true]);
  });

  it.each([
    ["has not begun while nobody verified it", {}],
    ["has not begun while it is only synced", { state: "synced" as const }],
    ["has not begun when nothing says since when", { state: "healthy" as const }],
  ])("%s", async (_, release) => {
    const said = await after(healthy, release);
    expect(said(1000 * hour)).toMatchObject({
      met: false,
      code: "soak/not-healthy",
      seen: "is not healthy in staging yet",
    });
    expect(said(1000 * hour).clearsAt).toBeUndefined();
  });

  it("never ends when it was replaced before it was over", async () => {
    expect((await after(healthy, verifiedAt(hour), 2 * hour))(1000 * hour)).toMatchObject({ code: "soak/replaced" });
    expect((await after(healthy, verifiedAt(hour), hour / 2))(1000 * hour)).toMatchObject({ code: "soak/replaced" });
    expect((await after(healthy, verifiedAt(hour), 3 * hour))(1000 * hour).met).toBe(true);
  });

  // The start is a Saturday, 7:00 UTC.
  const hours = { days: ["MO", "TU", "WE", "TH", "FR"] as const, from: "09:00", to: "17:00", zone: "Europe/Berlin" };
  const working = { for: "4h", hours: { ...hours, days: [...hours.days] } };

  it("counts certain hours only, where they are said", async () => {
    const said = await after(working, {});
    const clearsAt = Date.parse("2026-11-23T12:00Z") - start;
    expect(said(hour)).toMatchObject({
      met: false,
      code: "soak/too-young",
      seen: "has been upstream for 0s of 4h in the hours that count",
      since: new Date(start).toISOString(),
      clearsAt: "2026-11-23T12:00:00.000Z",
    });
    expect(said(clearsAt - hour).seen).toBe("has been upstream for 3h of 4h in the hours that count");
    expect([said(clearsAt - 1).met, said(clearsAt).met]).toEqual([false, true]);
  });

  it("counts no hours after it was replaced", async () => {
    const said = await after(working, {}, Date.parse("2026-11-23T11:00Z") - start);
    expect(said(1000 * hour)).toMatchObject({
      code: "soak/replaced",
      seen: "was in staging for 3h of 4h in the hours that count before it was replaced",
    });
  });

  it("is the same spelled out as it is in short", async () => {
    const [short, long] = [await after("90m", {}), await after({ for: "90m", since: "released" }, {})];
    for (const now of [0, hour, 1.5 * hour - 1, 1.5 * hour]) expect(long(now)).toEqual(short(now));
  });
});
