import { describe, expect, it } from "vitest";
import { OutsideError } from "../errors.ts";
import { freeze, unfreeze } from "../holds/freeze.ts";
import { type AppName, envName, type RefName, repoPath, requestId } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import { type ReleaseRecord, recordPath } from "../model/record.ts";
import type { PromoteRequest, RollbackOptions } from "../promote/options.ts";
import { promote } from "../promote/promote.ts";
import { reconcile } from "../reconcile/reconcile.ts";
import { encodeDocument } from "../records/documents.ts";
import { parseTrailers } from "../records/trailers.ts";
import { artifactOf, bytes, environment, pipelineOf, world } from "../test-kit/memory.ts";
import { MemoryForge } from "../test-kit/memory-forge.ts";
import { MemoryStatuses } from "../test-kit/memory-statuses.ts";
import { readMarker } from "./marker.ts";

const branch = "refs/heads/glu/production/web" as RefName;
const production = environment("production", { propose: {} });
const grace = { name: "grace", verified: true };

/** production has the first artifact, and proposes what people ask for by name. */
async function setting(more: Partial<Environment> = {}, apps = ["web"]) {
  const own = { ...production, ...more };
  const pipeline = pipelineOf(apps, [environment("staging"), own]);
  const artifacts = apps.flatMap((app) => [1, 2, 3].map((number) => artifactOf(app, number)));
  const made = world({ apps, pipeline, artifacts });
  const { repository, ports, ask, clock } = made;
  repository.now = () => clock.now();
  const forge = new MemoryForge(repository);
  const statuses = new MemoryStatuses();
  Object.assign(ports, { proposing: forge, statuses });
  const of = (number: number, app = "web") => artifactOf(app, number);
  const propose = (number: number, asked: Partial<PromoteRequest> = {}) =>
    promote(ask({ environments: ["production"], artifact: of(number).id, ...asked }), ports);
  const merge = (number: number) => forge.merge(number, clock.now());
  for (const app of apps) {
    await propose(1, { apps: [app], artifact: of(1, app).id });
    merge(forge.proposals.length);
  }
  /** What was released there is found to be well, as a verification writes it down. */
  const verdict = (app = "web") => {
    const path = recordPath(app as AppName, envName("production"));
    const record = JSON.parse(repository.text(path) ?? "") as ReleaseRecord;
    const current = { ...record.current!, state: "healthy" as const, verifiedAt: current0(record) };
    repository.push(`Verify ${app}`, [{ path, content: encodeDocument({ ...record, current } as ReleaseRecord) }]);
  };
  const runs = () =>
    reconcile({ ...ask(), apps: [], requestOf: (name: string) => requestId(`run-${name}`) } as never, ports);
  // When they were merged is written down.
  await runs();
  const head = (at = branch) => repository.proposed.get(at);
  const proposed = (path: string, at = branch) => {
    const change = head(at)?.changes.find((one) => one.path === path);
    return new TextDecoder().decode(change?.content ?? bytes(""));
  };
  const record = (app = "web", at = branch): ReleaseRecord => JSON.parse(proposed(`.glu/${app}/production.json`, at));
  return { ...made, forge, statuses, of, propose, merge, verdict, runs, head, proposed, record };
}

const current0 = (record: ReleaseRecord) => record.current!.decidedAt;

describe("a proposal that was asked for by name, when the record below it has changed", () => {
  it("is put on the newest tip by a reconciliation: the same artifact, asker, reason, request and subject", async () => {
    const on = await setting();
    const asked = { actor: grace, reason: "the customer asked", commitMessage: "Bring the new search" };
    await on.propose(2, { ...asked, request: requestId("asked") });
    const before = on.head();
    const number = on.forge.proposals.length;
    on.verdict();
    const { notices } = await on.runs();
    expect(on.head()?.commit).not.toBe(before?.commit);
    expect(on.head()?.onto).toBe(on.repository.commits.at(-1)?.id);
    const { current, history } = on.record();
    expect(current).toMatchObject({
      request: "asked",
      kind: "promotion",
      artifact: { id: on.of(2).id },
      actor: grace,
      reason: "the customer asked",
      releasedAt: null,
      decidedOn: on.repository.commits.at(-1)?.id,
    });
    expect(history).toMatchObject([{ artifact: { id: on.of(1).id }, state: "healthy" }]);
    expect(on.head()?.message.split("\n", 1)).toEqual(["Bring the new search"]);
    expect(parseTrailers(on.head()!.message)).toMatchObject([{ request: "asked", actor: "grace" }]);
    expect(readMarker(on.forge.proposals.at(-1)?.body ?? "")).toMatchObject({ request: "asked" });
    expect(on.forge.proposals).toHaveLength(number);
    expect(notices).toContain(`#${number} was put on the newest main: .glu/web/production.json has changed there.`);
    expect(on.statuses.at(on.head()?.commit, "glu/production")?.state).toBe("success");

    const after = on.head()?.commit;
    expect((await on.runs()).notices).toEqual([]);
    expect(on.head()?.commit).toBe(after);
    on.merge(number);
    expect(JSON.parse(on.repository.text(".glu/web/production.json") ?? "").current.request).toBe("asked");
    await on.runs();
    expect(on.head()).toBeUndefined();
  });

  it("is left alone by a plan, and where other files have changed", async () => {
    const on = await setting();
    await on.propose(2);
    const before = on.head()?.commit;
    on.repository.push("other", [{ path: repoPath("README.md"), content: bytes("new\n") }]);
    await on.runs();
    expect(on.head()?.commit).toBe(before);
    on.verdict();
    await reconcile({ ...on.ask(), apps: [], plan: true, requestOf: () => requestId("plan") } as never, on.ports);
    expect(on.head()?.commit).toBe(before);
  });

  it("is left alone where somebody else wrote to its branch", async () => {
    const on = await setting();
    await on.propose(2);
    on.verdict();
    const edits = [{ path: repoPath("apps/web/production.txt"), content: bytes("a: 7\ntag: 2\n") }];
    const edited = { ...on.head()!, commit: "b".repeat(40) as never, edits };
    on.repository.proposed.set(branch, edited);
    await on.runs();
    expect(on.head()).toBe(edited);
  });

  it("is left alone where somebody closed it, and no other is opened", async () => {
    const on = await setting();
    await on.propose(2);
    const number = on.forge.proposals.length;
    on.verdict();
    const before = on.head()?.commit;
    on.forge.closeByHand(number);
    await on.runs();
    expect(on.head()?.commit).toBe(before);
    expect(on.forge.proposals).toHaveLength(number);
    expect(on.forge.proposals.at(-1)?.state).toBe("closed");
  });

  it("is left alone where none was opened, or what is open is of another config or of somebody else", async () => {
    for (const change of ["config", "others", "gone"] as const) {
      const on = await setting();
      await on.propose(2);
      on.verdict();
      const before = on.head()?.commit;
      const open = on.forge.proposals.at(-1)!;
      if (change === "gone") on.forge.proposals.pop();
      if (change === "others") on.forge.ofOthers.add(open.number);
      if (change === "config") open.body = open.body.replace('"onto"', '"config":"https://forge.test/other","onto"');
      await on.runs();
      expect(on.head()?.commit, change).toBe(before);
    }
  });

  it("waits while it is held, and follows when it is not", async () => {
    const on = await setting();
    await on.propose(2);
    on.verdict();
    const before = on.head()?.commit;
    const hold = { scope: "all", reason: "audit", actor: grace, until: undefined } as const;
    await freeze({ ...hold, request: requestId("hold") }, on.ports);
    await on.runs();
    expect(on.head()?.commit).toBe(before);
    expect(on.statuses.at(before, "glu/production")?.state).toBe("failure");
    await unfreeze({ ...hold, request: requestId("lift") }, on.ports);
    await on.runs();
    expect(on.head()?.commit).not.toBe(before);
    expect(on.statuses.at(on.head()?.commit, "glu/production")?.state).toBe("success");
  });

  it("does not overwrite what somebody changed by hand meanwhile", async () => {
    const on = await setting();
    await on.propose(2);
    const before = on.head()?.commit;
    on.repository.push("by hand", [{ path: repoPath("apps/web/production.txt"), content: bytes("a: 1\ntag: 6.6\n") }]);
    await on.runs();
    expect(on.head()?.commit).toBe(before);
    // What was changed beside the value is kept.
    const more = bytes(`a: 5\n${on.proposed("apps/web/production.txt").split("\n")[1]}\n`);
    on.repository.push("mended", [
      { path: repoPath("apps/web/production.txt"), content: bytes(`a: 5\ntag: ${on.of(1).images.web?.tag}\n`) },
    ]);
    await on.runs();
    expect(on.proposed("apps/web/production.txt")).toBe(new TextDecoder().decode(more));
  });

  it("keeps what was changed by hand before it, which whoever asked was told", async () => {
    const on = await setting();
    on.repository.push("by hand", [{ path: repoPath("apps/web/production.txt"), content: bytes("a: 1\ntag: 6.6\n") }]);
    expect((await on.propose(2, { overwrite: true, reason: "mine" })).result).toBe("proposed");
    const before = on.head()?.commit;
    on.verdict();
    await on.runs();
    expect(on.head()?.commit).not.toBe(before);
    expect(on.record().history[0]?.state).toBe("healthy");
  });

  it("brings all that move together, each with its artifact", async () => {
    const on = await setting({}, ["api", "web"]);
    const both = "refs/heads/glu/production/api+web" as RefName;
    await promote(on.ask({ apps: ["api", "web"], environments: ["production"], set: true }), on.ports);
    const before = on.head(both)?.commit;
    expect(before).toBeDefined();
    on.verdict("api");
    await on.runs();
    expect(on.head(both)?.commit).not.toBe(before);
    const [api, web] = ["api", "web"].map((app) => on.record(app, both));
    expect([api?.current?.artifact.id, web?.current?.artifact.id]).toEqual([on.of(3, "api").id, on.of(3).id]);
    expect(api?.history[0]?.state).toBe("healthy");
    expect(api?.current?.request).toBe(web?.current?.request);
  });

  it("does not run again what makes things happen", async () => {
    const started: unknown[] = [];
    const gate = { name: "workflow", options: { workflow: "smoke.yml", inputs: {} } };
    const on = await setting();
    await on.propose(2);
    const declared = on.pipeline.environments.get(envName("production"))!;
    (declared as { gates: unknown }).gates = [gate];
    on.ports.outside = {
      ...on.ports.outside,
      workflows: {
        find: async () => undefined,
        start: async (...all: unknown[]) => void started.push(all),
      } as never,
    };
    on.verdict();
    const before = on.head()?.commit;
    await on.runs();
    expect(on.head()?.commit).not.toBe(before);
    expect(started).toEqual([]);
  });

  it("that cannot be written is told, and tried again by the next run", async () => {
    const on = await setting();
    await on.propose(2);
    on.verdict();
    const { proposals } = on.repository;
    const { write } = proposals;
    const warnings: string[] = [];
    on.ports.logger.warning = (text) => void warnings.push(text);
    proposals.write = async () => {
      throw new OutsideError("forge/unreachable", "The server does not answer.", { seen: "503" });
    };
    const { result } = await on.runs();
    expect(result).toBe("none");
    expect(warnings.join("\n")).toContain("glu/production/web could not be put on the newest tip");
    proposals.write = write;
    const before = on.head()?.commit;
    await on.runs();
    expect(on.head()?.commit).not.toBe(before);
  });
});

describe("a rollback that is proposed, when the record below it has changed", () => {
  const back: RollbackOptions = {
    target: { kind: "steps", count: 1 },
    pin: { until: undefined },
    exact: false,
    directly: false,
  };

  it.each([false, true])(
    "is put on the newest tip with its pin, and goes back as before (exact: %s)",
    async (exact) => {
      const on = await setting();
      await on.propose(2);
      on.merge(on.forge.proposals.length);
      await promote(
        on.ask({ environments: ["production"], actor: grace, reason: "it is slow", rollback: { ...back, exact } }),
        on.ports,
      );
      const before = on.head()!;
      const files = before.changes.filter(({ path }) => !path.startsWith(".glu/"));
      on.verdict();
      await on.runs();
      expect(on.head()?.commit).not.toBe(before.commit);
      expect(on.head()?.changes.filter(({ path }) => !path.startsWith(".glu/"))).toEqual(files);
      const { current, history, rejected } = on.record();
      expect(current).toMatchObject({ kind: "rollback", artifact: { id: on.of(1).id }, actor: grace });
      expect(current?.request).toBe(parseTrailers(before.message)[0]?.request);
      expect(history[0]).toMatchObject({ artifact: { id: on.of(2).id }, state: "healthy" });
      expect(rejected).toMatchObject([{ artifact: on.of(2).id, reason: "it is slow" }]);
      expect(JSON.parse(on.proposed(".glu/web/production.pin.json"))).toMatchObject({
        artifact: on.of(1).id,
        request: current?.request,
      });
    },
  );
});
