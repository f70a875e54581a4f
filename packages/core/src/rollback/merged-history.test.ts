import { describe, expect, it } from "vitest";
import { envName, repoPath, requestId } from "../model/names.ts";
import { findRequest } from "../promote/find-request.ts";
import type { RollbackOptions } from "../promote/options.ts";
import { promote } from "../promote/promote.ts";
import { artifactOf, bytes, environment, pipelineOf, world } from "../test-kit/memory.ts";
import { MemoryForge } from "../test-kit/memory-forge.ts";

const artifacts = [1, 2, 3].map((number) => artifactOf("web", number));
const place = { app: "web", environment: "production" };
const file = repoPath("apps/web/production.txt");
const record = repoPath(".glu/web/production.json");

/** Three releases that were proposed and merged, each by a merge commit whose message says nothing of them. */
async function merged(how: { squash: boolean; message?: string } = { squash: false }) {
  const production = environment("production", { propose: {} });
  const made = world({ pipeline: pipelineOf(["web"], [production]), artifacts });
  const { ports, ask, repository, clock } = made;
  repository.now = () => clock.now();
  const forge = new MemoryForge(repository);
  ports.proposing = forge;
  for (const [index, { id }] of artifacts.entries()) {
    const request = requestId(`release-${index + 1}`);
    await promote(ask({ environments: ["production"], artifact: id, request }), ports);
    forge.merge(index + 1, clock.now(), how);
    clock.time += 60_000;
  }
  const roll = (more: Partial<RollbackOptions>) => {
    const rollback = { target: { kind: "steps" as const, count: 1 }, pin: undefined, exact: false, directly: true };
    return promote(ask({ environments: ["production"], rollback: { ...rollback, ...more } }), ports);
  };
  return { ...made, forge, roll };
}

describe("what came by merge commits", () => {
  it.each([
    ["a merge commit", { squash: false }],
    ["a squash that says nothing of it", { squash: true, message: "Ship it (#1)\n" }],
  ])("goes back byte for byte, by %s", async (_name, how) => {
    const { roll, repository } = await merged(how);
    repository.push("By hand", [{ path: file, content: bytes("a: 2\nb: new\ntag: 1.3\n") }]);
    const { result, decisions } = await roll({ exact: true });
    expect([result, decisions[0]?.reason]).toEqual(["promoted", "all gates are met"]);
    expect(repository.text(file)).toBe("a: 1\ntag: 1.2\n");
  });

  it("goes back to the commit that was proposed, and to the one that merged it", async () => {
    const { roll, repository, forge } = await merged();
    const names = [forge.proposals[0]?.head ?? "", repository.commits[1]?.id ?? ""];
    for (const name of names) {
      await roll({ target: { kind: "named", name: name.slice(0, 12) } });
      expect(repository.text(file)).toContain("tag: 1.1\n");
    }
  });

  it("is found by its request, as long as the branch has it", async () => {
    const { repository } = await merged();
    const tip = await repository.open();
    for (const [index, number] of [1, 2, 3].entries()) {
      const found = await findRequest(tip, { ...place, request: `release-${number}` });
      expect(found).toMatchObject({ artifact: artifacts[index]?.id, commit: repository.commits[index + 1]?.id });
    }
    expect(await findRequest(tip, { ...place, request: "release-4" })).toBeUndefined();
    expect(await findRequest(tip, { ...place, environment: envName("other"), request: "release-1" })).toBeUndefined();
  });

  it("goes back though the record is lost", async () => {
    const { roll, repository } = await merged();
    repository.push("Lose it", [{ path: record, content: undefined }]);
    const { decisions } = await roll({});
    expect(decisions).toMatchObject([{ result: "promoted", intent: { artifact: { id: artifacts[1]?.id } } }]);
    expect(JSON.parse(repository.text(record) ?? "null").history).toHaveLength(3);
  });

  it("is not taken for that of a branch that was made from it", async () => {
    const { repository } = await merged();
    const changes = [{ path: repoPath("README.md"), content: bytes("x") }];
    // As of a person, whose branch has the releases of the config branch below it.
    repository.merge("Merge branch 'docs'", { commit: "d".repeat(40) as never, message: "Docs\n", changes });
    const found = await findRequest(await repository.open(), { ...place, request: "release-3" });
    expect(found?.commit).toBe(repository.commits[3]?.id);
  });
});
