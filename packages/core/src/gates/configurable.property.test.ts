import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../decide/decide.ts";
import { type ObserveOptions, observe } from "../decide/observe.ts";
import { OutsideError } from "../errors.ts";
import type { Item } from "../model/artifact.ts";
import { gateOutcomes, type Result } from "../model/decision.ts";
import { appName, envName, requestId, timestamp } from "../model/names.ts";
import type { GateUse } from "../model/pipeline.ts";
import { emptyRecord, type Release, withRelease } from "../model/record.ts";
import type { Approvals } from "../ports/approvals.ts";
import { noOutside } from "../ports/no-outside.ts";
import type { State } from "../state/state.ts";
import { artifactOf, clockAt, environment, pipelineOf, someTip, start } from "../test-kit/memory.ts";
import type { GateSubject } from "./gate.ts";
import { configurableGates } from "./gates.ts";

// What holds of gates that were told what to say (decide.test.ts) holds of the real ones, in whatever world.

const [web, staging, production] = [appName("web"), envName("staging"), envName("production")];
const hour = 3_600_000;

interface World {
  /** Hours after the start at which artifacts 1 and 2 were released in staging, and verified. */
  upstream: { number: number; at: number; verified: number | undefined }[];
  /** Hours after the start at which older artifacts were released in production. */
  downstream: number[];
  items: Item[];
  actor: { name: string; verified: boolean };
  explicit: boolean;
  /** Whether the forge tells who is in a team. */
  answers: boolean;
  now: number;
}

const hours = fc.nat(300);
const world: fc.Arbitrary<World> = fc.record({
  upstream: fc
    .array(
      fc.record({ number: fc.constantFrom(1, 2), at: hours, verified: fc.option(fc.nat(100), { nil: undefined }) }),
      {
        maxLength: 3,
      },
    )
    .map((all) => all.sort((a, b) => a.at - b.at)),
  downstream: fc.array(hours, { maxLength: 4 }).map((all) => all.sort((a, b) => a - b)),
  items: fc.subarray<Item>([
    { name: "tests", state: "success" },
    { name: "scan", critical: 2 },
  ]),
  actor: fc.record({ name: fc.constantFrom("ada", "grace", "mallory"), verified: fc.boolean() }),
  explicit: fc.boolean(),
  answers: fc.boolean(),
  now: fc.integer({ min: 400, max: 800 }),
});

/** What Prometheus answers: there is one error. */
const errors = '{"status":"success","data":{"resultType":"scalar","result":[1763625600,"1"]}}';

const zone = fc.constantFrom("Europe/Berlin", "America/New_York", "Asia/Kolkata");
const times = fc.oneof(
  fc.record({
    rule: fc.constantFrom("FREQ=DAILY;BYHOUR=9", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH;BYHOUR=22", "FREQ=MONTHLY;BYDAY=-1FR"),
    for: fc.constantFrom("7h", "10h", "20h"),
    zone,
  }),
  fc.record({ start: fc.constant("2026-11-20"), end: fc.constantFrom("2026-12-10", "2026-12-20T12:00"), zone }),
);
const some = fc.array(times, { minLength: 1, maxLength: 2 });
const lasting = fc.constantFrom("90m", "1d", "2w");
const use: fc.Arbitrary<GateUse> = fc.oneof(
  lasting.map((options) => ({ name: "soak", options })),
  fc.record({ for: lasting, since: fc.constantFrom("released", "healthy"), zone }).map(({ zone: where, ...rest }) => ({
    name: "soak",
    options: { ...rest, hours: { days: ["MO", "TU", "WE", "TH", "FR"], from: "09:00", to: "17:00", zone: where } },
  })),
  fc.record({ for: lasting, since: fc.constant("healthy") }).map((options) => ({ name: "soak", options })),
  fc
    .oneof(fc.record({ allow: some }), fc.record({ block: some }), fc.record({ allow: some, block: some }))
    .map((options) => ({ name: "window", options })),
  fc
    .record({ max: fc.integer({ min: 1, max: 3 }), per: fc.constantFrom("1d", "1w", "3w") })
    .map((options) => ({ name: "rate", options })),
  fc
    .constantFrom(
      { name: "tests", state: "success" },
      { name: "scan", critical: { max: 0 } },
      { name: "scan", critical: 2 },
    )
    .map((options) => ({ name: "item", options })),
  fc
    .constantFrom(
      { users: ["ada"] },
      { users: ["ada"], automation: true },
      { teams: ["acme/releasers"] },
      { users: ["ada"], teams: ["acme/releasers"] },
    )
    .map((options) => ({ name: "actor", options })),
  fc
    .constantFrom(
      { path: "$.state", equals: "ok" },
      { path: "$.state", equals: "down" },
      { path: "$.none", exists: true },
    )
    .map((json) => ({ name: "http", options: { url: "https://status.test/", json, retries: 0 } })),
  fc
    .constantFrom(
      { status: { context: "test" } },
      { status: { context: ["test", "flux"] } },
      { status: { context: "*" } },
    )
    .map((options) => ({ name: "health", options })),
  fc.constantFrom(0, 1).map((max) => ({
    name: "prometheus",
    options: { url: "https://prometheus.test", query: "errors", max, retries: 0 },
  })),
  fc.constantFrom("0", "1").map((code) => ({ name: "command", options: { run: ["exit", code] } })),
  fc
    .constantFrom(
      { names: "test" },
      { names: ["*"] },
      { names: ["test", "e2e"] },
      { names: ["t*", "!test"] },
      { names: "test", on: ["source", "config"] as const },
    )
    .map((options) => ({ name: "checks", options })),
  fc
    .constantFrom(
      { users: ["ada", "grace"] },
      { users: ["ada"], by: "source" as const },
      { count: 2, users: ["ada", "grace"], by: ["environment", "source"] as const },
      { users: ["ada"], teams: ["acme/releasers"] },
      { users: ["mallory"] },
    )
    .map((options) => ({ name: "approval", options })),
);
const uses = fc.array(use, { maxLength: 4 });

const released = (number: number, at: number, more: Partial<Release> = {}): Release => ({
  request: `r${number}-${at}`,
  kind: "promotion",
  artifact: artifactOf("web", number),
  decidedOn: "0".repeat(40),
  actor: { name: "ada", verified: true },
  decidedAt: new Date(start).toISOString(),
  releasedAt: new Date(start + at * hour).toISOString(),
  state: "committed",
  writes: [],
  superseded: [],
  ...more,
});

function verdictAt(given: World, gates: readonly GateUse[], now = start + given.now * hour) {
  const records = new Map([
    [
      staging,
      given.upstream.reduce(
        (record, { number, at, verified }) => {
          const health: Partial<Release> =
            verified === undefined
              ? {}
              : { state: "healthy", verifiedAt: new Date(start + (at + verified) * hour).toISOString() };
          return withRelease(record, released(number, at, health));
        },
        emptyRecord(web, staging),
      ),
    ],
    [
      production,
      given.downstream.reduce((record, at) => withRelease(record, released(0, at)), emptyRecord(web, production)),
    ],
  ]);
  const state: State = {
    record: (_, name) => records.get(name)!,
    current: (_, name) => records.get(name)!.current,
    pin: () => undefined,
    freezes: () => [],
  };
  const subject: GateSubject = {
    intent: {
      app: web,
      environment: production,
      artifact: artifactOf("web", 1),
      explicit: given.explicit,
      request: requestId("r"),
    },
    app: pipelineOf(["web"]).apps.get(web)!,
    environment: environment("production", { from: { mode: "all", environments: [staging] }, gates: [...gates] }),
    actor: given.actor,
    reason: undefined,
    overwrite: false,
    drift: [],
    ancestry: () => undefined,
  };
  const has = async (_: string, user: string) => {
    if (!given.answers) throw new OutsideError("team/unknown", "This token may not see it.");
    return user === "grace";
  };
  const ask = async ({ url }: { url: string }) => {
    if (!given.answers) throw new OutsideError("http/unreachable", "It cannot be reached.");
    const body = url.startsWith("https://prometheus.test") ? errors : '{"state":"ok"}';
    return { status: 200, headers: {}, body };
  };
  const forge = async <T>(answer: T): Promise<T> => {
    if (!given.answers) throw new OutsideError("forge/unreachable", "It cannot be reached.");
    return answer;
  };
  const check = { name: "test", state: "succeeded", said: "success", since: undefined, url: undefined } as const;
  const verdictsOf = (by: string) => ({ verdicts: [{ by, said: "approved", current: true } as const], url: undefined });
  const approvals: Approvals = {
    ofProposal: () => forge(verdictsOf("grace")),
    ofSource: () => forge(verdictsOf("ada")),
    ofRun: () => forge({ ...verdictsOf("grace"), startedBy: [], startedAt: timestamp(start), id: "7" }),
    authors: () => forge({ people: ["mallory"], unknown: undefined }),
  };
  const run = async ({ argv }: { argv: readonly string[] }) => ({ code: Number(argv[1]), output: "" });
  const options: ObserveOptions = {
    gates: configurableGates,
    cache: new Map(),
    outside: {
      ...noOutside,
      actors: { isIn: has },
      checks: { of: () => forge([check]) },
      approvals,
      http: { ask },
      commands: { run },
    },
    clock: clockAt(now),
    templates: { render: (template) => template },
    items: async () => given.items,
    tip: someTip,
    plan: false,
  };
  return observe(subject, state, options).then((observed) => decide(subject, observed, now));
}

const verdicts: readonly Result[] = [...gateOutcomes, "promoted"];
const rank = (result: Result) => verdicts.indexOf(result);

describe("the gates that a config may ask for", () => {
  it("never let more pass when another one is added", () =>
    fc.assert(
      fc.asyncProperty(world, uses, use, async (given, gates, more) => {
        const [before, after] = [await verdictAt(given, gates), await verdictAt(given, [...gates, more])];
        expect(rank(after.result)).toBeLessThanOrEqual(rank(before.result));
      }),
      { numRuns: 60 },
    ));

  it("say the same in whatever order they stand", () =>
    fc.assert(
      fc.asyncProperty(
        world,
        uses.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        async (given, [gates, shuffled]) => {
          const [a, b] = [await verdictAt(given, gates), await verdictAt(given, shuffled)];
          const sorted = (verdict: typeof a) => verdict.gates.map((gate) => JSON.stringify(gate)).sort();
          expect(b.result).toBe(a.result);
          expect(sorted(b)).toEqual(sorted(a));
        },
      ),
    ));

  it("that hold say who or what clears them, and since when, as far as anybody can know", () => {
    const told = new Set<string>();
    // What others answer has no past; a window may never have been open; who asks, asks now.
    const timeless =
      /^(?:forge|http|command|window|health|prometheus)\/|\/(?:waits|unknown)$|^actor\/(?:unverified|not-allowed)$/;
    return fc
      .assert(
        fc.asyncProperty(world, uses, async (given, gates) => {
          for (const { met, code, since, clearedBy } of (await verdictAt(given, gates)).gates) {
            if (met) continue;
            expect(clearedBy, code).toMatch(/\S/);
            if (timeless.test(code ?? "")) continue;
            expect(since, code).toBeDefined();
            expect(Date.parse(since as string)).toBeLessThanOrEqual(start + given.now * hour);
            told.add(code ?? "");
          }
        }),
        { numRuns: 200 },
      )
      .then(() => expect(told.size).toBeGreaterThan(5));
  });

  it("hold just before they say that they clear, and are met then, when nothing else changes", () => {
    let cleared = 0;
    return fc
      .assert(
        fc.asyncProperty(world, use, async (given, gate) => {
          const [said] = (await verdictAt(given, [gate])).gates.slice(-1);
          if (said?.met !== false || said.clearsAt === undefined) return;
          cleared++;
          const at = Date.parse(said.clearsAt);
          const metAt = async (now: number) => (await verdictAt(given, [gate], now)).gates.at(-1)?.met;
          expect([await metAt(at - 1), await metAt(at)]).toEqual([false, true]);
          if (said.since !== undefined) expect(Date.parse(said.since)).toBeLessThanOrEqual(start + given.now * hour);
        }),
        { numRuns: 300 },
      )
      .then(() => expect(cleared).toBeGreaterThan(5));
  });
});
