import { describe, expect, it } from "vitest";
import { appName, envName, repoPath } from "../model/names.ts";
import type { Release } from "../model/record.ts";
import { promote } from "../promote/promote.ts";
import { artifactOf, bytes, environment, pipelineOf, start, world } from "../test-kit/memory.ts";
import type { HistoryFilter } from "./filter.ts";
import { history } from "./history.ts";
import { markReleases } from "./marks.ts";

const hour = 3_600_000;
const everything: HistoryFilter = { kinds: [], states: [], marks: [], actors: [], artifacts: [] };
const asked = { apps: [], environments: [], filter: everything, limit: 20, all: false };

/** Releases of two apps in two environments, an hour apart, each in turn. */
async function released(numbers: readonly number[], apps = ["web", "api"]) {
  const artifacts = apps.flatMap((app) => numbers.map((number) => artifactOf(app, number)));
  const pipeline = pipelineOf(apps, [environment("staging"), environment("eu")]);
  const made = world({ apps, artifacts, pipeline });
  made.repository.now = () => made.clock.now();
  for (const number of numbers) {
    for (const app of apps) {
      for (const name of ["staging", "eu"]) {
        const { id } = artifactOf(app, number);
        await promote(made.ask({ apps: [app], environments: [name], artifact: id }), made.ports);
        made.clock.time += hour;
      }
    }
  }
  return made;
}

const told = ({ entries }: Awaited<ReturnType<typeof history>>) =>
  entries.map(({ app, environment: name, release }) => `${app} ${name} ${release.artifact.run?.number}`);

describe("the history", () => {
  it("of everything is in the order of time over all places, with the commits", async () => {
    const { ports, repository } = await released([1, 2]);
    const found = await history(asked, ports);
    expect(told(found)).toEqual([
      ...["api eu 2", "api staging 2", "web eu 2", "web staging 2"],
      ...["api eu 1", "api staging 1", "web eu 1", "web staging 1"],
    ]);
    expect(found.entries.map(({ commit }) => commit)).toEqual(
      repository.commits
        .slice(1)
        .map(({ id }) => id)
        .reverse(),
    );
    expect(found.more).toBe(false);
  });

  it("of an app, of an environment, and of both", async () => {
    const { ports } = await released([1]);
    expect(told(await history({ ...asked, apps: ["web"] }, ports))).toEqual(["web eu 1", "web staging 1"]);
    expect(told(await history({ ...asked, environments: ["eu"] }, ports))).toEqual(["api eu 1", "web eu 1"]);
    expect(told(await history({ ...asked, apps: ["web"], environments: ["eu"] }, ports))).toEqual(["web eu 1"]);
  });

  it("that is limited says that there is more, and is the newest of all", async () => {
    const { ports } = await released([1, 2, 3]);
    const found = await history({ ...asked, limit: 3 }, ports);
    expect([told(found), found.more]).toEqual([["api eu 3", "api staging 3", "web eu 3"], true]);
    expect((await history({ ...asked, limit: 12 }, ports)).more).toBe(false);
    expect((await history({ ...asked, limit: 0 }, ports)).entries).toHaveLength(12);
  });

  it.each<[string, Partial<HistoryFilter>, string[]]>([
    ["since", { since: start + 6 * hour }, ["api eu 2", "api staging 2"]],
    ["until", { until: start + 2 * hour }, ["web eu 1", "web staging 1"]],
    ["kind", { kinds: ["override"] }, []],
    ["state", { states: ["failed"] }, []],
    ["actor", { actors: ["nobody"] }, []],
    ["version", { artifacts: ["1.2"], since: start + 6 * hour }, ["api eu 2", "api staging 2"]],
    ["id", { artifacts: [artifactOf("web", 1).id] }, ["web eu 1", "web staging 1"]],
    ["mark", { marks: ["current"], until: start + 5 * hour }, ["web staging 2"]],
  ])("is filtered by %s", async (_by, filter, expected) => {
    const { ports } = await released([1, 2]);
    expect(told(await history({ ...asked, filter: { ...everything, ...filter } }, ports))).toEqual(expected);
  });

  it("tells what the config no longer declares, by its records", async () => {
    const { ports } = await released([1]);
    const gone = { ...ports, loadPipeline: async () => pipelineOf(["api"], [environment("eu")]) };
    expect(told(await history(asked, gone))).toEqual(["api eu 1", "web eu 1", "web staging 1"]);
    expect(told(await history({ ...asked, apps: ["web"], environments: ["staging"] }, gone))).toEqual([
      "web staging 1",
    ]);
    await expect(history({ ...asked, apps: ["no"] }, gone)).rejects.toMatchObject({ code: "config/unknown-app" });
    await expect(history({ ...asked, environments: ["no"] }, gone)).rejects.toMatchObject({
      code: "config/unknown-environment",
    });
  });

  it("says which record cannot be read, and tells the others", async () => {
    const { ports, repository } = await released([1]);
    repository.push("broken", [{ path: repoPath(".glu/web/eu.json"), content: bytes("{") }]);
    const found = await history(asked, ports);
    expect(told(found)).toEqual(["api eu 1", "api staging 1", "web staging 1"]);
    expect(found.notices).toEqual([".glu/web/eu.json cannot be read: it is not JSON."]);
  });

  it("reads environments of other repositories where they are", async () => {
    const { ports } = await released([1]);
    const other = await released([1, 2], ["web"]);
    const elsewhere = {
      ...ports,
      repositoryOf: ({ name }: { name: string }) => (name === "eu" ? other.repository : ports.repository),
    };
    const found = await history({ ...asked, apps: ["web"] }, elsewhere);
    expect(told(found)).toEqual(["web eu 2", "web eu 1", "web staging 1"]);
    expect(found.entries[0]?.commit).toBe(other.repository.commits.at(-1)?.id);
  });

  it("beyond what a record holds is told by the branch, to the first", async () => {
    const { ports } = await released(
      Array.from({ length: 120 }, (_, at) => at + 1),
      ["web"],
    );
    const one = { ...asked, apps: ["web"], environments: ["eu"], limit: 0 };
    const short = await history(one, ports);
    expect(short.entries).toHaveLength(51);
    expect(short.notices).toEqual([
      "Records hold the last 51 releases; what is older of one place is told with --all.",
    ]);
    const whole = await history({ ...one, all: true }, ports);
    expect(told(whole)).toEqual(Array.from({ length: 120 }, (_, at) => `web eu ${120 - at}`));
    expect(whole.notices).toEqual([]);
    expect(new Set(whole.entries.map(({ commit }) => commit)).size).toBe(120);
  });
});

describe("the marks of releases", () => {
  const [one, two, three] = [1, 2, 3].map((number) => artifactOf("web", number)) as [
    ReturnType<typeof artifactOf>,
    ReturnType<typeof artifactOf>,
    ReturnType<typeof artifactOf>,
  ];
  let minute = 0;
  const release = (artifact: typeof one, more: Partial<Release> = {}): Release => {
    const at = new Date(start + ++minute * 60_000).toISOString();
    return {
      ...{ request: `r${minute}`, kind: "promotion", artifact, decidedOn: "c", actor: { name: "ada", verified: true } },
      ...{ decidedAt: at, releasedAt: at, state: "committed", writes: [], superseded: [], ...more },
    };
  };
  const marksOf = (newestFirst: Release[]) => {
    const [current = null, ...past] = newestFirst;
    const place = { schema: "glu.record.v1" as const, app: appName("web"), environment: envName("eu"), rejected: [] };
    return markReleases({ ...place, current, history: past });
  };

  it("say which rollback undid one, the first that did", () => {
    const all = [
      release(one),
      release(two),
      release(three),
      release(two, { kind: "rollback" }),
      release(one, { kind: "rollback" }),
    ];
    const marked = marksOf([...all].reverse());
    expect(marked.map(({ marks }) => marks)).toEqual([
      ["current"],
      ["rolled-back"],
      ["rolled-back"],
      ["rolled-back"],
      [],
    ]);
    expect(marked.map(({ rolledBack }) => rolledBack?.request)).toEqual([
      undefined,
      all[4]?.request,
      all[3]?.request,
      all[4]?.request,
      undefined,
    ]);
  });

  it("say what failed, was overridden, overtook others, is proposed and was removed", () => {
    const removed = { request: "x", actor: { name: "ada", verified: true }, at: new Date(start).toISOString() };
    const marked = marksOf([
      release(three, { releasedAt: null }),
      release(two, { kind: "override", superseded: [one.id] }),
      { ...release(two), overrides: [{ gate: "soak", code: "soak/too-young", seen: "too young" }] },
      release(one, { state: "failed", removed }),
    ]);
    expect(marked.map(({ marks }) => marks)).toEqual([
      ["current", "proposed"],
      ["overridden", "superseded"],
      ["overridden"],
      ["failed", "removed"],
    ]);
    expect(marked[2]?.overrides).toEqual(["soak"]);
  });

  it("say of a rollback whose target is forgotten that it undid all before it", () => {
    const marked = marksOf([release(one, { kind: "rollback" }), release(three), release(two)]);
    expect(marked.map(({ marks }) => marks)).toEqual([["current"], ["rolled-back"], ["rolled-back"]]);
  });
});
