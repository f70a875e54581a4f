import { describe, expect, it } from "vitest";
import { UserError } from "../errors.ts";
import { freeze } from "../holds/freeze.ts";
import { refreshStatuses } from "../judge/refresh.ts";
import { envName, type RefName, repoPath, requestId } from "../model/names.ts";
import type { BreakGlass } from "../model/pipeline.ts";
import type { RollbackOptions } from "../promote/options.ts";
import { promote } from "../promote/promote.ts";
import { reconcile } from "../reconcile/reconcile.ts";
import { artifactOf, bytes, environment, onMain, pipelineOf, world } from "../test-kit/memory.ts";
import { MemoryForge } from "../test-kit/memory-forge.ts";
import { MemoryStatuses } from "../test-kit/memory-statuses.ts";

const back: RollbackOptions = {
  target: { kind: "steps", count: 1 },
  pin: { until: undefined },
  exact: false,
  directly: false,
};
const branchOf = (last: string) => `refs/heads/glu/production/${last}` as RefName;
const breakGlass: BreakGlass[] = [{ gates: ["freeze"], users: ["grace"] }];
const ada = { name: "ada", verified: true };
const grace = { name: "grace", verified: true };

/** production has had the first and then the second of each app, and proposes since, each app by itself or all together. */
async function proposing({ apps = ["web"], set = false }: { apps?: string[]; set?: boolean } = {}) {
  const from = { mode: "all" as const, environments: [envName("staging")] };
  const production = environment("production", { from, auto: "newest", breakGlass });
  const pipeline = pipelineOf(apps, [environment("staging", { policy: onMain }), production]);
  const made = world({
    apps,
    pipeline,
    artifacts: apps.flatMap((app) => [1, 2, 3].map((one) => artifactOf(app, one))),
  });
  const { ports, ask, repository, clock } = made;
  repository.now = () => clock.now();
  const forge = new MemoryForge(repository);
  const statuses = new MemoryStatuses();
  Object.assign(ports, { proposing: forge, statuses });
  const into = (name: string, app: string, number: number, more: Parameters<typeof ask>[0] = {}) =>
    promote(ask({ apps: [app], environments: [name], artifact: artifactOf(app, number).id, ...more }), ports);
  for (const app of apps) {
    for (const number of [1, 2]) {
      await into("staging", app, number);
      await into("production", app, number);
      clock.time += 60_000;
    }
  }
  Object.assign(production, { propose: { autoMerge: true }, ...(set ? { set: true } : {}) });
  const roll = (more: Partial<RollbackOptions> = {}, asked: Parameters<typeof ask>[0] = {}) =>
    promote(ask({ environments: ["production"], rollback: { ...back, ...more }, ...asked }), ports);
  const runs = () =>
    reconcile({ ...ask(), apps: [], requestOf: (name: string) => `${ask().request}-${name}` as never } as never, ports);
  const status = (last = "web") =>
    statuses.at(repository.proposed.get(branchOf(last))?.commit, "glu/production")?.state;
  const refresh = () => refreshStatuses({ apps: [], environments: [] }, ports);
  const text = (path: string, last = "web") => {
    const change = repository.proposed.get(branchOf(last))?.changes.find((one) => one.path === path);
    return change?.content === undefined ? undefined : new TextDecoder().decode(change.content);
  };
  const pinned = () => JSON.parse(text(".glu/web/production.pin.json") ?? "null");
  const recorded = () => JSON.parse(text(".glu/web/production.json") ?? "null").current;
  const writing = (set: Record<string, string>) => {
    const [app] = pipeline.apps.values();
    Object.assign(app?.write[0]?.options ?? {}, { set });
  };
  const states = () => forge.proposals.map(({ branch, state }) => `${branch.replace(branchOf(""), "")} ${state}`);
  return { ...made, forge, into, roll, runs, status, refresh, text, pinned, recorded, writing, states };
}

describe("what is proposed with a reason", () => {
  it("may not be merged once it is rejected: the reason is older than that", async () => {
    const { into, roll, status, refresh, pipeline, clock } = await proposing();
    await into("staging", "web", 3);
    await into("production", "web", 3, { reason: "wanted" });
    await refresh();
    expect(status()).toBe("success");
    const production = pipeline.environments.get(envName("production"))!;
    const { propose } = production;
    Object.assign(production, { propose: undefined });
    clock.time += 60_000;
    await into("production", "web", 3, { request: requestId("elsewhere") });
    await roll({ pin: undefined }, { request: requestId("back"), reason: "errors" });
    Object.assign(production, { propose });
    await refresh();
    expect(status()).toBe("failure");
  });
});

describe("a rollback that is asked for again while it is proposed", () => {
  it("gets the pin and the reason of the newest request", async () => {
    const { roll, pinned, recorded, states } = await proposing();
    await roll({}, { reason: "first" });
    const until = "2026-11-22T07:00:00Z" as never;
    const { decisions } = await roll({ pin: { until } }, { reason: "second" });
    expect(decisions).toMatchObject([{ result: "proposed", proposal: { number: 1 } }]);
    expect([pinned(), recorded().reason]).toMatchObject([{ until, reason: "second" }, "second"]);
    expect(states()).toEqual(["web open"]);
  });

  it("by the same request, or with the same words, stays as it is", async () => {
    const { roll, repository, pinned } = await proposing();
    const again = { request: requestId("again"), again: true };
    const until = (minute: number) => ({ pin: { until: `2026-11-22T07:0${minute}:00Z` as never } });
    await roll(until(1), again);
    const before = repository.proposed.get(branchOf("web"))?.commit;
    // "2h" is another time with each run.
    const { decisions } = await roll(until(2), again);
    expect(decisions).toMatchObject([{ result: "proposed", reason: "proposed before", proposal: { number: 1 } }]);
    await roll(until(1));
    expect(repository.proposed.get(branchOf("web"))?.commit).toBe(before);
    expect(pinned().until).toBe("2026-11-22T07:01:00Z");
  });
});

describe("the status of a proposed rollback", () => {
  it.each([{ tag: "v{{tag}}" }, { gone: "{{tag}}" }])(
    "is a success for files byte for byte, though the config of today would write %o",
    async (set) => {
      const { roll, status, refresh, writing, forge, text } = await proposing();
      writing(set);
      expect((await roll({ exact: true })).result).toBe("proposed");
      expect(text("apps/web/production.txt")).toContain("tag: 1.1\n");
      expect([status(), forge.autoMerge.has(1)]).toEqual(["success", true]);
      await refresh();
      expect(status()).toBe("success");
    },
  );

  it("is a success where a value is taken from what the release wrote", async () => {
    const { roll, status, refresh, writing, ports, text } = await proposing();
    const { render } = ports.templates;
    ports.templates = {
      render: (template, variables) => {
        const isLacking = template.includes("{{vars.new}}") && variables.images !== undefined;
        if (isLacking) throw new UserError("template/missing-variable", "There is no vars.new.");
        return render(template, variables);
      },
    };
    writing({ tag: "{{tag}}-{{vars.new}}" });
    expect((await roll()).result).toBe("proposed");
    expect(text("apps/web/production.txt")).toContain("tag: 1.1\n");
    expect(status()).toBe("success");
    await refresh();
    expect(status()).toBe("success");
  });

  it("by intent waits when the config writes other values by now", async () => {
    const { roll, status, refresh, writing } = await proposing();
    await roll();
    writing({ tag: "v{{tag}}" });
    await refresh();
    expect(status()).toBe("pending");
  });

  it("is a success after a rebase, and not where somebody says that these files were there byte for byte", async () => {
    const { roll, status, refresh, repository } = await proposing();
    await roll({ exact: true });
    const branch = branchOf("web");
    const proposed = repository.proposed.get(branch);
    if (proposed === undefined) throw new Error("nothing is proposed");
    const rebased = { ...proposed, commit: "b".repeat(40) as never, tree: "other" as never };
    repository.proposed.set(branch, rebased);
    await refresh();
    expect(status()).toBe("success");
    const forged = (text: string) => text.replace('"value": "1.1"', '"value": "6.6"').replace("tag: 1.1", "tag: 6.6");
    const changes = proposed.changes.map((one) => ({
      ...one,
      content: bytes(forged(new TextDecoder().decode(one.content))),
    }));
    repository.proposed.set(branch, { ...rebased, changes });
    await refresh();
    expect(status()).toBe("failure");
  });
});

describe("a rollback of one that is promoted together with others", () => {
  it("alone is not put away by what a policy proposes for all, which waits", async () => {
    const { roll, runs, into, states } = await proposing({ apps: ["api", "web"], set: true });
    const { decisions } = await roll({}, { apps: ["web"] });
    expect(decisions).toMatchObject([{ result: "proposed", proposal: { number: 1 } }]);
    for (const app of ["api", "web"]) await into("staging", app, 3);
    const there = (await runs()).decisions.filter(({ intent }) => intent.environment === "production");
    expect(there.map(({ result, reason }) => [result, reason])).toEqual([
      ["held", "#1 proposes to go back, and waits to be merged"],
      ["held", "#1 proposes to go back, and waits to be merged"],
    ]);
    expect(states()).toEqual(["web open"]);
  });

  it("alone puts away what takes it forward with the others", async () => {
    const { roll, runs, into, states, forge } = await proposing({ apps: ["api", "web"], set: true });
    for (const app of ["api", "web"]) await into("staging", app, 3);
    await runs();
    const { notices } = await roll({}, { apps: ["web"] });
    expect(states()).toEqual(["api+web closed", "web open"]);
    expect(forge.comments).toEqual(["Closed: web goes back by https://forge.test/2."]);
    expect(notices.join("\n")).toContain("#1 was closed: web goes back by https://forge.test/2.");
    await runs();
    expect(states()).toEqual(["api+web closed", "web open"]);
  });

  it("together is not put away by what a policy proposes for one, nor by who takes one further back", async () => {
    const { roll, runs, into, states } = await proposing({ apps: ["api", "web"] });
    await roll({}, { apps: ["api", "web"], set: true });
    await into("staging", "web", 3);
    await runs();
    expect(states()).toEqual(["api+web open"]);
    await roll({ target: { kind: "named", name: artifactOf("web", 1).id } }, { apps: ["web"] });
    expect(states()).toEqual(["api+web open", "web open"]);
  });
});

describe("break-glass", () => {
  const over = { override: ["freeze"], actor: grace, reason: "incident 42" };
  const frozen = { actor: ada, request: requestId("f"), until: undefined, scope: "production", reason: "sale" };

  it("for what is proposed already is written into the proposal, which may then be merged", async () => {
    const { into, ports, status, recorded, forge, refresh } = await proposing();
    await into("staging", "web", 3);
    expect((await into("production", "web", 3)).result).toBe("proposed");
    await freeze(frozen, ports);
    await refresh();
    expect([status(), forge.autoMerge.has(1)]).toEqual(["failure", false]);
    expect((await into("production", "web", 3, over)).result).toBe("proposed");
    expect(recorded()).toMatchObject({ kind: "override", actor: { name: "grace" }, overrides: [{ gate: "freeze" }] });
    expect([status(), forge.autoMerge.has(1)]).toEqual(["success", true]);
  });

  it("for what is proposed already stays when a policy wants the same", async () => {
    const { into, runs, ports, recorded, repository, states } = await proposing();
    await into("staging", "web", 3);
    await freeze(frozen, ports);
    await into("production", "web", 3, over);
    repository.push("unfreeze", [{ path: repoPath(".glu/_freeze/production.json"), content: undefined }]);
    await runs();
    expect([recorded().kind, states()]).toEqual(["override", ["web open"]]);
  });
});

describe("a rollback whose proposal somebody closed", () => {
  it("says what brings it back, which no newer artifact does", async () => {
    const { roll, forge, states, repository } = await proposing();
    await roll();
    forge.closeByHand(1);
    const { decisions } = await roll();
    const gate = decisions[0]?.gates.find(({ met }) => !met);
    expect(gate).toMatchObject({ code: "proposal/closed", clearedBy: "opening #1 again, or --strategy commit" });
    repository.proposed.delete(branchOf("web"));
    const [gone] = (await roll()).decisions;
    const clearedBy = "restoring the branch glu/production/web and opening #1 again, or --strategy commit";
    expect(gone?.gates.find(({ met }) => !met)).toMatchObject({ code: "proposal/closed", clearedBy });
    expect((await roll({ directly: true })).result).toBe("promoted");
    expect(states()).toEqual(["web closed"]);
  });
});

describe("a rollback that is written at once where the token may not push", () => {
  it("says that it can be proposed", async () => {
    const { roll, repository } = await proposing();
    repository.commit = async () => {
      throw new UserError("repository/protected", "main is protected.", {
        seen: "protected",
        fix: "Let it bypass them.",
      });
    };
    await expect(roll({ directly: true })).rejects.toMatchObject({
      code: "repository/protected",
      fix: "Let it bypass them. Without --strategy commit it is proposed, where the environment has propose.",
    });
  });
});
