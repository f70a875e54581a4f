import { describe, expect, it } from "vitest";
import { freeze } from "../holds/freeze.ts";
import { refreshStatuses } from "../judge/refresh.ts";
import { envName, requestId } from "../model/names.ts";
import type { RollbackOptions } from "../promote/options.ts";
import { promote } from "../promote/promote.ts";
import { reconcile } from "../reconcile/reconcile.ts";
import { parseTrailers } from "../records/trailers.ts";
import { artifactOf, environment, onMain, pipelineOf, world } from "../test-kit/memory.ts";
import { MemoryForge } from "../test-kit/memory-forge.ts";
import { MemoryStatuses } from "../test-kit/memory-statuses.ts";

const back: RollbackOptions = {
  target: { kind: "steps", count: 1 },
  pin: { until: undefined },
  exact: false,
  directly: false,
};
const branch = "refs/heads/glu/production/web" as never;
const [a1, a2, a3] = [1, 2, 3].map((number) => artifactOf("web", number)) as [
  ReturnType<typeof artifactOf>,
  ReturnType<typeof artifactOf>,
  ReturnType<typeof artifactOf>,
];

/** production proposes what staging has, and has had the first and then the second. */
async function proposing() {
  const from = { mode: "all" as const, environments: [envName("staging")] };
  const production = environment("production", { from, auto: "newest" });
  const pipeline = pipelineOf(["web"], [environment("staging", { policy: onMain }), production]);
  const made = world({ pipeline, artifacts: [a1, a2, a3] });
  const { ports, ask, repository } = made;
  const forge = new MemoryForge(repository);
  const statuses = new MemoryStatuses();
  Object.assign(ports, { proposing: forge, statuses });
  const status = () => statuses.at(repository.proposed.get(branch)?.commit, "glu/production");
  const into = (name: string, id: string) => promote(ask({ environments: [name], artifact: id }), ports);
  for (const { id } of [a1, a2]) {
    await into("staging", id);
    await into("production", id);
  }
  (production as { propose: unknown }).propose = { autoMerge: true };
  const roll = (more: Partial<RollbackOptions> = {}) =>
    promote(ask({ environments: ["production"], rollback: { ...back, ...more } }), ports);
  const runs = () =>
    reconcile({ ...ask(), apps: [], requestOf: (name: string) => `${ask().request}-${name}` as never } as never, ports);
  const current = () => JSON.parse(repository.text(".glu/web/production.json") ?? "null").current;
  return { ...made, forge, status, into, roll, runs, current };
}

describe("a rollback where changes are proposed", () => {
  it("is proposed, with its pin, and says what it is", async () => {
    const { roll, repository, current } = await proposing();
    const { result, decisions } = await roll();
    expect([result, current().artifact.id]).toEqual(["proposed", a2.id]);
    expect(decisions[0]).toMatchObject({ proposal: { number: 1 } });
    const { changes, message } = repository.proposed.get(branch)!;
    expect(changes.map(({ path }) => path).sort()).toEqual([
      ".glu/web/production.json",
      ".glu/web/production.pin.json",
      "apps/web/production.txt",
    ]);
    expect(parseTrailers(message)).toMatchObject([{ kind: "rollback", artifact: a1.id }]);
  });

  it("is not replaced by what a policy promotes, but by what somebody asks for", async () => {
    const { roll, into, runs, repository } = await proposing();
    await roll();
    const before = repository.proposed.get(branch)?.commit;
    await into("staging", a3.id);
    const { decisions } = await runs();
    const there = decisions.filter(({ intent }) => intent.environment === "production");
    expect(there).toMatchObject([{ result: "held", reason: expect.stringContaining("#1 proposes to go back") }]);
    expect(repository.proposed.get(branch)?.commit).toBe(before);
    expect((await into("production", a3.id)).result).toBe("proposed");
    expect(repository.proposed.get(branch)?.commit).not.toBe(before);
  });

  it("may be merged in spite of a freeze", async () => {
    const { roll, ports, status, forge } = await proposing();
    const by = { actor: { name: "ada", verified: true }, request: requestId("f"), until: undefined };
    await freeze({ ...by, scope: "all", reason: "audit" }, ports);
    await roll();
    expect(status()?.state).toBe("success");
    expect(forge.autoMerge.has(1)).toBe(true);
    await refreshStatuses({ apps: [], environments: [] }, ports);
    expect(status()?.state).toBe("success");
  });

  it("that is written at once fails what is proposed, and nothing is merged by itself any more", async () => {
    const { roll, into, status, forge } = await proposing();
    await into("staging", a3.id);
    expect((await into("production", a3.id)).result).toBe("proposed");
    expect([status()?.state, forge.autoMerge.has(1)]).toEqual(["success", true]);
    await roll({ directly: true });
    expect(status()).toMatchObject({ state: "failure", description: expect.stringMatching(/^pin: is pinned at /) });
    expect(forge.autoMerge.has(1)).toBe(false);
  });

  it("goes to the branch at once when that is asked for", async () => {
    const { roll, current } = await proposing();
    expect((await roll({ directly: true })).result).toBe("promoted");
    expect(current()).toMatchObject({ kind: "rollback", artifact: { id: a1.id }, releasedAt: expect.any(String) });
  });
});
