import { type RefName, type Told, timestamp } from "@glu/core";
import { BareFixture, GitServer, plainGitEnvironment, realClock } from "@glu/testing/internal";
import { describe, expect, it } from "vitest";
import { openRemote } from "../remote/open-remote.ts";
import { GitReconcileMemory } from "./git-reconcile-memory.ts";
import { markName } from "./mark.ts";

const hour = 3_600_000;
const marks = "refs/glu/reconciled";

const told: Told = {
  result: "unchanged",
  at: timestamp(Date.parse("2026-11-01T12:00:00Z")),
  looked: { apps: 1, environments: 2, places: 2 },
  counts: { held: 0, superseded: 0, unchanged: 2, passedOver: 0 },
  waiting: [],
  next: undefined,
};

/** A config repository, and runs that each open it anew. */
async function place(way: "wire" | "git", sha256 = false) {
  const bare = new BareFixture({ seed: { "glu.yaml": "version: 1\n" }, sha256 });
  const server = await GitServer.start(bare.root);
  let now = Date.parse("2026-11-01T12:00:00Z");
  const env = way === "git" ? { ...plainGitEnvironment, GLU_TRANSPORT: "git" } : plainGitEnvironment;
  const open = async (scope: readonly unknown[] = ["v1"], branch?: string) => {
    const options = { location: server.url("config.git"), env, temp: bare.root, clock: realClock };
    const remote = await openRemote(options);
    return { remote, memory: new GitReconcileMemory({ remote, branch: branch as RefName, scope, now: () => now }) };
  };
  const recall = async (...args: Parameters<typeof open>) => (await open(...args)).memory.recall();
  const remember = async (until: number) => {
    const { remote, memory } = await open();
    const { key } = await memory.recall();
    // The git binary pushes what it has.
    await remote.fetchTip("refs/heads/main" as RefName);
    await memory.remember(key, until, told);
  };
  return {
    bare,
    server,
    recall,
    remember,
    open,
    get now() {
      return now;
    },
    later: (milliseconds: number) => {
      now += milliseconds;
    },
    marks: () => bare.git("for-each-ref", "--format=%(refname)", marks).split("\n").filter(Boolean),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      bare[Symbol.dispose]();
    },
  };
}

describe.each(["wire", "git"] as const)("the memory of reconciliations, by %s", (way) => {
  it("is quiet until then, and no longer", async () => {
    await using at = await place(way);
    expect((await at.recall()).quiet?.until).toBeUndefined();
    const until = at.now + hour;
    await at.remember(until);
    expect((await at.recall()).quiet?.until).toBe(until);
    at.later(hour);
    expect((await at.recall()).quiet?.until).toBeUndefined();
  });

  it("forgets when the branch, an artifact, or what is asked for changes", async () => {
    await using at = await place(way);
    await at.remember(at.now + hour);
    const quiet = async (...args: Parameters<typeof at.recall>) => (await at.recall(...args)).quiet !== undefined;
    expect(await quiet()).toBe(true);
    expect(await quiet(["v2"])).toBe(false);
    expect(await quiet(["v1"], "refs/heads/other")).toBe(false);
    const tip = at.bare.git("rev-parse", "main");
    at.bare.git("update-ref", "refs/glu/artifacts/web", tip);
    expect(await quiet()).toBe(false);
    at.bare.git("update-ref", "-d", "refs/glu/artifacts/web");
    expect(await quiet()).toBe(true);
    at.bare.push("main", { "glu.yaml": "version: 1 # changed\n" });
    expect(await quiet()).toBe(false);
  });

  it("leaves one mark, whatever ran before", async () => {
    await using at = await place(way);
    await at.remember(at.now + hour);
    at.bare.push("main", { "glu.yaml": "version: 1 # changed\n" });
    await at.remember(at.now + 2 * hour);
    await at.remember(at.now + 2 * hour);
    expect(at.marks()).toHaveLength(1);
    expect((await at.recall()).quiet?.until).toBe(at.now + 2 * hour);
  });

  it("believes none for longer than six hours, and none that points elsewhere", async () => {
    await using at = await place(way);
    await at.remember(at.now + 100 * hour);
    const [mark = ""] = at.marks();
    expect((await at.recall()).quiet?.until).toBe(at.now + 6 * hour);
    const rest = mark.slice(mark.indexOf("-"));
    at.bare.git("update-ref", `${marks}/${Math.floor(at.now / 1000) + 7 * 3600}${rest}`, "main");
    at.bare.git("update-ref", "-d", mark);
    expect((await at.recall()).quiet?.until).toBeUndefined();
    const parent = at.bare.git("rev-parse", "main");
    at.bare.push("main", { other: "x" });
    const { key: now } = await at.recall();
    const forged = markName({ until: at.now + hour, key: now, told });
    at.bare.git("update-ref", `${marks}/${forged}`, parent);
    expect((await at.recall()).quiet).toBeUndefined();
    at.bare.git("update-ref", `${marks}/${forged}`, "main");
    expect((await at.recall()).quiet?.told).toEqual(told);
  });

  it("tells whether there are branches of proposals, by the same request", async () => {
    await using at = await place(way);
    expect((await at.recall()).mayBeProposed).toBe(false);
    at.bare.git("update-ref", "refs/heads/glu/production/web", "main");
    at.server.requests.length = 0;
    expect((await at.recall()).mayBeProposed).toBe(true);
    if (way === "wire") expect(at.server.requests).toHaveLength(1);
  });

  it("finds no branch in an empty repository, and remembers nothing", async () => {
    await using at = await place(way);
    at.bare.git("update-ref", "-d", "refs/heads/main");
    const { memory } = await at.open();
    const { key, quiet } = await memory.recall();
    expect(quiet).toBeUndefined();
    await memory.remember(key, at.now + hour, told);
    expect(at.marks()).toEqual([]);
  });
});

it("what was recalled by the wire is believed by the first look at the tip: one request less", async () => {
  await using at = await place("wire");
  const { remote, memory } = await at.open();
  await memory.recall();
  expect(at.server.requests).toHaveLength(1);
  const branch = await remote.defaultBranch();
  await remote.fetchTip(branch);
  expect(at.server.requests).toHaveLength(2);
  await remote.fetchTip(branch);
  expect(at.server.requests).toHaveLength(3);
});
