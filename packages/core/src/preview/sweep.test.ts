import { describe, expect, it } from "vitest";
import { UserError } from "../errors.ts";
import { appName, requestId, timestamp } from "../model/names.ts";
import {
  day,
  headOf,
  minute,
  morning,
  type PreviewWorld,
  previewWorld,
  sweepIn,
  template,
  upOf,
} from "../test-kit/previews.ts";
import { previewDown } from "./down.ts";
import { extendPreview } from "./extend.ts";
import { previewUp } from "./up.ts";

const web = appName("web");
const files = (world: PreviewWorld) => [...(world.repository.commits.at(-1)?.files.keys() ?? [])].sort();
const by = { actor: { name: "ada", verified: true }, request: requestId("r"), author: undefined, plan: false };
const bytesOf = (text: string) => new TextEncoder().encode(text);

describe("sweep", () => {
  const sweep = sweepIn;
  const many = async (count: number) => {
    const world = previewWorld();
    for (let number = 1; number <= count; number++) await previewUp(upOf(world.pulls.set(number)), world);
    return world;
  };

  it("takes down what is closed, idle for too long or too old, as one commit, and says what was missed", async () => {
    const world = await many(12);
    world.pulls.set(3, { isOpen: false, closedAt: morning + minute });
    world.now = morning + 2 * day;
    for (const number of [1, 2, 4, 5, 6, 7, 8, 9, 10, 12]) {
      await previewUp(upOf(world.pulls.set(number, { updatedAt: morning + 2 * day })), world);
    }
    world.now = morning + 4 * day;
    const before = world.repository.commits.length;
    const result = await sweep(world);
    expect(result).toMatchObject({ state: "swept", kept: 10 });
    expect(result.swept.map(({ preview: { number }, because }) => [number, because])).toEqual([
      [3, "orphan"],
      [11, "idle"],
    ]);
    expect(result.swept[0]?.cause).toBe(
      `#3 was closed at ${timestamp(morning + minute)}, and no job of that took its preview down: none was started, or it failed or was cancelled`,
    );
    expect(world.repository.commits).toHaveLength(before + 1);
    expect(await sweep(world)).toMatchObject({ state: "unchanged", commit: undefined });
  });

  it("what was extended stays", async () => {
    const world = await many(1);
    expect(await extendPreview({ ...by, app: web, number: 1, by: 10 * day }, world)).toMatchObject({
      state: "extended",
    });
    world.now = morning + 5 * day;
    expect(await sweep(world)).toMatchObject({ state: "unchanged", kept: 1 });
    world.now = morning + 11 * day;
    expect(await sweep(world)).toMatchObject({ state: "swept", swept: [{ because: "idle" }] });
    expect(await extendPreview({ ...by, app: web, number: 1, by: day }, world)).toMatchObject({ state: "refused" });
  });

  it.each([
    [
      "the forge left some out",
      (world: PreviewWorld) => {
        world.pulls.complete = false;
      },
    ],
    [
      "the forge tells none",
      (world: PreviewWorld) => {
        for (const number of world.pulls.all.keys()) world.pulls.set(number, { isOpen: false, closedAt: morning });
      },
    ],
    [
      "too many would go",
      (world: PreviewWorld) => {
        for (const number of [1, 2, 3, 4]) world.pulls.set(number, { isOpen: false, closedAt: morning });
      },
    ],
  ])("refuses when %s", async (_, happens) => {
    const world = await many(12);
    happens(world);
    const before = files(world);
    expect(await sweep(world)).toMatchObject({ state: "refused", refusal: { code: "preview/brake" } });
    expect(files(world)).toEqual(before);
  });

  it("of many a fifth may go, and more when somebody says so", async () => {
    const world = await many(25);
    for (const number of [1, 2, 3, 4, 5]) world.pulls.set(number, { isOpen: false, closedAt: morning });
    expect(await sweep(world, { plan: true })).toMatchObject({ state: "unchanged", swept: { length: 5 } });
    world.pulls.set(6, { isOpen: false, closedAt: morning });
    expect(await sweep(world)).toMatchObject({ state: "refused" });
    expect(await sweep(world, { force: true })).toMatchObject({ state: "swept", kept: 19 });
  });

  it("leaves those of other apps alone", async () => {
    const world = await many(2);
    await previewUp(upOf(world.pulls.set(90), { app: appName("api") }), world);
    world.pulls.all.delete(90);
    expect(await sweep(world)).toMatchObject({ state: "unchanged", kept: 2 });
  });

  it("takes down those of an app that the config does not declare any more: nobody else would", async () => {
    const world = await many(2);
    const result = await sweep(world, { pulls: undefined });
    expect(result).toMatchObject({ state: "swept", kept: 0, swept: [{ because: "orphan" }, { because: "orphan" }] });
    expect(result.swept[0]?.cause).toBe("the config does not declare web any more");
    expect(files(world).filter((path) => path.startsWith("previews/"))).toEqual([]);
  });

  it("forgets a tombstone after 45 days", async () => {
    const world = await many(2);
    world.pulls.set(1, { isOpen: false, closedAt: morning });
    const event = { clock: morning, isOwn: true };
    await previewDown({ ...by, app: web, number: 1, event, because: "closed" }, world);
    await extendPreview({ ...by, app: web, number: 2, by: 100 * day }, world);
    world.now = morning + 44 * day;
    expect(await sweep(world)).toMatchObject({ state: "unchanged", forgotten: 0 });
    world.now = morning + 46 * day;
    expect(await sweep(world)).toMatchObject({ state: "swept", forgotten: 1 });
    expect(files(world)).not.toContain(".glu/_previews/web/pr-1.closed.json");
  });

  it("believes no answer that is older than what stands there", async () => {
    const world = await many(2);
    const closed = world.pulls.set(1, { isOpen: false, closedAt: morning + minute, updatedAt: morning + minute });
    const open = world.pulls.set(1, { isOpen: true, closedAt: undefined, updatedAt: morning + 2 * minute });
    await previewUp(upOf(open), world);
    world.pulls.all.set(1, closed);
    expect(await sweep(world)).toMatchObject({ state: "unchanged", kept: 2 });
  });

  it("asks for those that are not in the list only, and no more than it needs to refuse", async () => {
    const world = await many(60);
    let asked = 0;
    const { find } = world.pulls;
    world.pulls.find = (number) => {
      asked += 1;
      return find.call(world.pulls, number);
    };
    expect(await sweep(world)).toMatchObject({ state: "unchanged", kept: 60 });
    expect(asked).toBe(0);
    for (let number = 1; number <= 50; number++) world.pulls.set(number, { isOpen: false, closedAt: morning });
    expect(await sweep(world)).toMatchObject({ state: "refused" });
    expect(asked).toBe(13);
    expect((await sweep(world, { plan: true })).swept).toHaveLength(50);
  });

  it("refuses nothing by halves: what is missing stays so", async () => {
    const world = await many(2);
    world.repository.push("By hand", [{ path: "previews/web/pr-2/web.yaml" as never, content: undefined }]);
    world.pulls.complete = false;
    expect(await sweep(world)).toMatchObject({ state: "refused", missing: [] });
    expect(files(world)).not.toContain("previews/web/pr-2/web.yaml");
  });

  it.each([
    [
      "merged by the token of a job",
      { merged: true, by: "github-actions[bot]", byJobToken: true },
      "merged by github-actions[bot]",
      "sends no event",
    ],
    [
      "closed with conflicts",
      { merged: false, hasConflicts: true },
      "closed",
      "with conflicts: on: pull_request starts no job",
    ],
    [
      "merged by somebody",
      { merged: true, by: "ada" },
      "merged by ada",
      "none was started, or it failed or was cancelled",
    ],
  ])("says of one that was %s what was missed", async (_, ending, how, why) => {
    const world = await many(2);
    world.pulls.set(1, { isOpen: false, closedAt: morning + minute, updatedAt: morning + minute, ending });
    const { swept } = await sweep(world);
    expect(swept[0]?.cause).toContain(`#1 was ${how} at ${timestamp(morning + minute)}`);
    expect(swept[0]?.cause).toContain(why);
  });

  it("takes down what a label asked for that is not there any more", async () => {
    const world = await many(2);
    const pull = world.pulls.set(3, { fromFork: true, labels: ["preview"] });
    await previewUp(upOf(pull, { trust: { by: "label", sha: pull.head } }), world);
    expect(await sweep(world)).toMatchObject({ state: "unchanged", kept: 3 });
    world.pulls.set(3, { labels: [], updatedAt: morning + minute });
    expect(await sweep(world)).toMatchObject({
      swept: [{ preview: { number: 3 }, cause: expect.stringContaining("the label preview was taken off #3") }],
    });
    expect(await sweep(world, { asking: { when: "label", label: "preview" } })).toMatchObject({ swept: { length: 2 } });
  });

  it("takes down those of the repository that their app was in before, but not where it was renamed", async () => {
    const world = previewWorld();
    for (const number of [1, 2]) await previewUp(upOf(world.pulls.set(number), { repository: "acme/web" }), world);
    expect(await sweep(world, { repository: "Acme/Web" })).toMatchObject({ state: "unchanged" });
    expect(await sweep(world, { repository: "acme/site" })).toMatchObject({ state: "unchanged", kept: 2 });
    world.pulls.set(1, { head: headOf("of-another") });
    expect(await sweep(world, { repository: "acme/site" })).toMatchObject({
      swept: [{ preview: { number: 1 }, cause: "it is of acme/web, and web is in acme/site now" }],
    });
  });

  it("tells which open pull requests have no preview, and neither of forks nor of what was taken down", async () => {
    const world = await many(2);
    world.now = morning + 2 * 60 * minute;
    world.pulls.set(7);
    world.pulls.set(8, { fromFork: true });
    world.pulls.set(9, { updatedAt: world.now - minute });
    const event = { clock: morning, isOwn: true };
    world.pulls.set(10);
    await previewUp(upOf(world.pulls.set(10)), world);
    await previewDown({ ...by, app: web, number: 10, event, because: "command" }, world);
    expect(await sweep(world)).toMatchObject({ state: "unchanged", lacking: [{ app: "web", numbers: [7] }] });
    expect((await sweep(world, { asking: { when: "label", label: "x" }, plan: true })).lacking).toEqual([]);
  });
});

describe("what is missing", () => {
  const file = "previews/web/pr-2/web.yaml";
  const many = async (more = {}) => {
    const world = previewWorld();
    for (const number of [1, 2]) await previewUp(upOf(world.pulls.set(number), more), world);
    return world;
  };

  it.each([
    ["deleted", undefined],
    ["changed", bytesOf("kind: Deployment\nname: by-hand\n")],
  ])("comes back where it was %s by hand: as it was, at the time of its last event", async (_, content) => {
    const world = await many();
    const [before, state] = [world.repository.text(file), world.repository.text(".glu/_previews/web/pr-2.json")];
    world.repository.push("By hand", [{ path: file as never, content }]);
    world.pulls.set(2, { updatedAt: morning + day });
    expect(await sweepIn(world, { plan: true })).toMatchObject({ missing: [{ kind: "restored" }], commit: undefined });
    expect(world.repository.text(file)).not.toBe(before);
    const result = await sweepIn(world);
    expect(result).toMatchObject({ state: "swept", missing: [{ kind: "restored", preview: { number: 2 } }], kept: 2 });
    expect(world.repository.text(file)).toBe(before);
    expect(world.repository.text(".glu/_previews/web/pr-2.json")).toBe(state);
    expect(world.repository.commits.at(-1)?.message).toMatch(/^Bring back preview of web pr-2\n/);
    expect(world.repository.commits.at(-1)?.message).toContain("Glu-Kind: preview-up");
    expect(await sweepIn(world)).toMatchObject({ state: "unchanged", missing: [] });
  });

  it("comes back from the template that there is now, by records that know no branch yet", async () => {
    const world = await many({ branch: undefined, pullAuthor: undefined });
    const state = JSON.parse(world.repository.text(".glu/_previews/web/pr-2.json") ?? "");
    expect(state.branch).toBeUndefined();
    world.template = template("kind: Deployment\nbranch: {{ pull.branch }}\nsha: {{ pull.sha }}\n");
    world.repository.push("By hand", [{ path: file as never, content: undefined }]);
    expect(await sweepIn(world)).toMatchObject({ missing: [{ kind: "restored" }] });
    expect(world.repository.text(file)).toBe(`kind: Deployment\nbranch: feature-2\nsha: ${headOf("2")}\n`);
  });

  it("is left to its own event where the head has moved on, and where nobody vouches for its commit", async () => {
    const world = await many();
    world.repository.push("By hand", [{ path: file as never, content: undefined }]);
    world.pulls.set(2, { head: headOf("newer"), updatedAt: morning + minute });
    const why = `its head is ${headOf("newer").slice(0, 7)} now`;
    expect(await sweepIn(world)).toMatchObject({ state: "unchanged", missing: [{ kind: "left", why }] });
    world.pulls.set(2, { head: headOf("2") });
    const path = ".glu/_previews/web/pr-2.json";
    const text = (world.repository.text(path) ?? "").replace(
      /("by": "repository",\s+"sha": ")[0-9a-f]+/,
      `$1${headOf("x")}`,
    );
    world.repository.push("By hand", [{ path: path as never, content: bytesOf(text) }]);
    expect(await sweepIn(world)).toMatchObject({
      missing: [{ kind: "left", why: expect.stringContaining("nobody vouches") }],
    });
    expect(files(world)).not.toContain(file);
  });

  it("of one app whose template is broken keeps no orphan of others, and no other from coming back", async () => {
    const world = await many();
    const api = appName("api");
    await previewUp(upOf(world.pulls.set(3), { app: api }), world);
    world.repository.push("By hand", [
      { path: file as never, content: undefined },
      { path: "previews/api/pr-3/web.yaml" as never, content: undefined },
    ]);
    world.pulls.set(1, { isOpen: false, closedAt: morning + minute, updatedAt: morning + minute });
    const error = new UserError("preview/no-template", "There is no file in deploy/api.", {});
    const result = await sweepIn(world, {
      apps: [web, api],
      bringBack: {
        ...world,
        settingsOf: () => upOf(world.pulls.set(2)).settings,
        templateOf: async ({ app }) => {
          if (app === "api") throw error;
          return world.template;
        },
      },
    });
    expect(result).toMatchObject({ state: "swept", swept: [{ preview: { number: 1 } }], kept: 2 });
    expect(result.missing).toMatchObject([
      { kind: "failed", error },
      { kind: "restored", preview: { app: "web" } },
    ]);
    expect(files(world)).toContain(file);
  });
});
