import { describe, expect, it } from "vitest";
import { freeze } from "../holds/freeze.ts";
import { type RefName, repoPath, requestId } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import { promote } from "../promote/promote.ts";
import { artifactOf, environment, pipelineOf, world } from "../test-kit/memory.ts";
import { MemoryForge } from "../test-kit/memory-forge.ts";
import { MemoryStatuses } from "../test-kit/memory-statuses.ts";
import { judgeRef } from "./judge-ref.ts";

const pull = "refs/pull/7/head" as RefName;
const block = [{ start: "2026-12-19", end: "2027-01-04", zone: "Europe/Berlin", reason: "Christmas" }];
const window = { name: "window", options: { block, freeze: "freezes[1]" } };

/** Somebody proposes to take the record of web out of production, by hand. */
async function removing(more: Partial<Environment> = {}) {
  const pipeline = pipelineOf(["web"], [environment("production", { propose: {}, ...more })]);
  const made = world({ pipeline, artifacts: [artifactOf("web", 1)] });
  const { repository, ports, ask, clock } = made;
  const declared = pipeline.environments.get("production" as never);
  Object.assign(declared ?? {}, { propose: undefined });
  await promote(ask({ environments: ["production"], artifact: artifactOf("web", 1).id }), ports);
  Object.assign(declared ?? {}, { propose: {} });
  const statuses = new MemoryStatuses();
  Object.assign(ports, { proposing: new MemoryForge(repository), statuses });
  const changes = [{ path: repoPath(".glu/web/production.json"), content: undefined }];
  const onto = await repository.open();
  await repository.proposals.write(pull, { onto, commit: { message: "Remove web\n", changes }, replaces: undefined });
  const judged = async (at: string) => {
    clock.time = Date.parse(at);
    const commit = repository.proposed.get(pull)?.commit ?? "";
    const { branch: into } = repository;
    await judgeRef({ ref: pull, commit, into, plan: false, branch: undefined, isHere: () => true }, ports);
    return statuses.at(commit as never, "glu/production");
  };
  return { ...made, judged };
}

describe("a proposal that takes a record away", () => {
  it("may be merged where nothing holds the place", async () => {
    const { judged } = await removing();
    expect((await judged("2026-12-01T12:00:00Z"))?.state).toBe("success");
  });

  it("is held by a freeze, and by one that the config has planned, as long as it is in force", async () => {
    const { judged, ports } = await removing({ gates: [window] });
    expect((await judged("2026-12-18T12:00:00Z"))?.state).toBe("success");
    expect(await judged("2026-12-24T12:00:00Z")).toMatchObject({
      state: "failure",
      description:
        "window: the record is removed while frozen by freezes[1]: Christmas; freezes[1] in the config, or by itself 2027-01-03 23:00 UTC",
    });
    expect((await judged("2027-01-04T12:00:00Z"))?.state).toBe("success");
    const by = { actor: { name: "ada", verified: true }, request: requestId("f"), until: undefined };
    await freeze({ ...by, scope: "production", reason: "audit" }, ports);
    expect(await judged("2027-01-04T12:00:00Z")).toMatchObject({
      state: "failure",
      description: "freeze: the record is removed while held by ada: audit; glu unfreeze production",
    });
  });
});
