import { describe, expect, it } from "vitest";
import { UserError } from "../errors.ts";
import type { Artifact } from "../model/artifact.ts";
import { envName, type RefName } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import { promote } from "../promote/promote.ts";
import { reconcile } from "../reconcile/reconcile.ts";
import { artifactOf, environment, onMain, pipelineOf, world } from "../test-kit/memory.ts";
import { MemoryForge } from "../test-kit/memory-forge.ts";
import { MemoryRepository } from "../test-kit/memory-repository.ts";
import { readMarker } from "./marker.ts";

const staging = environment("staging", { policy: onMain });
const from = { mode: "all" as const, environments: [envName("staging")] };
const production = environment("production", { from, propose: {} });
const [web, api] = [artifactOf("web", 1), artifactOf("api", 1)];
const newer = artifactOf("web", 2);
const branchOf = (names: string) => `refs/heads/glu/production/${names}` as RefName;

async function setting(staged: readonly Artifact[] = [web, api]) {
  const apps = ["web", "api"];
  const pipeline = pipelineOf(apps, [staging, production]);
  const made = world({ apps, pipeline, artifacts: [web, api, newer] });
  const forge = new MemoryForge(made.repository);
  made.ports.proposing = forge;
  const to = (name: string, artifact: Artifact) =>
    promote(made.ask({ apps: [artifact.app], environments: [name], artifact: artifact.id }), made.ports);
  for (const one of staged) await to("staging", one);
  let runs = 0;
  return {
    ...made,
    forge,
    to,
    both: (set: boolean) => promote(made.ask({ apps, environments: ["production"], set }), made.ports),
    look: () => {
      const run = ++runs;
      return reconcile({ ...made.ask({ apps: [] }), requestOf: (name) => `look-${run}-${name}` as never }, made.ports);
    },
    become: (...environments: Environment[]) => {
      made.ports.loadPipeline = async () => pipelineOf(apps, environments);
    },
    states: () => forge.proposals.map(({ branch, state }) => [branch.replace(branchOf(""), ""), state]),
  };
}

describe("a proposal whose place another one takes", () => {
  it("is closed with a link to those of each app, and its branch is gone", async () => {
    const { both, states, forge, repository } = await setting();
    await both(true);
    const { notices } = await both(false);
    expect(states()).toEqual([
      ["api+web", "closed"],
      ["web", "open"],
      ["api", "open"],
    ]);
    const links = ["web is proposed by https://forge.test/2", "api is proposed by https://forge.test/3"];
    expect(forge.comments).toHaveLength(1);
    for (const link of links) {
      expect(forge.comments[0]).toContain(link);
      expect(notices.join("\n")).toContain(link);
    }
    expect([...repository.proposed.keys()]).toEqual([branchOf("web"), branchOf("api")]);
  });

  it("is closed the other way round, and may be proposed again: people did not close it", async () => {
    const { both, states } = await setting();
    await both(false);
    await both(true);
    expect(states()).toEqual([
      ["web", "closed"],
      ["api", "closed"],
      ["api+web", "open"],
    ]);
    const { decisions } = await both(false);
    expect(decisions.map(({ result }) => result)).toEqual(["proposed", "proposed"]);
    expect(states().slice(2)).toEqual([
      ["api+web", "closed"],
      ["web", "open"],
      ["api", "open"],
    ]);
  });

  it("stays where only some of its apps went another way", async () => {
    const { both, to, states } = await setting();
    await both(true);
    await to("production", web);
    expect(states()).toEqual([
      ["api+web", "open"],
      ["web", "open"],
    ]);
  });

  it("stays when somebody has written to it, which is said", async () => {
    const { both, states, repository } = await setting();
    await both(true);
    const proposed = repository.proposed.get(branchOf("api+web"))!;
    repository.proposed.set(branchOf("api+web"), {
      ...proposed,
      commit: "b".repeat(40) as never,
      tree: "other" as never,
    });
    const { notices } = await both(false);
    expect(states()[0]).toEqual(["api+web", "open"]);
    expect(notices).toEqual([
      expect.stringMatching(/^#1 is no longer needed: .*so it is left open: https:\/\/forge\.test\/1$/),
    ]);
    expect(repository.proposed.has(branchOf("api+web"))).toBe(true);
  });

  it("stays when its text is no longer Glu's", async () => {
    const { both, states, forge } = await setting();
    await both(true);
    (forge.proposals[0] as { body: string }).body = "Mine.";
    await both(false);
    expect(states()[0]).toEqual(["api+web", "open"]);
  });

  it("is left alone by a run of an app that it does not bring", async () => {
    const { to, states, forge } = await setting();
    await to("production", web);
    await to("production", api);
    expect(states()).toEqual([
      ["web", "open"],
      ["api", "open"],
    ]);
    expect(forge.comments).toEqual([]);
  });
});

it("a proposal of what runs there by another way is closed, also by a run that has nothing to propose", async () => {
  const { to, states, repository, forge } = await setting();
  await to("production", web);
  const { message, changes } = repository.proposed.get(branchOf("web"))!;
  repository.push(message, changes);
  expect((await to("production", web)).decisions).toMatchObject([{ result: "unchanged" }]);
  expect(states()).toEqual([["web", "closed"]]);
  expect(forge.comments).toEqual([`Closed: web runs ${web.id} in production already.`]);
});

it.each([
  ["that no longer proposes", environment("production", { from }), /no longer proposed, but committed/],
  ["that is gone", environment("live", { from }), /there is no environment production any longer/],
])("a proposal of an environment %s is closed by a reconciliation", async (_, now, why) => {
  const { to, look, states, forge, become } = await setting();
  await to("production", web);
  become(staging, now);
  await look();
  expect(states()).toEqual([["web", "closed"]]);
  expect(forge.comments).toEqual([expect.stringMatching(why)]);
  await look();
  expect(forge.comments).toHaveLength(1);
});

it("a proposal into the branch where the environment was before is closed with a link, and the new one keeps its branch", async () => {
  const { to, look, states, forge, repository } = await setting();
  await to("production", web);
  // As it was before the environment got its `ref`.
  Object.assign(forge.proposals[0] as object, { base: "refs/heads/old" });
  await to("production", web);
  expect(states()).toEqual([
    ["web", "closed"],
    ["web", "open"],
  ]);
  expect(forge.comments).toEqual(["Closed: web is proposed by https://forge.test/2, and no longer into old."]);
  await look();
  expect([...repository.proposed.keys()]).toEqual([branchOf("web")]);
  expect(states().at(-1)).toEqual(["web", "open"]);
});

it("in another repository, what this config proposed there is closed, and what another config did stays", async () => {
  const { to, look, become, ports } = await setting();
  const other = new MemoryRepository({ "apps/web/production.txt": "a: 1\ntag: none\n" });
  Object.assign(other, { location: "memory://live" });
  const there = new MemoryForge(other);
  const here = ports.proposing;
  ports.proposing = {
    of: (target) => (target === other ? there : here).of(target),
    text: () => there.text({ decisions: [] } as never),
  };
  ports.repositoryOf = ({ name }) => (name === "production" ? other : ports.repository);
  await to("production", web);
  const [mine] = there.proposals as [(typeof there.proposals)[0]];
  expect(readMarker(mine.body)?.config).toBe(ports.repository.location);
  const branch = branchOf("billing");
  const body = mine.body.replace('"web":', '"billing":').replace(ports.repository.location, "memory://another-config");
  there.proposals.push({ ...mine, number: 2, branch, body });
  other.proposed.set(branch, other.proposed.get(branchOf("web"))!);
  const states = () => there.proposals.map(({ state }) => state);
  await to("production", web);
  await look();
  expect(states()).toEqual(["open", "open"]);
  become(staging, environment("production", { from }));
  await look();
  expect(states()).toEqual(["closed", "open"]);
  expect(there.comments).toEqual(["Closed: changes of production are no longer proposed, but committed."]);
  expect([...other.proposed.keys()]).toEqual([branch]);
});

it("a proposal of an app that left the environment is closed", async () => {
  const { to, look, states, ports, forge } = await setting();
  await to("production", web);
  const pipeline = pipelineOf(["web", "api"], [staging, production]);
  const app = [...pipeline.apps.values()].find(({ name }) => name === "web")!;
  app.environments = [envName("staging")];
  ports.loadPipeline = async () => pipeline;
  await look();
  expect(states()).toEqual([["web", "closed"]]);
  expect(forge.comments).toEqual(["Closed: web no longer goes through production."]);
});

describe("the branch of a proposal that was merged", () => {
  it("is removed by the next run", async () => {
    const { to, repository, forge, clock } = await setting();
    await to("production", web);
    forge.merge(1, clock.now(), { keep: true });
    await to("production", web);
    expect([...repository.proposed.keys()]).toEqual([]);
  });

  it("is removed by a reconciliation of an environment that nothing goes to by itself", async () => {
    const { to, look, repository, forge, clock } = await setting();
    await to("production", web);
    forge.merge(1, clock.now(), { keep: true });
    await look();
    expect([...repository.proposed.keys()]).toEqual([]);
  });

  it("stays while another one of it is open, which would be closed without it", async () => {
    const { to, look, repository, forge, clock } = await setting();
    await to("production", web);
    forge.merge(1, clock.now(), { keep: true });
    const [{ url, body }] = forge.proposals as [(typeof forge.proposals)[0]];
    forge.foreign.push({
      branch: branchOf("web"),
      base: "refs/heads/live" as RefName,
      number: 7,
      url,
      body,
      by: "ada",
    });
    await look();
    expect([...repository.proposed.keys()]).toEqual([branchOf("web")]);
    forge.foreign.pop();
    await look();
    expect([...repository.proposed.keys()]).toEqual([]);
  });

  it("stays when somebody has pushed to it since, and where people closed it", async () => {
    const { to, look, repository, forge, clock } = await setting();
    await to("production", web);
    await to("production", api);
    forge.merge(1, clock.now(), { keep: true });
    forge.closeByHand(2);
    const merged = repository.proposed.get(branchOf("web"))!;
    repository.proposed.set(branchOf("web"), { ...merged, commit: "c".repeat(40) as never });
    await look();
    expect([...repository.proposed.keys()]).toEqual([branchOf("web"), branchOf("api")]);
  });
});

it("that something cannot be put away is told, and keeps nothing from being promoted", async () => {
  const { to, repository } = await setting();
  repository.proposals.list = async () => {
    throw new UserError("repository/protected", "The branches are protected.", { fix: "Allow it." });
  };
  const { result, notices } = await to("production", web);
  expect(result).toBe("proposed");
  expect(notices).toEqual(["What is left of proposals could not be put away: The branches are protected. Allow it."]);
});

it("a plan puts nothing away", async () => {
  const { both, states, ask, ports } = await setting();
  await both(true);
  await promote(ask({ apps: ["web", "api"], environments: ["production"], plan: true }), ports);
  expect(states()).toEqual([["api+web", "open"]]);
});
