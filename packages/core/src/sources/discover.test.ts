import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareArtifacts, newest } from "../artifact/order.ts";
import { UserError } from "../errors.ts";
import { isDeclared } from "../gates/declared.ts";
import type { Artifact } from "../model/artifact.ts";
import { appName, timestamp } from "../model/names.ts";
import type { App } from "../model/pipeline.ts";
import type { Constraint, OciPart, Source, SourcePart } from "../model/source.ts";
import { clockAt, pipelineOf, start } from "../test-kit/memory.ts";
import { commitFor, digestFor, growingStore, MemorySources, shaFor } from "../test-kit/sources.ts";
import { discover } from "./discover.ts";
import { whyDiscovered } from "./why-discovered.ts";

const web = "ghcr.io/acme/web";
const worker = "ghcr.io/acme/worker";
const newestRelease: Constraint = {
  order: { kind: "semver", range: "*", prereleases: false },
  pattern: undefined,
  ignore: [],
};
const moving = (name: string): Constraint => ({ order: { kind: "name", name }, pattern: undefined, ignore: [] });
const image = (more: Partial<OciPart> = {}): OciPart => ({
  kind: "oci",
  image: web,
  set: [],
  ...newestRelease,
  ...more,
});
const follow = (...parts: [SourcePart, ...SourcePart[]]): Source => ({ parts, limit: 1 });

function setUp(sources: readonly Source[], more: Partial<App> = {}, apps = ["web"]) {
  const outside = new MemorySources();
  const store = growingStore();
  const clock = clockAt(start);
  const pipeline = pipelineOf(apps, undefined, { images: { web, worker }, sources, ...more });
  const warnings: string[] = [];
  const silent = () => {};
  const warning = (text: string) => void warnings.push(text);
  const logger = { debug: silent, progress: silent, info: silent, notice: silent, warning };
  const look = (request: Partial<Parameters<typeof discover>[0]> = {}) =>
    discover(
      { apps: [], dryRun: false, ...request },
      { pipeline, outside, store, keep: async () => [], clock, logger },
    );
  const app = pipeline.apps.get(appName("web")) as App;
  return { outside, store, clock, look, app, warnings };
}

describe("what is new", () => {
  it("is stored once, and costs a list and a look at its digest from then on", async () => {
    const { outside, store, look, clock } = setUp([follow(image())]);
    outside.push(web, "1.0.0");
    expect(await look()).toMatchObject([{ app: "web", source: web, result: "stored", version: "1.0.0" }]);
    clock.time += 3_600_000;
    outside.asked.length = 0;
    expect(await look()).toMatchObject([{ result: "unchanged", artifact: store.artifacts[0] }]);
    expect(outside.asked).toEqual([`tags ${web}`, `resolve ${web}:1.0.0`]);
    expect(store.artifacts).toHaveLength(1);
  });

  it("is only said in a dry run", async () => {
    const { outside, store, look } = setUp([follow(image())]);
    outside.push(web, "1.0.0");
    expect(await look({ dryRun: true })).toMatchObject([{ result: "planned", version: "1.0.0" }]);
    expect(store.artifacts).toEqual([]);
  });

  it("is the same artifact for whoever looks, whenever", async () => {
    const ids = [0, 86_400_000].map(async (later) => {
      const { outside, store, look, clock } = setUp([follow(image())]);
      clock.time += later;
      outside.push(web, "1.0.0", { createdAt: "2026-03-01T00:00:00Z" });
      await look();
      return store.artifacts[0]?.id;
    });
    const [one, other] = await Promise.all(ids);
    expect(one).toBe(other);
    expect(one).toMatch(/^20260301t000000z-/);
  });

  it("is as many of the newest versions as the limit says, the newest stored last", async () => {
    const { outside, store, look } = setUp([{ parts: [image()], limit: 2 }]);
    for (const tag of ["1.0.0", "1.1.0", "1.2.0"]) outside.push(web, tag);
    expect((await look()).map((one) => "version" in one && one.version)).toEqual(["1.2.0", "1.1.0"]);
    expect(store.artifacts.map(({ version }) => version.tag)).toEqual(["1.1.0", "1.2.0"]);
  });

  it("is what the app is declared to be made of, whatever repository builds it", async () => {
    const { outside, store, look, app } = setUp([follow(image({ set: [worker] }))]);
    for (const name of [web, worker]) outside.push(name, "1.0.0");
    await look();
    const [artifact] = store.artifacts;
    expect(artifact && isDeclared(app, artifact)).toBe(true);
    expect(artifact && isDeclared({ ...app, sources: [] }, artifact)).toBe(false);
  });

  it("is nothing where no version counts, and where an app follows nothing", async () => {
    const { look, outside } = setUp([follow(image())]);
    outside.push(web, "latest");
    const why = "none of 1 counts: 1 no semantic version";
    expect(await look()).toEqual([{ app: "web", source: web, result: "none", why }]);
    expect(await setUp([]).look()).toEqual([]);
  });

  it("is not asked for of an app that is not declared", async () => {
    await expect(setUp([]).look({ apps: [appName("wob")] })).rejects.toMatchObject({ code: "config/unknown-app" });
  });
});

describe("an image", () => {
  it("that says its commit is that commit; else it is its digest", async () => {
    const { outside, store, look } = setUp([follow(image())]);
    outside.push(web, "1.0.0", { revision: shaFor("a") });
    await look();
    const digest = outside.push(web, "1.1.0", { revision: "main" });
    await look();
    expect(store.artifacts.map(({ version }) => version.sha)).toEqual([shaFor("a"), digest.slice(7)]);
  });

  it("whose version has moved is not followed, and said", async () => {
    const { outside, store, look } = setUp([follow(image())]);
    const was = outside.push(web, "1.0.0");
    await look();
    const is = outside.push(web, "1.0.0", { content: "another" });
    expect(await look()).toMatchObject([
      { result: "moved", version: "1.0.0", moved: { name: web, was, is, artifact: store.artifacts[0] } },
    ]);
    expect(store.artifacts).toHaveLength(1);
    outside.push(web, "1.0.1");
    expect(await look()).toMatchObject([{ result: "stored", version: "1.0.1" }]);
  });

  it("whose tag is there to move makes an artifact of each digest, of a branch by its name", async () => {
    const { outside, store, look } = setUp([follow(image(moving("main")))]);
    outside.push(web, "main", { content: "1", createdAt: "2026-01-01T00:00:00Z" });
    await look();
    outside.push(web, "main", { content: "2", createdAt: "2026-01-02T00:00:00Z" });
    expect(await look()).toMatchObject([{ result: "stored", version: "main" }]);
    expect(store.artifacts.map(({ version }) => [version.event, version.branch, version.tag])).toEqual([
      ["push", "main", undefined],
      ["push", "main", undefined],
    ]);
    // Nobody lists tags to look at one.
    expect(outside.asked.filter((one) => one.startsWith("tags"))).toEqual([]);
    expect(newest(store.artifacts)).toBe(store.artifacts[1]);
  });

  it("whose tag that moves is not there says so", async () => {
    const { outside, look } = setUp([follow(image({ set: [worker], ...moving("main") }))]);
    expect((await look()).map(whyDiscovered)).toEqual([`there is no main of ${web} and ${worker}`]);
    outside.push(web, "main");
    expect((await look()).map(whyDiscovered)).toEqual([`there is no main of ${worker}`]);
  });

  it("that moves without saying when it was built is newer when it is seen later", async () => {
    const { outside, store, look, clock } = setUp([follow(image(moving("main")))]);
    for (const content of ["1", "2", "3"]) {
      outside.push(web, "main", { content });
      await look();
      clock.time += 60_000;
    }
    expect(newest(store.artifacts)?.images.web?.digest).toBe(digestFor("3"));
  });

  it.each([
    "1970-01-01T00:00:00Z",
    "1970-01-01T00:00:01Z",
    "1980-01-01T00:00:01Z",
    "0001-01-01T00:00:00Z",
    "+275760-09-13T00:00:00Z",
    "yesterday",
  ])("that moves and was built at %s does not say when: seen later it is newer", async (createdAt) => {
    const { outside, store, look, clock } = setUp([follow(image(moving("main")))]);
    outside.push(web, "main", { content: "1", createdAt: "2026-01-01T00:00:00Z" });
    await look();
    for (const content of ["2", "3"]) {
      clock.time += 60_000;
      outside.push(web, "main", { content, createdAt });
      expect(await look()).toMatchObject([{ result: "stored" }]);
    }
    const [first, second, third] = store.artifacts as [Artifact, Artifact, Artifact];
    expect(third.committedAt).toBe(timestamp(0));
    expect(newest(store.artifacts)).toBe(third);
    for (const older of [first, second]) expect(compareArtifacts(older, third).kind).toBe("older");
  });

  it("that is tagged back is the artifact it was, and no newer", async () => {
    const { outside, store, look } = setUp([follow(image(moving("main")))]);
    const one = { content: "1", createdAt: "2026-01-01T00:00:00Z" };
    outside.push(web, "main", one);
    await look();
    outside.push(web, "main", { content: "2", createdAt: "2026-01-02T00:00:00Z" });
    await look();
    outside.push(web, "main", one);
    expect(await look()).toMatchObject([{ result: "unchanged", artifact: store.artifacts[0] }]);
    expect(store.artifacts).toHaveLength(2);
  });
});

describe("a set of images", () => {
  it("counts when all of them have the tag", async () => {
    const { outside, store, look } = setUp([follow(image({ set: [worker] }))]);
    for (const name of [web, worker]) outside.push(name, "1.0.0");
    outside.push(web, "1.1.0");
    const [first] = await look();
    expect(first).toMatchObject({ result: "stored", version: "1.0.0" });
    expect(first && whyDiscovered(first)).toBe(`1.1.0 waits for ${worker}`);
    // In whichever order they are pushed.
    outside.push(worker, "1.2.0");
    expect((await look()).map(whyDiscovered)).toEqual([`1.2.0 waits for ${web}; 1.1.0 waits for ${worker}`]);
    outside.push(worker, "1.1.0");
    expect(await look()).toMatchObject([{ result: "stored", version: "1.1.0", waiting: [{ version: "1.2.0" }] }]);
    expect(Object.keys(store.artifacts[1]?.images ?? {})).toEqual(["web", "worker"]);
  });

  it("of which no tag is whole says what is missing, and asks for none", async () => {
    const { outside, look } = setUp([follow(image({ set: [worker] }))]);
    for (let at = 0; at < 50; at++) outside.push(web, `1.${at}.0`);
    outside.push(worker, "latest");
    const [none] = await look();
    expect(none && whyDiscovered(none)).toBe(
      `none of 50 that count is whole; 1.49.0 waits for ${worker}; 1.48.0 waits for ${worker}; 1.47.0 waits for ${worker}`,
    );
    expect(outside.asked).toEqual([`tags ${web}`, `tags ${worker}`]);
  });

  it("whose tag is listed and gone is passed over", async () => {
    const { outside, look } = setUp([follow(image({ set: [worker] }))]);
    for (const name of [web, worker]) for (const tag of ["1.0.0", "1.1.0"]) outside.push(name, tag);
    const { tags } = outside.images;
    outside.images.tags = async (name) => [...(await tags(name)), "1.2.0"];
    expect(await look()).toMatchObject([{ result: "stored", version: "1.1.0" }]);
  });

  it("at a moving tag waits until all were built from one commit", async () => {
    const { outside, store, look } = setUp([follow(image({ set: [worker], ...moving("main") }))]);
    for (const name of [web, worker]) outside.push(name, "main", { revision: shaFor("a") });
    expect(await look()).toMatchObject([{ result: "stored" }]);
    outside.push(web, "main", { revision: shaFor("b"), content: "web b" });
    const [half] = await look();
    expect(half).toMatchObject({ result: "incomplete", version: "main" });
    expect(half && whyDiscovered(half)).toBe(
      `it was built of different commits, ${web} of ${shaFor("b").slice(0, 7)}, ${worker} of ${shaFor("a").slice(0, 7)}; it counts when the last one is pushed`,
    );
    outside.push(worker, "main", { revision: shaFor("b"), content: "worker b" });
    expect(await look()).toMatchObject([{ result: "stored" }]);
    expect(store.artifacts.map(({ version }) => version.sha)).toEqual([shaFor("a"), shaFor("b")]);
  });

  it("at a moving tag is not followed while an image does not say what it was built of", async () => {
    const { outside, store, look } = setUp([follow(image({ set: [worker], ...moving("main") }))]);
    for (const name of [web, worker]) outside.push(name, "main", { revision: "main" });
    const [silent] = await look();
    expect(silent).toMatchObject({ result: "incomplete", why: expect.stringContaining(`${web} and ${worker} do not`) });
    outside.push(web, "main", { revision: shaFor("a"), content: "web a" });
    expect(await look()).toMatchObject([
      { result: "incomplete", why: expect.stringMatching(/^the images \S+worker do not/) },
    ]);
    outside.push(worker, "main", { revision: shaFor("a"), content: "worker a" });
    expect(await look()).toMatchObject([{ result: "stored" }]);
    expect(store.artifacts).toHaveLength(1);
  });

  it("never has an artifact with half of it, in whatever order it is pushed and looked at", async () => {
    const versions = ["1.0.0", "1.1.0", "2.0.0"];
    const step = fc.oneof(
      fc.record({ push: fc.constantFrom(web, worker), tag: fc.constantFrom(...versions) }),
      fc.constant("look" as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        const { outside, store, look } = setUp([follow(image({ set: [worker] }))]);
        for (const one of [...steps, "look" as const]) {
          if (one === "look") await look();
          else outside.push(one.push, one.tag);
        }
        for (const { images } of store.artifacts) {
          expect(Object.keys(images).sort()).toEqual(["web", "worker"]);
          expect(images.web?.tag).toBe(images.worker?.tag);
        }
        const whole = versions.filter((tag) => [web, worker].every((name) => outside.tagged.has(`${name}:${tag}`)));
        expect(newest(store.artifacts)?.version.tag).toBe(whole.at(-1));
      }),
      { numRuns: 60 },
    );
  });
});

describe("the order of artifacts", () => {
  it.each<[string, Constraint, string[]]>([
    [
      "of versions in longer names",
      { ...newestRelease, pattern: "web-v(.*)" },
      ["web-v1.2.0", "web-v1.9.0", "web-v1.10.0"],
    ],
    ["of versions", newestRelease, ["1.2.0", "1.9.0", "1.10.0"]],
    ["of numbers", { order: { kind: "build", as: "number" }, pattern: "b-(\\d+)", ignore: [] }, ["b-2", "b-9", "b-10"]],
    [
      "of dates",
      { order: { kind: "build", as: "date" }, pattern: undefined, ignore: [] },
      ["2026-01-02", "20260102T1000", "20261001"],
    ],
  ])("%s is the order in which they count, whenever they were built", async (_, constraint, tags) => {
    const { outside, store, look } = setUp([{ parts: [image(constraint)], limit: 3 }]);
    // Built in the opposite order.
    for (const [at, tag] of tags.entries()) outside.push(web, tag, { createdAt: `2026-05-0${9 - at}T00:00:00Z` });
    const found = await look();
    expect(found.map((one) => "version" in one && one.version)).toEqual(tags.toReversed());
    const [oldest, middle, last] = store.artifacts as [never, never, never];
    expect(compareArtifacts(oldest, middle).kind).toBe("older");
    expect(compareArtifacts(last, middle).kind).toBe("newer");
  });
});

it("a build whose number is too large to order artifacts by is refused, not ordered otherwise", async () => {
  const order = { kind: "build", as: "number" } as const;
  const { outside, look, store } = setUp([follow(image({ order }))]);
  outside.push(web, "20260131123045123");
  const [failed] = await look();
  expect(failed).toMatchObject({ result: "failed", error: { code: "source/invalid", exitCode: 2 } });
  expect(failed && whyDiscovered(failed)).toContain("fewer digits");
  expect(store.artifacts).toEqual([]);
});

describe("a source that cannot be looked at", () => {
  it("stops no other source and no other app", async () => {
    const other = "quay.io/acme/web";
    const sources = [follow(image()), follow(image({ image: other }))];
    const { outside, look } = setUp(sources, { images: { web, other } }, ["api", "web"]);
    outside.push(other, "1.0.0");
    outside.down.add("ghcr.io");
    expect(await look()).toMatchObject([
      { app: "api", source: web, result: "failed", error: { code: "registry/unreachable" } },
      { app: "api", source: other, result: "stored" },
      { app: "web", source: web, result: "failed" },
      { app: "web", source: other, result: "stored" },
    ]);
  });

  it("by a bug is a bug", async () => {
    const { outside, look } = setUp([follow(image())]);
    outside.images.tags = async () => {
      throw new TypeError("a bug");
    };
    await expect(look()).rejects.toThrow(TypeError);
  });
});

describe("a Git repository", () => {
  const git = (more: Partial<Extract<SourcePart, { kind: "git" }>> = {}): SourcePart => ({
    kind: "git",
    repository: "acme/lib",
    refs: "tags",
    ...newestRelease,
    ...more,
  });

  it("has an artifact of its newest tag, with what its commit says", async () => {
    const { outside, store, look } = setUp([follow(git())]);
    const commit = commitFor("second", "2026-02-03T04:05:06.000Z");
    outside.commits.set(commit.sha, commit);
    const tags = [
      { name: "v1.0.0", commit: shaFor("first") },
      { name: "v1.1.0", commit: commit.sha },
    ];
    outside.refs.set("acme/lib", { tags, branches: [] });
    expect(await look()).toMatchObject([{ result: "stored", version: "v1.1.0" }]);
    expect(store.artifacts).toMatchObject([
      {
        committedAt: "2026-02-03T04:05:06.000Z",
        version: {
          repositoryName: "acme/lib",
          sha: commit.sha,
          event: "tag",
          tag: "v1.1.0",
          authorName: "Ada",
          message: "second",
        },
        vars: { gitRef: "v1.1.0", gitCommit: commit.sha },
      },
    ]);
    outside.asked.length = 0;
    await look();
    expect(outside.asked).toEqual(["refs acme/lib"]);
  });

  it("has an artifact of each commit of a branch", async () => {
    const { outside, store, look } = setUp([follow(git({ refs: "branch", ...moving("main") }))]);
    for (const text of ["one", "two"]) {
      const commit = commitFor(text);
      outside.commits.set(commit.sha, commit);
      outside.refs.set("acme/lib", { tags: [], branches: [{ name: "main", commit: commit.sha }] });
      await look();
    }
    expect(store.artifacts.map(({ version }) => [version.event, version.branch, version.message])).toEqual([
      ["push", "main", "one"],
      ["push", "main", "two"],
    ]);
  });

  it("that does not give the commit is told", async () => {
    const { outside, look } = setUp([follow(git())]);
    outside.refs.set("acme/lib", { tags: [{ name: "1.0.0", commit: shaFor("x") }], branches: [] });
    expect(await look()).toMatchObject([{ result: "failed", error: { code: "source/no-such-commit" } }]);
  });
});

describe("a chart", () => {
  const chart = (repository: string): SourcePart => ({ kind: "helm", repository, chart: "web", ...newestRelease });
  const https = "https://charts.acme.dev";

  it("of an HTTP repository is an artifact with its version among the variables", async () => {
    const { outside, store, look } = setUp([follow(chart(https))]);
    const digest = digestFor("chart");
    const newer = { version: "1.2.0+b1", digest, createdAt: "2026-01-05T00:00:00Z", appVersion: "v9" };
    outside.chartVersions.set(`${https}/web`, [{ ...newer, version: "1.1.0" }, newer]);
    await look();
    expect(store.artifacts).toMatchObject([
      {
        committedAt: "2026-01-05T00:00:00.000Z",
        version: { repositoryName: "charts.acme.dev/web", tag: "1.2.0+b1", sha: digest.slice(7), event: "tag" },
        images: {},
        vars: { chart: "web", chartRepository: https, chartVersion: "1.2.0+b1", chartDigest: digest, appVersion: "v9" },
      },
    ]);
  });

  it("without a digest says none, and is known again", async () => {
    const { outside, store, look } = setUp([follow(chart(https))]);
    outside.chartVersions.set(`${https}/web`, [
      { version: "1.0.0", digest: undefined, createdAt: undefined, appVersion: undefined },
    ]);
    await look();
    expect(store.artifacts[0]?.vars).toEqual({ chart: "web", chartRepository: https, chartVersion: "1.0.0" });
    expect(await look()).toMatchObject([{ result: "unchanged" }]);
  });

  it("of a registry is a tag, with '_' where a version has '+'", async () => {
    const { outside, store, look } = setUp([follow(chart("oci://ghcr.io/acme/charts"))]);
    const digest = outside.push("ghcr.io/acme/charts/web", "1.2.0_b1", { createdAt: "2026-01-05T00:00:00Z" });
    await look();
    expect(store.artifacts[0]?.vars).toMatchObject({ chartVersion: "1.2.0+b1", chartDigest: digest });
  });

  it("comes along with an image: what is new in either is an artifact of both", async () => {
    const { outside, store, look } = setUp([follow(image(), chart(https))]);
    const versionOf = (version: string) => ({
      version,
      digest: digestFor(version),
      createdAt: undefined,
      appVersion: undefined,
    });
    outside.push(web, "3.0.0");
    outside.chartVersions.set(`${https}/web`, [versionOf("1.0.0")]);
    expect(await look()).toMatchObject([{ result: "stored", version: "3.0.0 + 1.0.0" }]);
    outside.chartVersions.set(`${https}/web`, [versionOf("1.0.0"), versionOf("1.1.0")]);
    expect(await look()).toMatchObject([{ result: "stored", version: "3.0.0 + 1.1.0" }]);
    expect(store.artifacts.map(({ version, vars }) => [version.tag, vars.chartVersion])).toEqual([
      ["3.0.0", "1.0.0"],
      ["3.0.0", "1.1.0"],
    ]);
    outside.chartVersions.set(`${https}/web`, []);
    expect(await look()).toMatchObject([{ result: "none", why: "charts.acme.dev/web: there is nothing yet" }]);
  });
});

describe("releases", () => {
  const releases = (prereleases: boolean): SourcePart => ({
    kind: "releases",
    repository: "acme/tool",
    on: "github",
    ...newestRelease,
    order: { kind: "semver", range: "*", prereleases },
  });
  const release = (tag: string, prerelease = false) => ({ tag, prerelease, url: `https://github.com/r/${tag}` });

  it("count when they are published as such, pre-releases when asked", async () => {
    const all = [release("v2.0.0", true), release("v1.1.0"), release("v1.0.0"), release("v1.2.0-rc.1")];
    for (const [asked, tag] of [
      [false, "v1.1.0"],
      [true, "v2.0.0"],
    ] as const) {
      const { outside, store, look } = setUp([follow(releases(asked))]);
      outside.released.set("acme/tool", all);
      await look();
      expect(store.artifacts).toMatchObject([
        { version: { event: "release", tag, sha: shaFor(tag), url: `https://github.com/r/${tag}` } },
      ]);
    }
  });
});

it("many apps are looked at together, and never more than so many", async () => {
  const { outside, look } = setUp(
    [follow(image())],
    {},
    Array.from({ length: 50 }, (_, at) => `app-${at}`),
  );
  outside.push(web, "1.0.0");
  const { tags } = outside.images;
  let now = 0;
  let most = 0;
  outside.images.tags = async (name) => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    now--;
    return tags(name);
  };
  expect((await look()).every(({ result }) => result === "stored")).toBe(true);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(16);
});

it("a damaged artifact is left out with a warning, and stops nothing", async () => {
  const { outside, store, look, warnings } = setUp([follow(image())]);
  for (const tag of ["1.0.0", "1.1.0"]) {
    outside.push(web, tag);
    await look();
  }
  const [good] = store.artifacts;
  const read = store.read;
  store.read = async (app, ids) => {
    if (good !== undefined && ids.some((id) => id === good.id))
      throw new UserError("artifact/tampered", "It is damaged.");
    return read(app, ids);
  };
  outside.push(web, "1.2.0");
  expect(await look()).toMatchObject([{ result: "stored", version: "1.2.0" }]);
  expect(warnings).toEqual([expect.stringContaining("damaged")]);
});
