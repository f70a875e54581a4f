import { describe, expect, it } from "vitest";
import { drift } from "../drift/drift.ts";
import { freeze } from "../holds/freeze.ts";
import { pin } from "../holds/pin.ts";
import { envName, type RefName, requestId } from "../model/names.ts";
import type { BreakGlass, Environment } from "../model/pipeline.ts";
import { promote } from "../promote/promote.ts";
import { reconcile } from "../reconcile/reconcile.ts";
import { artifactOf, environment, onMain, pipelineOf, world } from "../test-kit/memory.ts";
import { MemoryForge } from "../test-kit/memory-forge.ts";
import { MemoryStatuses } from "../test-kit/memory-statuses.ts";
import { refreshStatuses } from "./refresh.ts";

const branch = "refs/heads/glu/production/web" as RefName;
const [a1, a2, a3] = [1, 2, 3].map((number) => artifactOf("web", number)) as [
  ReturnType<typeof artifactOf>,
  ReturnType<typeof artifactOf>,
  ReturnType<typeof artifactOf>,
];
const ada = { name: "ada", verified: true };
const grace = { name: "grace", verified: true };
const onCall: BreakGlass[] = [{ gates: ["freeze", "pin"], users: ["grace"] }];

/** production proposes what staging has; the first two run in staging. */
async function proposing(glass: BreakGlass[] = onCall) {
  const from = { mode: "all" as const, environments: [envName("staging")] };
  const production = environment("production", { from, propose: { autoMerge: true }, breakGlass: glass });
  const pipeline = pipelineOf(["web"], [environment("staging", { policy: onMain }), production]);
  const made = world({ pipeline, artifacts: [a1, a2, a3] });
  const { ports, ask, repository, clock } = made;
  repository.now = () => clock.now();
  const forge = new MemoryForge(repository);
  const statuses = new MemoryStatuses();
  Object.assign(ports, { proposing: forge, statuses });
  const status = () => statuses.at(repository.proposed.get(branch)?.commit, "glu/production");
  const into = (name: string, id: string, more: Parameters<typeof ask>[0] = {}) =>
    promote(ask({ environments: [name], artifact: id, ...more }), ports);
  for (const { id } of [a1, a2]) await into("staging", id);
  const frozen = (scope: string) =>
    freeze({ actor: ada, request: requestId(`f-${scope}`), until: undefined, scope, reason: "sale" }, ports);
  const over = (override: string[]) => ({ override, actor: grace, reason: "incident 42" });
  const refresh = () => refreshStatuses({ apps: [], environments: [] }, ports);
  const look = () => drift({ apps: [], environments: [], since: undefined, sinceIsAsked: false }, ports);
  return { ...made, production, forge, status, into, frozen, over, refresh, look };
}

describe("a proposal that overrides a gate", () => {
  it("may be merged by what its record says, and merges by itself", async () => {
    const { into, frozen, over, status, forge, refresh } = await proposing();
    await frozen("production");
    expect((await into("production", a1.id, over(["freeze"]))).result).toBe("proposed");
    expect([status()?.state, forge.autoMerge.has(1)]).toEqual(["success", true]);
    await refresh();
    expect(status()?.state).toBe("success");
  });

  it("may no longer once the config lets that person override it no more", async () => {
    const { into, frozen, over, status, forge, refresh, production } = await proposing();
    await frozen("production");
    await into("production", a1.id, over(["freeze"]));
    (production as { breakGlass: Environment["breakGlass"] }).breakGlass = [];
    await refresh();
    expect(status()).toMatchObject({
      state: "failure",
      description: expect.stringContaining("frozen by ada: sale; nobody may override it"),
    });
    expect(forge.autoMerge.has(1)).toBe(false);
  });

  it("is held by what nobody overrode when it was made", async () => {
    const { into, frozen, over, status, refresh, ports } = await proposing([
      { gates: ["freeze", "pin"], users: ["grace"] },
    ]);
    await frozen("production");
    await into("production", a1.id, over(["freeze", "pin"]));
    const place = { app: "web", environment: "production", artifact: undefined, until: undefined };
    await expect(pin({ ...place, actor: ada, request: requestId("p"), reason: "x" }, ports)).rejects.toThrow();
    expect(status()?.state).toBe("success");
    await frozen("all");
    await refresh();
    // Another freeze is the gate that was overridden, too.
    expect(status()?.state).toBe("success");
  });

  it("is not replaced by what a policy promotes", async () => {
    const { into, frozen, over, repository, ports, ask, production } = await proposing();
    (production as { auto: Environment["auto"] }).auto = "newest";
    await frozen("production");
    await into("production", a1.id, over(["freeze"]));
    repository.push("unfreeze", [{ path: ".glu/_freeze/production.json" as never, content: undefined }]);
    const before = repository.proposed.get(branch)?.commit;
    const { decisions } = await reconcile(
      { ...ask(), apps: [], requestOf: (name: string) => `${ask().request}-${name}` as never } as never,
      ports,
    );
    const there = decisions.filter(({ intent }) => intent.environment === "production");
    expect(there).toMatchObject([{ result: "held", reason: expect.stringContaining("#1 overrides gates") }]);
    expect(repository.proposed.get(branch)?.commit).toBe(before);
  });

  it.each([true, false])("is no violation once it was merged (squashed: %s), and is told of", async (squash) => {
    const { into, frozen, over, forge, clock, look, repository } = await proposing();
    await frozen("production");
    await into("production", a1.id, over(["freeze"]));
    forge.merge(1, clock.now(), { squash });
    expect((await look()).findings).toEqual([]);
    expect(repository.text(".glu/web/production.json")).toContain('"gate": "freeze"');
  });

  it("of a rollback over a pin may be merged, also where the pin says something else", async () => {
    const { into, forge, clock, ports, ask, status, refresh, over } = await proposing([]);
    for (const { id } of [a1, a2]) {
      await into("production", id);
      forge.merge(forge.proposals.length, clock.now());
      clock.time += 60_000;
    }
    const place = { app: "web", environment: "production", artifact: undefined, until: undefined };
    await pin({ ...place, actor: ada, request: requestId("p"), reason: "contract" }, ports);
    const rollback = { target: { kind: "steps" as const, count: 1 }, pin: undefined, exact: false, directly: false };
    const { result } = await promote(ask({ environments: ["production"], rollback, ...over(["pin"]) }), ports);
    expect([result, status()?.state]).toEqual(["proposed", "success"]);
    await refresh();
    expect(status()?.state).toBe("success");
  });
});
