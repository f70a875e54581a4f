import { describe, expect, it } from "vitest";
import { digestOf } from "../artifact/digest.ts";
import { OutsideError, UserError } from "../errors.ts";
import { freeze, unfreeze } from "../holds/freeze.ts";
import { pin, unpin } from "../holds/pin.ts";
import type { Artifact } from "../model/artifact.ts";
import { envName, type RefName, repoPath, requestId } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import { type ReleaseRecord, recordPath } from "../model/record.ts";
import type { Editor } from "../ports/editor.ts";
import { promote } from "../promote/promote.ts";
import { reconcile } from "../reconcile/reconcile.ts";
import { encodeDocument } from "../records/documents.ts";
import { artifactOf, bytes, environment, MemoryRepository, onMain, pipelineOf, world } from "../test-kit/memory.ts";
import { MemoryForge } from "../test-kit/memory-forge.ts";
import { MemoryStatuses } from "../test-kit/memory-statuses.ts";
import { judgeRef } from "./judge-ref.ts";
import { refreshStatuses } from "./refresh.ts";

const staging = environment("staging", { policy: onMain });
const from = { mode: "all" as const, environments: [envName("staging")] };
const production = environment("production", { from, propose: { autoMerge: true } });
const branch = "refs/heads/glu/production/web" as RefName;
const [first, second] = [artifactOf("web", 1), artifactOf("web", 2)];
const everything = { apps: [], environments: [] };
const minute = 60_000;

async function setting(
  more: Partial<Environment> = {},
  apps = ["web"],
  artifacts: readonly Artifact[] = [first, second],
) {
  const pipeline = pipelineOf(apps, [staging, { ...production, ...more }]);
  const made = world({ apps, pipeline, artifacts });
  const { repository, ports, clock } = made;
  repository.now = () => clock.now();
  const forge = new MemoryForge(repository);
  const statuses = new MemoryStatuses();
  Object.assign(ports, { proposing: forge, statuses });
  const into = (where: string) => (artifact: Artifact) =>
    promote(made.ask({ apps: [artifact.app], environments: [where], artifact: artifact.id }), ports);
  const [stage, propose] = [into("staging"), into("production")];
  await stage(first);
  const head = (at = branch) => repository.proposed.get(at)?.commit;
  const status = (at = branch) => statuses.at(head(at), "glu/production");
  const hold = { reason: "audit", actor: { name: "ada", verified: true }, request: requestId("hold") };
  return {
    ...made,
    pipeline,
    forge,
    statuses,
    stage,
    propose,
    head,
    status,
    hold,
    refresh: () => refreshStatuses(everything, ports),
  };
}

const by = (name: string) => ({ name, verified: true });

describe("the status of a proposal", () => {
  it("is success at once when it is proposed", async () => {
    const { propose, status, forge } = await setting();
    await propose(first);
    expect(status()).toEqual({
      context: "glu/production",
      state: "success",
      description: "web: all gates are met",
      url: undefined,
    });
    expect(forge.autoMerge.has(1)).toBe(true);
  });

  it("lets nothing merge by itself whose own environment does not say so", async () => {
    const { propose, forge, ports, ask, refresh, status, repository } = await setting();
    repository.push("Overseas", [{ path: repoPath("apps/web/overseas.txt"), content: bytes("tag: none\n") }]);
    const overseas = environment("overseas", { from, propose: {} });
    const pipeline = pipelineOf(["web"], [staging, production, overseas]);
    ports.loadPipeline = async () => pipeline;
    await propose(first);
    await promote(ask({ apps: ["web"], environments: ["overseas"], artifact: first.id }), ports);
    await refresh();
    expect([...forge.autoMerge]).toEqual([1]);
    expect(status("refs/heads/glu/overseas/web" as RefName)?.state).toBe("success");
  });

  it("is failure while it is frozen, and success afterwards; it is merged by itself only then", async () => {
    const { propose, status, forge, ports, hold, refresh } = await setting();
    await propose(first);
    await freeze({ ...hold, scope: "production", until: undefined }, ports);
    const held = await refresh();
    expect(status()).toEqual({
      context: "glu/production",
      state: "failure",
      description: "freeze: production is frozen by ada: audit, since 2026-11-21 07:00 UTC; glu unfreeze production",
      url: "https://forge.test/blob/main/.glu/_freeze/production.json",
    });
    expect(held.notices).toEqual([expect.stringContaining("#1 may not be merged now: freeze: production is frozen")]);
    expect(forge.autoMerge.has(1)).toBe(false);
    await unfreeze({ ...hold, request: requestId("lift"), scope: "production" }, ports);
    expect((await refresh()).notices).toEqual([]);
    expect(status()?.state).toBe("success");
    expect(forge.autoMerge.has(1)).toBe(true);
  });

  it("is failure also while it is held until a time, which it says", async () => {
    const { propose, status, ports, hold, refresh, clock } = await setting();
    await propose(first);
    await freeze({ ...hold, scope: "all", until: "2026-11-21T09:30:00Z" }, ports);
    await refresh();
    expect(status()).toMatchObject({
      state: "failure",
      description: expect.stringMatching(/; glu unfreeze all, or by itself 2026-11-21 09:30 UTC$/),
      url: "https://forge.test/blob/main/.glu/_freeze/all.json",
    });
    clock.time += 151 * minute;
    await refresh();
    expect(status()?.state).toBe("success");
  });

  it("is failure while something else is pinned", async () => {
    const { propose, status, forge, ports, hold, refresh, stage, clock } = await setting();
    await propose(first);
    forge.merge(1, clock.now());
    await stage(second);
    await propose(second);
    expect(status()?.state).toBe("success");
    await pin({ ...hold, app: "web", environment: "production", artifact: undefined, until: undefined }, ports);
    await refresh();
    expect(status()).toMatchObject({
      state: "failure",
      description: expect.stringMatching(/^pin: is pinned at .*glu unpin web production$/),
    });
    expect(status()?.url).toBe("https://forge.test/blob/main/.glu/web/production.pin.json");
    await unpin({ ...hold, request: requestId("lift"), app: "web", environment: "production" }, ports);
    await refresh();
    expect(status()?.state).toBe("success");
  });

  it("is failure when what it brings was rejected here meanwhile, as a rollback does", async () => {
    const { propose, status, forge, repository, refresh } = await setting();
    await propose(first);
    const path = recordPath("web" as never, "production" as never);
    const record: ReleaseRecord = {
      ...{ schema: "glu.record.v1", app: "web", environment: "production", current: null, history: [] },
      rejected: [
        {
          artifact: first.id,
          digest: digestOf(first),
          reason: "broke",
          actor: by("ada"),
          at: "2026-11-21T07:00:00.000Z",
          request: "x",
        },
      ],
    };
    repository.push("Roll back", [{ path, content: encodeDocument(record) }]);
    await refresh();
    expect(status()).toMatchObject({
      state: "failure",
      description: expect.stringMatching(/^rejected: was rejected here by ada: broke/),
    });
    expect(forge.autoMerge.has(1)).toBe(false);
  });

  it("is failure when something newer runs there by now", async () => {
    const { propose, status, stage, forge, repository, clock, refresh } = await setting();
    await propose(first);
    const old = repository.proposed.get(branch)!;
    await stage(second);
    await propose(second);
    forge.merge(1, clock.now());
    repository.proposed.set(branch, old);
    forge.proposals.push({ ...forge.proposals[0]!, number: 2, state: "open", head: old.commit });
    await refresh();
    expect(status()).toMatchObject({ state: "failure", description: expect.stringMatching(/^order: is older than/) });
  });

  it("is pending while a gate waits for time, and says until when", async () => {
    const { propose, status, forge, ports, pipeline, refresh, clock } = await setting();
    await propose(first);
    const soaking = { ...production, gates: [{ name: "soak", options: "1h" }] };
    const environments = new Map(pipeline.environments).set(production.name, soaking);
    ports.loadPipeline = async () => ({ ...pipeline, environments });
    await refresh();
    expect(status()).toMatchObject({
      state: "pending",
      description: "soak: is waited for, since 2026-11-21 07:00 UTC; by itself 2026-11-21 08:00 UTC",
    });
    expect(forge.autoMerge.has(1)).toBe(false);
    const once = status();
    clock.time += 10 * minute;
    await refresh();
    expect(status()).toEqual(once);
    clock.time += 51 * minute;
    await refresh();
    expect(status()?.state).toBe("success");
  });

  it("is failure when somebody changed a value by hand, and not for other files", async () => {
    const { propose, status, repository, refresh } = await setting();
    await propose(first);
    const proposed = repository.proposed.get(branch)!;
    const edit = (path: string, text: string) =>
      repository.proposed.set(branch, {
        ...proposed,
        commit: "b".repeat(40) as never,
        edits: [{ path: repoPath(path), content: bytes(text) }],
      });
    edit("README.md", "by hand\n");
    await refresh();
    expect(status()).toMatchObject({ state: "success" });
    edit("apps/web/production.txt", "a: 1\ntag: 6.6.6\n");
    await refresh();
    expect(status()).toMatchObject({
      state: "failure",
      description: expect.stringContaining("tag in apps/web/production.txt is not what the record says"),
    });
  });

  it("is failure when somebody changed the record and the value to agree", async () => {
    const { propose, status, repository, refresh } = await setting();
    await propose(first);
    const proposed = repository.proposed.get(branch)!;
    const record = proposed.changes.find(({ path }) => path.startsWith(".glu/"))!;
    const text = new TextDecoder().decode(record.content).replaceAll('"ada"', '"boss"');
    const forged = [{ path: record.path, content: bytes(text) }];
    repository.proposed.set(branch, { ...proposed, commit: "b".repeat(40) as never, edits: forged });
    await refresh();
    expect(status()).toMatchObject({
      state: "failure",
      description: expect.stringMatching(/^proposal: the record is not as Glu proposed it/),
    });
    // The same by an amended commit, which still says that Glu made it.
    const changes = proposed.changes.map((one) => (one === record ? forged[0]! : one));
    repository.proposed.set(branch, { ...proposed, commit: "c".repeat(40) as never, tree: "other" as never, changes });
    await refresh();
    expect(status()).toMatchObject({
      state: "failure",
      description: expect.stringMatching(/^proposal: the record is not/),
    });
  });

  it("is success after a rebase, which keeps what Glu's commit says, and not where that is not what the config writes", async () => {
    const { propose, status, repository, refresh } = await setting();
    await propose(first);
    const proposed = repository.proposed.get(branch)!;
    const rebased = { ...proposed, commit: "b".repeat(40) as never, tree: "other" as never };
    repository.proposed.set(branch, rebased);
    await refresh();
    expect(status()?.state).toBe("success");
    const changes = proposed.changes.map((one) => ({
      ...one,
      content: bytes(
        new TextDecoder()
          .decode(one.content)
          .replace('"value": "1.1"', '"value": "6.6"')
          .replace("tag: 1.1", "tag: 6.6"),
      ),
    }));
    repository.proposed.set(branch, { ...rebased, changes });
    await refresh();
    expect(status()).toMatchObject({
      state: "failure",
      description: expect.stringMatching(/^proposal: it writes what the config does not/),
    });
  });

  it("waits when the config writes other values by now, until they are proposed", async () => {
    const { propose, status, ports, pipeline, refresh } = await setting();
    await propose(first);
    const apps = new Map(
      [...pipeline.apps].map(([name, app]) => {
        const write = [
          {
            editor: "lines",
            options: { lines: "apps/{{app}}/{{env}}.txt", set: { tag: "v{{tag}}" } },
            line: undefined,
          },
        ];
        return [name, { ...app, write }];
      }),
    );
    ports.loadPipeline = async () => ({ ...pipeline, apps });
    await refresh();
    expect(status()).toMatchObject({
      state: "pending",
      description: expect.stringMatching(/^proposal: the config writes other values by now/),
    });
    await propose(first);
    expect(status()?.state).toBe("success");
  });

  it("is pending when it cannot be decided, since what is not known to be well must not be merged", async () => {
    const { propose, status, ports, refresh, forge } = await setting();
    await propose(first);
    const { editors } = ports;
    const [lines] = editors;
    ports.editors = [
      {
        ...(lines as Editor),
        paths: () => {
          throw new OutsideError("repository/unreachable", "No answer.");
        },
      },
    ];
    await refresh();
    expect(status()).toMatchObject({
      state: "pending",
      description: expect.stringContaining("could not be decided: No answer."),
    });
    expect(forge.autoMerge.has(1)).toBe(false);
  });

  it("says loudly of what is held that it can still be merged, when the forge could not be told", async () => {
    const { propose, statuses, ports, hold, refresh } = await setting();
    await propose(first);
    statuses.failure = new UserError("status/forbidden", "The token may not.", { fix: "statuses: write" });
    expect((await refresh()).warnings).toEqual([
      "The status of #1 could not be set. The token may not. statuses: write",
    ]);
    await freeze({ ...hold, scope: "production", until: undefined }, ports);
    expect((await refresh()).warnings).toEqual([
      "#1 is held, AND CAN STILL BE MERGED: its status could not be set. The token may not. statuses: write",
    ]);
  });

  it("is pending where its branch cannot be read, and one that cannot be asked about keeps no other from being told", async () => {
    const other = artifactOf("api", 1);
    const { propose, stage, status, statuses, head, repository, forge, refresh } = await setting(
      {},
      ["web", "api"],
      [first, other],
    );
    await stage(other);
    await propose(first);
    await propose(other);
    const { brings } = repository.proposals;
    const unreachable = new OutsideError("repository/unreachable", "No answer.", { fix: "Run again." });
    repository.proposals.brings = async (ref, onto) => {
      if (ref === branch) throw unreachable;
      return brings(ref, onto);
    };
    await refresh();
    expect(status()).toMatchObject({
      state: "pending",
      description: expect.stringContaining("could not be decided: No answer."),
    });
    expect(status("refs/heads/glu/production/api" as RefName)?.state).toBe("success");
    repository.proposals.brings = brings;
    const proposals = forge.of();
    forge.of = () => ({
      ...proposals,
      of: async (place) => {
        if (place.branch === branch) throw unreachable;
        return proposals.of(place);
      },
    });
    statuses.set.length = 0;
    expect((await refresh()).warnings).toEqual([
      "glu/production/web could not be judged again, AND CAN STILL BE MERGED as it was: No answer. Run again.",
    ]);
    expect(statuses.set.map(({ commit }) => commit)).toEqual([head("refs/heads/glu/production/api" as RefName)]);
  });

  it("is told also where another repository that is proposed to cannot be read, which is said of that one alone", async () => {
    const { propose, status, ports, hold, pipeline, repository } = await setting();
    await propose(first);
    const edge = environment("edge", { repository: "acme/edge", propose: {} });
    const environments = new Map([...pipeline.environments, [edge.name, edge]]);
    ports.loadPipeline = async () => ({ ...pipeline, environments });
    const far = Object.assign(Object.create(repository), {
      location: "https://forge.test/acme/edge.git",
      open: async () => {
        throw new OutsideError("repository/unreachable", "No answer.", { fix: "Run again." });
      },
    });
    ports.repositoryOf = ({ repository: where }) => (where === undefined ? repository : far);
    await freeze({ ...hold, scope: "production", until: undefined }, ports);
    const held = await refreshStatuses(everything, ports);
    expect(status()?.state).toBe("failure");
    expect(held.warnings).toEqual([
      "What is proposed to https://forge.test/acme/edge.git could not be judged again, AND CAN STILL BE MERGED as it was: No answer. Run again.",
    ]);
    expect((await refreshStatuses({ apps: [], environments: ["production"] }, ports)).warnings).toEqual([]);
  });

  it("is judged again when a hold comes between judging and telling", async () => {
    const { propose, statuses, status, ports, hold, refresh } = await setting();
    await propose(first);
    let once = true;
    statuses.before = async () => {
      if (!once) return;
      once = false;
      await freeze({ ...hold, scope: "production", until: undefined }, ports);
    };
    await refresh();
    expect(status()?.state).toBe("failure");
  });

  it("keeps a reconciliation from being quiet, and says what is held", async () => {
    const { propose, ports, hold } = await setting();
    await propose(first);
    await freeze({ ...hold, scope: "production", until: undefined }, ports);
    const request = {
      apps: [],
      environments: [],
      plan: false,
      author: undefined,
      again: false,
      actor: by("ada"),
      commitMessage: undefined,
    };
    const result = await reconcile({ ...request, requestOf: (name) => requestId(`q-${name}`) }, ports);
    expect(result.proposals).toBe(1);
    expect(result.notices).toEqual([expect.stringContaining("#1 may not be merged now")]);
  });

  it("of one that was merged past it is told by the next reconciliation, once", async () => {
    const { propose, ports, hold, refresh, forge, clock, ask } = await setting();
    await propose(first);
    await freeze({ ...hold, scope: "production", until: undefined }, ports);
    await refresh();
    forge.merge(1, clock.now());
    let runs = 0;
    const run = () => reconcile({ ...ask({ apps: [] }), requestOf: (name) => requestId(`q${++runs}-${name}`) }, ports);
    expect((await run()).notices).toEqual([
      expect.stringMatching(
        /^web was merged into production past the status glu\/production, which was failure: freeze: /,
      ),
    ]);
    expect((await run()).notices).toEqual([]);
  });

  it("is failure while nobody can read the config, and is decided again afterwards", async () => {
    const { propose, status, statuses, repository, ports, ask, pipeline } = await setting();
    await propose(first);
    // Somebody's own branch, which is only called so; and one on which somebody put something on top of what Glu marked.
    const [other, edited] = ["e".repeat(40) as never, "f".repeat(40) as never];
    const mine = { tree: "t" as never, message: "My own", changes: [] };
    repository.proposed.set("refs/heads/glu/production/mine" as RefName, { ...mine, commit: other });
    repository.proposed.set("refs/heads/glu/production/api" as RefName, { ...mine, commit: edited });
    const before = { context: "glu/production", state: "success" as const, description: "", url: undefined };
    await statuses.of().set(edited, before);
    const run = (name: string, plan = false) =>
      reconcile({ ...ask({ apps: [] }), plan, requestOf: (where) => requestId(`${name}-${where}`) }, ports);
    const broken = new UserError("config/syntax", "glu.yaml:3 is no YAML.", { at: { file: "glu.yaml", line: 3 } });
    ports.loadPipeline = () => Promise.reject(broken);
    await expect(run("plan", true)).rejects.toBe(broken);
    expect(status()?.state).toBe("success");
    await expect(run("broken")).rejects.toBe(broken);
    expect(status()).toMatchObject({
      state: "failure",
      description: "the config cannot be read: glu.yaml:3 is no YAML.",
      url: "https://forge.test/blob/main/glu.yaml",
    });
    expect(statuses.at(edited, "glu/production")?.state).toBe("failure");
    expect(statuses.at(other, "glu/production")).toBeUndefined();
    ports.loadPipeline = async () => pipeline;
    await run("mended");
    expect(status()?.state).toBe("success");
  });

  it("is failure in other repositories, too, as the last config tells that could be read", async () => {
    const { propose, statuses, repository, ports, ask, pipeline } = await setting();
    await propose(first);
    const elsewhere = new MemoryRepository({});
    const location = "https://forge.test/acme/elsewhere.git";
    Object.assign(elsewhere, { location, proposed: new Map(repository.proposed) });
    repository.proposed.clear();
    const status = () => statuses.at([...elsewhere.proposed.values()][0]?.commit ?? "", "glu/production");
    await statuses.of().set([...elsewhere.proposed.values()][0]?.commit ?? "", {
      ...{ context: "glu/production", state: "success", description: "", url: undefined },
    });
    ports.repositoryOf = ({ name }) => (name === "production" ? elsewhere : repository);
    const good = (await repository.open()).commit;
    const broken = new UserError("config/syntax", "glu.yaml:3 is no YAML.", { at: { file: "glu.yaml", line: 3 } });
    const asked: string[] = [];
    const gone = new Set<string>();
    ports.loadPipeline = async ({ commit }) => {
      asked.push(commit);
      if (commit !== good || gone.has(commit)) throw broken;
      return pipeline;
    };
    const run = (name: string) =>
      reconcile({ ...ask({ apps: [] }), requestOf: (where) => requestId(`${name}-${where}`) }, ports);
    for (let count = 0; count < 3; count++) repository.push("Break it more", []);
    gone.add(good);
    for (let count = 0; count < 30; count++) repository.push("And more", []);
    await expect(run("nothing to read")).rejects.toBe(broken);
    expect(status()?.state).toBe("success");
    expect(asked).toHaveLength(21);
    gone.clear();
    repository.rewind(30);
    await expect(run("broken")).rejects.toBe(broken);
    expect(status()).toMatchObject({
      state: "failure",
      description: "the config cannot be read: glu.yaml:3 is no YAML.",
      url: "https://forge.test/blob/main/glu.yaml",
    });
  });

  it("is not touched by a plan", async () => {
    const { propose, statuses, ports, ask } = await setting();
    await propose(first);
    const before = statuses.set.length;
    await promote(ask({ environments: ["production"], artifact: first.id, plan: true }), ports);
    expect(statuses.set).toHaveLength(before);
  });
});

describe("any commit that is to be merged", () => {
  const asked = (ref: RefName, commit: string) => {
    return { ref, commit, into: "refs/heads/main" as RefName, branch: undefined, plan: false, isHere: () => true };
  };

  it("is success where it changes nothing that an environment runs", async () => {
    const { ports, repository, statuses } = await setting();
    const pull = "refs/pull/7/head" as RefName;
    const commit = "d".repeat(40) as never;
    const changes = [{ path: repoPath("README.md"), content: bytes("new\n") }];
    repository.proposed.set(pull, { commit, message: "Docs", tree: "t" as never, changes });
    expect(await judgeRef(asked(pull, commit), ports)).toMatchObject({ kind: "judged", warnings: [], notices: [] });
    expect(statuses.at(commit, "glu/production")).toMatchObject({
      state: "success",
      description: "does not change what production runs",
    });
    expect(statuses.at(commit, "glu/staging")).toBeUndefined();
  });

  it("is failure where it changes by hand what Glu wrote", async () => {
    const { ports, repository, statuses, propose, forge, clock } = await setting();
    await propose(first);
    forge.merge(1, clock.now());
    const pull = "refs/pull/7/head" as RefName;
    const commit = "d".repeat(40) as never;
    const changes = [{ path: repoPath("apps/web/production.txt"), content: bytes("a: 2\ntag: 9.9\n") }];
    repository.proposed.set(pull, { commit, message: "Quick fix", tree: "t" as never, changes });
    await judgeRef(asked(pull, commit), ports);
    expect(statuses.at(commit, "glu/production")).toMatchObject({
      state: "failure",
      description: "drift: tag in apps/web/production.txt is changed by hand; promote to production instead",
    });
    repository.proposed.set(pull, {
      commit,
      message: "Other",
      tree: "t" as never,
      changes: [{ ...changes[0]!, content: bytes("a: 2\ntag: 1.1\n") }],
    });
    await judgeRef(asked(pull, commit), ports);
    expect(statuses.at(commit, "glu/production")?.state).toBe("success");
  });

  it("is judged by all that a merge queue put into it", async () => {
    const other = artifactOf("api", 1);
    const { ports, repository, statuses, propose, stage, hold } = await setting({}, ["web", "api"], [first, other]);
    await stage(other);
    await propose(first);
    await propose(other);
    const all = ["web", "api"].map((app) => repository.proposed.get(`refs/heads/glu/production/${app}` as RefName)!);
    const group = "refs/heads/gh-readonly-queue/main/pr-2-abc" as RefName;
    const commit = "d".repeat(40) as never;
    const changes = all.flatMap((one) => one.changes);
    repository.proposed.set(group, { commit, message: "Merge (#1) (#2)", tree: "t" as never, changes });
    await judgeRef(asked(group, commit), ports);
    expect(statuses.at(commit, "glu/production")).toMatchObject({
      state: "success",
      description: "web and api: all gates are met",
    });
    await freeze({ ...hold, scope: "production", until: undefined }, ports);
    await judgeRef(asked(group, commit), ports);
    expect(statuses.at(commit, "glu/production")).toMatchObject({
      state: "failure",
      description: expect.stringMatching(/^web: freeze: .*\(and 1 more\)$/),
    });
  });

  it("is not judged when its ref has another commit by now, nor when it is merged elsewhere", async () => {
    const { ports, propose, statuses, head } = await setting();
    await propose(first);
    const before = statuses.set.length;
    expect(await judgeRef(asked(branch, "e".repeat(40)), ports)).toEqual({ kind: "moved", to: head() });
    expect(await judgeRef({ ...asked(branch, String(head())), isHere: () => false }, ports)).toEqual({
      kind: "elsewhere",
    });
    expect(await judgeRef({ ...asked(branch, String(head())), into: "refs/heads/next" as RefName }, ports)).toEqual({
      kind: "elsewhere",
    });
    expect(statuses.set).toHaveLength(before);
  });
});
