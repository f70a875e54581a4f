import { expect, it } from "vitest";
import { OutsideError, UserError } from "../errors.ts";
import { freeze } from "../holds/freeze.ts";
import { envName, repoPath, requestId } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import { artifactOf, environment, MemoryRepository, onMain, pipelineOf, storeOf, world } from "../test-kit/memory.ts";
import { promote } from "./promote.ts";

const a1 = artifactOf("web", 1);

/** staging in the config repository, production in another one. */
const pipelineWith = (production: Partial<Environment> = {}) =>
  pipelineOf(
    ["web"],
    [environment("staging", { policy: onMain }), environment("production", { repository: "acme/prod", ...production })],
  );

function twoRepositories() {
  const there = new MemoryRepository({ "apps/web/production.txt": "tag: none\n" });
  const here = world({ pipeline: pipelineWith(), artifacts: [a1] });
  here.ports.repositoryOf = (one) => (one.repository === undefined ? here.repository : there);
  return { ...here, there };
}

it("a freeze of everything holds environments of other repositories, too", async () => {
  const { ports, there, ask } = twoRepositories();
  const all = { scope: "all", until: undefined, reason: "incident 42", request: requestId("f") };
  await freeze({ ...all, actor: { name: "ada", verified: true } }, ports);
  const result = await promote(ask({ environments: ["production"], artifact: a1.id }), ports);
  expect(result.decisions[0]).toMatchObject({
    result: "held",
    reason: expect.stringContaining("everything is frozen by ada: incident 42"),
  });
  expect(there.text("apps/web/production.txt")).toBe("tag: none\n");
});

it("a race lost in another repository is decided again by the config as it is then", async () => {
  const { ports, there, ask } = twoRepositories();
  let pipeline = pipelineWith();
  ports.loadPipeline = async () => pipeline;
  there.beforeCommit = async () => {
    there.push("meanwhile", [{ path: repoPath("other"), content: new Uint8Array() }]);
    pipeline = pipelineWith({ accept: [{ branch: ["release"] }] });
  };
  const result = await promote(ask({ environments: ["production"], artifact: a1.id }), ports);
  expect(result.result).toBe("refused");
  expect(there.text("apps/web/production.txt")).toBe("tag: none\n");
});

it("an environment's repository that cannot be read stops nothing elsewhere, and holds what depends on it", async () => {
  const { ports, there, ask, repository } = twoRepositories();
  there.open = () => Promise.reject(new UserError("repository/not-found", "There is no such repository."));
  const result = await promote(ask({ environments: ["staging"], artifact: a1.id }), ports);
  expect(result.result).toBe("promoted");
  expect(repository.text("apps/web/staging.txt")).toContain("1.1");
  expect(result.board.map(({ environment: name, unreadable }) => [name, unreadable])).toEqual([
    ["staging", undefined],
    ["production", expect.stringContaining("no such repository")],
  ]);
  await expect(promote(ask({ environments: ["production"], artifact: a1.id }), ports)).rejects.toMatchObject({
    code: "repository/not-found",
  });
});

it("what ran upstream in a repository that cannot be read holds the promotion", async () => {
  const from = { mode: "all", environments: [envName("production")] } as const;
  const pipeline = pipelineOf(
    ["web"],
    [
      environment("production", { repository: "acme/prod" }),
      environment("mirror", { from: { ...from, environments: [...from.environments] } }),
    ],
  );
  const { ports, ask } = world({ pipeline, artifacts: [a1] });
  const there = new MemoryRepository({});
  const here = ports.repository;
  ports.repositoryOf = (one) => (one.repository === undefined ? here : there);
  there.open = () => Promise.reject(new UserError("repository/not-found", "There is no such repository."));
  const { decisions } = await promote(ask({ environments: ["mirror"], artifact: a1.id }), ports);
  expect(decisions[0]).toMatchObject({ result: "held", reason: expect.stringContaining("could not be evaluated") });
});

/** staging here, and so many others, each in a repository of its own. */
function repositoriesFor(environments: Environment[]) {
  const pipeline = pipelineOf(["web"], environments);
  const here = world({ pipeline, artifacts: [a1] });
  const elsewhere = new Map(
    environments.flatMap((one) => {
      const files = { [`apps/web/${one.name}.txt`]: "tag: none\n" };
      return one.repository === undefined ? [] : [[one.repository, new MemoryRepository(files)] as const];
    }),
  );
  here.ports.repositoryOf = (one) => elsewhere.get(one.repository ?? "") ?? here.repository;
  return { ...here, there: (name: string) => elsewhere.get(name)! };
}
const broken = () => Promise.reject(new OutsideError("repository/unreachable", "It does not answer."));

it("a repository that fails leaves what others got, and says what it could not do", async () => {
  for (const order of [
    ["eu", "staging", "us"],
    ["staging", "us", "eu"],
  ]) {
    const environments = order.map((name) =>
      environment(name, { policy: onMain, ...(name === "staging" ? {} : { repository: name }) }),
    );
    const { ports, there, ask, repository } = repositoriesFor(environments);
    there("eu").open = broken;
    const result = await promote(ask(), ports);
    expect(result.decisions.map((one) => [one.intent.environment, one.result]).sort()).toEqual([
      ["staging", "promoted"],
      ["us", "promoted"],
    ]);
    expect(result.result).toBe("refused");
    expect(result.undecided).toMatchObject([{ environment: "eu", error: { code: "repository/unreachable" } }]);
    expect(repository.text("apps/web/staging.txt")).toContain("1.1");
    expect(result.commits).toHaveLength(2);
    // The same places again, each once, and as they are after this.
    expect(result.board.map((row) => [row.environment, row.release?.artifact.id]).sort()).toEqual([
      ["eu", undefined],
      ["staging", a1.id],
      ["us", a1.id],
    ]);
  }
});

it("a repository in which nothing can start by itself is not needed to promote elsewhere", async () => {
  const { ports, there, ask } = repositoriesFor([
    environment("staging", { policy: onMain }),
    environment("production", { repository: "prod", from: { mode: "all", environments: [envName("staging")] } }),
  ]);
  there("prod").open = broken;
  const result = await promote(ask(), ports);
  expect([result.result, result.undecided]).toEqual(["promoted", []]);
});

it("what this run has released is no reason for what it does next, whatever the layout", async () => {
  for (const repository of [undefined, "prod"]) {
    for (const race of [false, true]) {
      const { ports, there, ask, clock } = repositoriesFor([
        environment("staging", {}),
        environment("production", { repository, from: { mode: "all", environments: [envName("staging")] } }),
      ]);
      const target = repository === undefined ? ports.repository : there(repository);
      if (race) {
        (target as MemoryRepository).beforeCommit = async () => {
          (target as MemoryRepository).push("meanwhile", [{ path: repoPath("other"), content: new Uint8Array() }]);
        };
      }
      const both = ask({ environments: ["staging", "production"], artifact: a1.id });
      const held = async () => {
        const result = await promote({ ...both, again: true }, ports);
        expect(result.decisions.map((one) => [one.intent.environment, one.result])).toEqual([
          ["staging", "promoted"],
          ["production", "held"],
        ]);
      };
      await held();
      clock.time += 3_600_000;
      // And a re-run of the same request decides the same; a new request may go on.
      await held();
      const later = await promote(ask({ environments: ["production"], artifact: a1.id }), ports);
      expect(later.result).toBe("promoted");
    }
  }
});

it("each repository is decided by the config as it is when its turn comes", async () => {
  const { ports, ask, there, pipeline, repository } = repositoriesFor([
    environment("staging", { policy: onMain }),
    environment("eu", { policy: onMain, repository: "eu" }),
  ]);
  const accept = [{ tag: ["v*"] }];
  const stricter = pipelineOf(
    ["web"],
    [...pipeline.environments.values()].map((one) => ({ ...one, accept })),
  );
  ports.loadPipeline = async () => (repository.commits.length > 1 ? stricter : pipeline);
  const result = await promote(ask({ environments: ["staging", "eu"], artifact: a1.id }), ports);
  expect(result.decisions.map((one) => [one.intent.environment, one.result])).toEqual([
    ["staging", "promoted"],
    ["eu", "refused"],
  ]);
  expect(there("eu").commits).toHaveLength(1);
});

it("latest is resolved once: a re-run takes to the places it has not reached what it took to the others", async () => {
  const stored = [a1];
  const { ports, ask, there } = repositoriesFor([
    environment("staging", { policy: onMain }),
    environment("eu", { policy: onMain, repository: "eu" }),
  ]);
  ports.storesOf = () => [storeOf(stored)];
  const open = there("eu").open;
  there("eu").open = broken;
  const request = ask();
  expect((await promote(request, ports)).undecided).toHaveLength(1);
  there("eu").open = open;
  stored.push(artifactOf("web", 2));
  const again = await promote({ ...request, again: true }, ports);
  expect(again.decisions.map((one) => [one.intent.artifact.id, one.result, one.repeated])).toEqual([
    [a1.id, "promoted", true],
    [a1.id, "promoted", false],
  ]);
});
