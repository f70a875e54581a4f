import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OutsideError } from "../errors.ts";
import { freeze } from "../holds/freeze.ts";
import { pin } from "../holds/pin.ts";
import { envName, requestId } from "../model/names.ts";
import type { BreakGlass, Environment } from "../model/pipeline.ts";
import type { ReleaseRecord } from "../model/record.ts";
import { noOutside } from "../ports/no-outside.ts";
import { overrideNotices } from "../promote/board.ts";
import { promote } from "../promote/promote.ts";
import { parseTrailers } from "../records/trailers.ts";
import { artifactOf, environment, onMain, pipelineOf, start, world } from "../test-kit/memory.ts";

const [a1, a2, a3] = [1, 2, 3].map((number) => artifactOf("web", number)) as [
  ReturnType<typeof artifactOf>,
  ReturnType<typeof artifactOf>,
  ReturnType<typeof artifactOf>,
];
const grace = { name: "grace", verified: true };
const ada = { name: "ada", verified: true };
const from = { mode: "all" as const, environments: [envName("staging")] };
const onCall: BreakGlass[] = [{ gates: ["freeze", "pin", "from", "soak"], users: ["grace"], teams: ["acme/on-call"] }];

/** staging by itself, production by hand from it; the first artifact runs in both. */
async function delivery(more: Partial<Environment> = {}, teams: Record<string, readonly string[]> = {}) {
  const production = environment("production", { from, tier: "production", breakGlass: onCall, ...more });
  const pipeline = pipelineOf(["web"], [environment("staging", { policy: onMain }), production]);
  const made = world({ pipeline, artifacts: [a1, a2, a3] });
  const { ports, ask, repository } = made;
  const has = async (team: string, user: string) => {
    const members = teams[team];
    if (members === undefined) throw new OutsideError("team/unknown", `There is no team ${team}.`);
    return members.includes(user);
  };
  Object.assign(ports, { outside: { ...noOutside, actors: { isIn: has } } });
  const into = (name: string, artifact: string, asked: Parameters<typeof ask>[0] = {}) =>
    promote(ask({ environments: [name], artifact, ...asked }), ports);
  const record = () => JSON.parse(repository.text(".glu/web/production.json") ?? "null") as ReleaseRecord | null;
  const frozen = (scope = "production") =>
    freeze({ actor: ada, request: requestId(`f-${scope}`), until: undefined, scope, reason: "sale" }, ports);
  await into("staging", a1.id);
  return { ...made, into, record, frozen };
}

const overriding = (override: string[], actor = grace) => ({ override, actor, reason: "incident 42" });

describe("break-glass", () => {
  it("lets those pass whom the config names, and records what they passed", async () => {
    const { into, record, frozen, repository } = await delivery();
    await frozen();
    expect((await into("production", a1.id, { actor: grace })).result).toBe("held");
    const { result, decisions, board } = await into("production", a1.id, overriding(["freeze"]));
    expect(result).toBe("promoted");
    const seen = "production is frozen by ada: sale";
    expect(decisions[0]?.gates.find(({ name }) => name === "freeze")).toMatchObject({
      met: true,
      seen: `${seen}; overridden by grace: incident 42`,
      override: { gate: "freeze", code: "freeze/frozen", seen },
    });
    expect(record()?.current).toMatchObject({
      kind: "override",
      overrides: [{ gate: "freeze", code: "freeze/frozen", seen, clearedBy: "glu unfreeze production" }],
    });
    const message = repository.commits.at(-1)?.message ?? "";
    expect(message).toContain(`\noverrides freeze: ${seen}\n`);
    expect(parseTrailers(message)).toMatchObject([{ kind: "override", override: "freeze", reason: "incident 42" }]);
    expect(overrideNotices(board)).toEqual([
      "Break-glass: web in production runs 1.1 past freeze, overridden by grace at 2026-11-21 07:00 UTC: incident 42. This stands here until its next regular release.",
    ]);
  });

  it("is no longer told of once something regular is released there", async () => {
    const { into, frozen, ports, repository } = await delivery();
    await frozen();
    await into("production", a1.id, overriding(["freeze"]));
    repository.push("unfreeze", [{ path: ".glu/_freeze/production.json" as never, content: undefined }]);
    await into("staging", a2.id);
    const next = await into("production", a2.id, { actor: grace });
    expect(next.result).toBe("promoted");
    expect(overrideNotices(next.board)).toEqual([]);
    expect(ports.clock.now()).toBeGreaterThanOrEqual(start);
  });

  it("takes a hotfix straight to production, past from and soak", async () => {
    const { into, record } = await delivery({ gates: [{ name: "soak", options: "1h" }] });
    expect((await into("production", a3.id, overriding(["soak"]))).result).toBe("held");
    expect((await into("production", a3.id, overriding(["from", "soak"]))).result).toBe("promoted");
    expect(record()?.current?.overrides?.map(({ gate }) => gate)).toEqual(["from", "soak"]);
  });

  it("asks for the members of teams, where the name alone does not tell", async () => {
    const member = { name: "margaret", verified: true };
    const some = await delivery({}, { "acme/on-call": ["margaret"] });
    await some.frozen();
    expect((await some.into("production", a1.id, overriding(["freeze"], member))).result).toBe("promoted");
    const none = await delivery();
    await none.frozen();
    const { result, decisions } = await none.into("production", a1.id, overriding(["freeze"], member));
    expect(result).toBe("held");
    expect(decisions[0]?.reason).toContain("whether margaret may override it could not be asked: There is no team");
  });

  it.each([
    ["who is not named", overriding(["freeze"], ada), "ada may not override it"],
    ["whose name no forge vouches for", overriding(["freeze"], { name: "grace", verified: false }), "no forge vouches"],
    ["for a gate that the config does not name", overriding(["window"]), "production is frozen by ada: sale"],
  ])("holds for those %s", async (_, asked, why) => {
    const { into, frozen } = await delivery({}, { "acme/on-call": [] });
    await frozen();
    const { result, decisions } = await into("production", a1.id, asked);
    expect(result).toBe("held");
    expect(decisions[0]?.reason).toContain(why);
    const [gate] = decisions[0]?.gates.filter(({ met }) => !met) ?? [];
    expect(gate?.clearedBy).toBe("glu unfreeze production, or override: freeze by grace or a member of acme/on-call");
  });

  it("lets nobody pass where the config says nothing", async () => {
    const { into, frozen } = await delivery({ breakGlass: [] });
    await frozen();
    const { result, decisions } = await into("production", a1.id, overriding(["freeze"]));
    expect([result, decisions[0]?.reason]).toEqual([
      "held",
      "production is frozen by ada: sale; nobody may override it in production",
    ]);
  });

  it("records nothing of what was met anyhow", async () => {
    const { into, record } = await delivery();
    const { decisions } = await into("production", a1.id, overriding(["freeze", "pin"]));
    expect(record()?.current).toMatchObject({ kind: "promotion" });
    expect(record()?.current).not.toHaveProperty("overrides");
    expect(decisions[0]?.reason).toBe("all gates are met");
  });

  it.each([
    [["order"], "override/gate", "glu rollback goes back."],
    [["actor"], "override/gate", "It says who may ask"],
    [["freez"], "override/gate", 'Did you mean "freeze"?'],
  ])("refuses %j before anything is read", async (override, code, fix) => {
    const { into, repository } = await delivery();
    const before = repository.commits.length;
    await expect(into("production", a1.id, overriding(override))).rejects.toMatchObject({
      code,
      fix: expect.stringContaining(fix),
    });
    expect(repository.commits).toHaveLength(before);
  });

  it("needs a reason and the name of an environment", async () => {
    const { into, ports, ask } = await delivery();
    await expect(into("production", a1.id, { ...overriding(["freeze"]), reason: undefined })).rejects.toMatchObject({
      code: "override/reason",
    });
    await expect(into("production", a1.id, { ...overriding(["freeze"]), reason: " " })).rejects.toMatchObject({
      code: "override/reason",
    });
    await expect(promote(ask({ environments: [], ...overriding(["freeze"]) }), ports)).rejects.toMatchObject({
      code: "override/environment",
    });
  });

  it("starts nothing that it overrides, and waits for nobody", async () => {
    const ran: unknown[] = [];
    const made = await delivery({
      breakGlass: [{ gates: ["command"], users: ["grace"] }],
      gates: [{ name: "command", options: { run: ["./smoke"] } }],
    });
    const run = async (asked: unknown) => {
      ran.push(asked);
      return { code: 1, output: "no" };
    };
    Object.assign(made.ports, { outside: { ...made.ports.outside, commands: { run } } });
    const { result } = await made.into("production", a1.id, overriding(["command"]));
    expect([result, ran]).toEqual(["promoted", []]);
    expect(made.record()?.current?.overrides).toMatchObject([{ gate: "command", code: "override/skipped" }]);
  });

  it("passes a pin on the way back for those whom the config names, where it names somebody", async () => {
    const made = await delivery();
    const { into, ports, ask } = made;
    await into("production", a1.id);
    await into("staging", a2.id);
    await into("production", a2.id);
    const place = { app: "web", environment: "production", artifact: undefined, until: undefined };
    await pin({ ...place, actor: ada, request: requestId("p"), reason: "contract" }, ports);
    const rollback = { target: { kind: "steps" as const, count: 1 }, pin: undefined, exact: false, directly: false };
    const roll = (asked: Parameters<typeof ask>[0]) =>
      promote(ask({ environments: ["production"], rollback, ...asked }), ports);
    Object.assign(ports, { outside: { ...noOutside, actors: { isIn: async () => false } } });
    expect((await roll(overriding(["pin"], ada))).result).toBe("held");
    expect((await roll(overriding(["pin"]))).result).toBe("promoted");
    expect(made.record()?.current).toMatchObject({ kind: "rollback", overrides: [{ gate: "pin" }] });
  });

  it("only ever turns what was held by gates that were named into a promotion", async () => {
    const open = ["freeze", "pin", "from", "soak", "window"];
    const some = fc.subarray(open);
    await fc.assert(
      fc.asyncProperty(some, some, fc.subarray(open), fc.boolean(), async (inTheWay, named, allowed, verified) => {
        const gates = [
          ...(inTheWay.includes("soak") ? [{ name: "soak", options: "1h" }] : []),
          ...(inTheWay.includes("window")
            ? [{ name: "window", options: { block: [{ start: "2026-11-01", end: "2026-12-01", zone: "UTC" }] } }]
            : []),
        ];
        const made = await delivery({ gates, breakGlass: [{ gates: allowed, users: ["grace"] }] });
        const artifact = inTheWay.includes("from") ? a3 : a1;

        if (inTheWay.includes("freeze")) await made.frozen();
        if (inTheWay.includes("pin")) {
          const held = { schema: "glu.pin.v1", app: "web", environment: "production", artifact: "other", reason: "x" };
          const pinned = { ...held, actor: ada, at: new Date(start).toISOString(), request: "p" };
          const content = new TextEncoder().encode(`${JSON.stringify(pinned)}\n`);
          made.repository.push("pin", [{ path: ".glu/web/production.pin.json" as never, content }]);
        }
        const without = (await made.into("production", artifact.id, { plan: true, actor: grace })).decisions[0];
        const actor = { name: "grace", verified };
        const decided = await made.into("production", artifact.id, { ...overriding(named, actor) });
        const passes = inTheWay.every((one) => verified && named.includes(one) && allowed.includes(one));
        expect(without?.result).toBe(inTheWay.length === 0 ? "planned" : "held");
        expect(decided.result).toBe(passes ? "promoted" : "held");
        const unmet = (all: typeof without) => all?.gates.filter(({ met }) => !met).map(({ name }) => name) ?? [];
        const left = unmet(without).filter((name) => !(verified && named.includes(name) && allowed.includes(name)));
        expect(unmet(decided.decisions[0])).toEqual(left);
        const recorded = made.record()?.current?.overrides?.map(({ gate }) => gate) ?? [];
        expect(recorded.sort()).toEqual(passes ? [...inTheWay].sort() : []);
      }),
      { numRuns: 60 },
    );
  });
});
