import { describe, expect, it } from "vitest";
import { envName } from "../model/names.ts";
import type { Release } from "../model/record.ts";
import { promote } from "../promote/promote.ts";
import { artifactOf, environment, pipelineOf, start, world } from "../test-kit/memory.ts";
import { type CompareRequest, compareEnvironments } from "./compare.ts";
import { isDifferent } from "./is-different.ts";
import { parseRevision } from "./revision.ts";
import { differingValues } from "./values.ts";

const hour = 3_600_000;

/** Releases an hour apart, in their order: app, environment, number. */
async function released(steps: readonly [string, string, number][]) {
  const apps = ["web", "api"];
  const artifacts = apps.flatMap((app) => [1, 2, 3].map((number) => artifactOf(app, number)));
  const made = world({ apps, artifacts, pipeline: pipelineOf(apps, [environment("staging"), environment("eu")]) });
  made.repository.now = () => made.clock.now();
  for (const [app, name, number] of steps) {
    await promote(made.ask({ apps: [app], environments: [name], artifact: artifactOf(app, number).id }), made.ports);
    made.clock.time += hour;
  }
  const compare = async (left: string, right: string, more: Partial<CompareRequest> = {}) => {
    const now = made.clock.now();
    const [from, to] = [await parseRevision(left, now), await parseRevision(right, now)];
    const asked = { left: from, right: to, apps: [], patch: false, ...more };
    return compareEnvironments(asked, made.ports);
  };
  return { ...made, compare };
}

const told = ({ apps }: Awaited<ReturnType<typeof compareEnvironments>>) =>
  apps.map(({ app, left, right, order }) => [
    app,
    left?.artifact.run?.number,
    order?.kind,
    right?.artifact.run?.number,
  ]);

describe("two environments", () => {
  it("are compared app by app: which is ahead, and what runs in one only", async () => {
    const { compare } = await released([
      ["web", "staging", 2],
      ["web", "eu", 1],
      ["api", "staging", 1],
    ]);
    const found = await compare("staging", "eu");
    expect(told(found)).toEqual([
      ["api", 1, undefined, undefined],
      ["web", 2, "newer", 1],
    ]);
    expect(found.apps[1]).toMatchObject({ values: [], source: { from: { run: { number: 1 } }, to: {} } });
    expect(told(await compare("eu", "staging", { apps: ["web"] }))).toEqual([["web", 1, "older", 2]]);
  });

  it("that run the same do not differ, though each has paths of its own", async () => {
    const { compare } = await released([
      ["web", "staging", 2],
      ["web", "eu", 2],
    ]);
    const { apps } = await compare("staging", "eu", { patch: true });
    expect(apps.map(isDifferent)).toEqual([false]);
  });

  it("that are not known, or apps that are not, are refused", async () => {
    const { compare } = await released([]);
    await expect(compare("no", "eu")).rejects.toMatchObject({ code: "config/unknown-environment" });
    await expect(compare("staging", "eu", { apps: ["no"] })).rejects.toMatchObject({ code: "config/unknown-app" });
  });
});

describe("an environment then and now", () => {
  const steps: [string, string, number][] = [
    ["web", "eu", 1],
    ["web", "eu", 2],
    ["web", "eu", 3],
  ];

  it.each([
    ["eu@2h", 2],
    [`eu@${new Date(start + 30 * 60_000).toISOString()}`, 1],
    ["eu@2026-11-21T09:30:00+01:00", 2],
    ["eu@2026-11-21T08:30:00+01:00", 1],
  ])("%s ran %i", async (revision, number) => {
    const { compare } = await released(steps);
    expect(told(await compare(revision, "eu"))).toEqual([["web", number, "older", 3]]);
  });

  it("is found by a commit, and shows the bytes that changed", async () => {
    const { compare, repository } = await released(steps);
    const commit = repository.commits[1]?.id.slice(0, 10);
    const { apps, left } = await compare(`eu@${commit}`, "eu", { patch: true });
    expect(left.commit.startsWith(commit ?? "-")).toBe(true);
    const [file] = apps[0]?.files ?? [];
    const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
    expect([file?.path, text(file?.before), text(file?.after)]).toEqual([
      "apps/web/eu.txt",
      "a: 1\ntag: 1.1\n",
      "a: 1\ntag: 1.3\n",
    ]);
  });

  it("before its first commit, or at none of it, is told", async () => {
    const { compare } = await released(steps);
    await expect(compare("eu@1969-12-31T00:00:00Z", "eu")).rejects.toMatchObject({ code: "diff/not-in-history" });
    await expect(compare("eu@abcdef0", "eu")).rejects.toMatchObject({ code: "diff/not-in-history" });
  });
});

describe("a revision", () => {
  const now = Date.UTC(2026, 10, 28);
  // Berlin has 02:30 twice on 25 October; the zone says which.
  it.each([
    ["eu@2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00.000Z"],
    ["eu@2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00.000Z"],
    ["eu@2026-03-29T01:30:00+01:00", "2026-03-29T00:30:00.000Z"],
    ["eu@2026-03-29T03:30:00+02:00", "2026-03-29T01:30:00.000Z"],
    ["eu@1d", "2026-11-27T00:00:00.000Z"],
  ])("%s is %s", async (text, at) => {
    expect(await parseRevision(text, now)).toMatchObject({
      environment: "eu",
      at: { kind: "time", time: Date.parse(at) },
    });
  });

  it.each([
    ["eu@2026-10-25T02:30:00", "input/time"],
    ["eu@2027-01-01T00:00:00Z", "input/time"],
    ["eu@2026-10-25", "input/revision"],
    ["eu@", "input/revision"],
    ["eu@abc", "input/revision"],
    ["eu@previous", "input/revision"],
    ["@2d", "input/environment-name"],
  ])("%s is refused: %s", async (text, code) => {
    await expect(parseRevision(text, now)).rejects.toThrow(expect.objectContaining({ code }));
  });
});

describe("values that releases wrote", () => {
  const side = (name: string, number: number, values: Record<string, string>) => {
    const writes = Object.entries(values).map(([selector, value]) => {
      return { path: `apps/web/${name}/values.yaml`, selector, value, editor: "yaml" };
    });
    return {
      environment: envName(name),
      release: { artifact: artifactOf("web", number), writes } as unknown as Release,
    };
  };

  it("differ where it is for another reason than the artifact or the environment", () => {
    const left = side("staging", 1, { tag: "1.1", url: "web.staging.example.org", log: "debug", only: "x" });
    const right = side("eu", 2, { tag: "1.2", url: "web.eu.example.org", log: "info", new: "y" });
    expect(differingValues(left, right).map(({ left: a, right: b }) => [a?.selector, a?.value, b?.value])).toEqual([
      ["log", "debug", "info"],
      ["only", "x", undefined],
      [undefined, undefined, "y"],
    ]);
  });

  it("are not the same because a short version is part of another text", () => {
    const left = side("staging", 1, { replicas: "1.1.5", name: "staging-db" });
    const right = side("eu", 2, { replicas: "1.2.5", name: "staging-db" });
    expect(differingValues(left, right).map(({ right: b }) => b?.selector)).toEqual(["replicas"]);
  });
});
