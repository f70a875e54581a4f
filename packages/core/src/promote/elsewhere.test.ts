import { expect, it } from "vitest";
import { UserError } from "../errors.ts";
import { freeze } from "../holds/freeze.ts";
import { envName, repoPath, requestId } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import { artifactOf, environment, MemoryRepository, onMain, pipelineOf, world } from "../test-kit/memory.ts";
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
