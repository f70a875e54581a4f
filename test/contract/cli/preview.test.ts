import { BareFixture } from "@glu/testing/internal";
import { expect, test } from "vitest";
import { Machine } from "../../product/glu-process.ts";
import { jobOf, type PullAsSent, previewFiles } from "../../product/pull-event.ts";
import { violations } from "../schemas.ts";

const [first, second] = ["a".repeat(40), "b".repeat(40)];
const at = (minutes: number) => new Date(Date.UTC(2026, 10, 21, 7, minutes)).toISOString();
const files = ["previews/web/pr-7/preview-namespace.yaml", "previews/web/pr-7/web.yaml"];

class World implements Disposable {
  readonly machine = new Machine();
  readonly config = new BareFixture({ seed: previewFiles });

  /** `glu preview …` in the job of an event; without one at a terminal. */
  async preview(words: string[], pull?: PullAsSent) {
    const env = pull === undefined ? {} : jobOf(this.machine, pull);
    const args = ["preview", ...words, "--config-repository", this.config.path, "-o", "json"];
    const ended = await this.machine.glu(args, { env });
    return { code: ended.code, stderr: ended.stderr, answer: JSON.parse(ended.stdout) as Record<string, unknown> };
  }

  get files(): string[] {
    return this.config
      .git("ls-tree", "-r", "--name-only", "main")
      .split("\n")
      .filter((path) => !(path in previewFiles));
  }

  text(path: string): string {
    return this.config.git("cat-file", "blob", `main:${path}`);
  }

  [Symbol.dispose](): void {
    this.machine[Symbol.dispose]();
    this.config[Symbol.dispose]();
  }
}

test("a pull request's preview follows its events, and what comes late changes nothing", async () => {
  using world = new World();
  const opened: PullAsSent = { action: "opened", number: 7, head: first, updatedAt: at(0) };
  const pushed: PullAsSent = { action: "synchronize", number: 7, head: second, updatedAt: at(1) };
  const closed: PullAsSent = { action: "closed", number: 7, head: second, updatedAt: at(2), closedAt: at(2) };

  expect(await world.preview(["up", "web"], opened)).toMatchObject({ code: 0, answer: { result: "created" } });
  expect(world.files).toEqual([".glu/_previews/web/pr-7.json", ...files]);
  expect(violations("preview", JSON.parse(world.text(".glu/_previews/web/pr-7.json")))).toEqual([]);
  expect(world.text("previews/web/pr-7/web.yaml")).toMatch(
    new RegExp(
      `^# Kept as it is\\.\n[^]*data: {3}\\{ host: "web-pr-7\\.preview\\.example\\.com", commit: "${first}", branch: "feature-x-[0-9a-f]{12}" \\}$`,
    ),
  );
  expect(await world.preview(["up", "web"], opened)).toMatchObject({
    code: 0,
    answer: { result: "unchanged", commit: null },
  });
  expect(await world.preview(["up", "web"], pushed)).toMatchObject({ code: 0, answer: { result: "updated" } });
  expect(await world.preview(["up", "web"], opened)).toMatchObject({
    code: 0,
    answer: { result: "refused", refusal: { code: "preview/overtaken" } },
  });
  expect(await world.preview(["list"])).toMatchObject({
    answer: { previews: [{ number: 7, head: second, author: "grace" }] },
  });

  expect(await world.preview(["down", "web"], closed)).toMatchObject({ code: 0, answer: { result: "removed" } });
  expect(world.files).toEqual([".glu/_previews/web/pr-7.closed.json"]);
  expect(violations("preview-closed", JSON.parse(world.text(".glu/_previews/web/pr-7.closed.json")))).toEqual([]);
  const late = await world.preview(["up", "web"], pushed);
  expect(late).toMatchObject({ code: 0, answer: { refusal: { code: "preview/closed" } } });
  expect(late.stderr).toContain("preview/closed");
  const reopened: PullAsSent = { action: "reopened", number: 7, head: second, updatedAt: at(3) };
  expect(await world.preview(["up", "web"], reopened)).toMatchObject({ answer: { result: "created" } });
  expect(await world.preview(["down", "web"], closed)).toMatchObject({
    answer: { refusal: { code: "preview/overtaken" } },
  });
  expect(world.files).toEqual([".glu/_previews/web/pr-7.json", ...files]);
});

test("a fork gets a preview of the commit that was labelled, and of none after it", async () => {
  using world = new World();
  const fork = { number: 7, repository: "somebody/web", labels: ["preview"] };
  const opened: PullAsSent = { ...fork, action: "opened", head: first, updatedAt: at(0), labels: [] };
  expect(await world.preview(["up", "web"], opened)).toMatchObject({
    code: 0,
    answer: { refusal: { code: "preview/not-trusted" } },
  });
  const named = ["up", "web", "7", "--sha", first];
  expect(await world.preview(named, opened)).toMatchObject({
    code: 0,
    answer: { refusal: { code: "preview/not-trusted" } },
  });
  expect(world.files).toEqual([]);
  const labelled: PullAsSent = { ...fork, action: "labeled", head: first, updatedAt: at(1), label: "preview" };
  expect(await world.preview(["up", "web"], labelled)).toMatchObject({ answer: { result: "created" } });
  const pushed: PullAsSent = { ...fork, action: "synchronize", head: second, updatedAt: at(2) };
  expect(await world.preview(["up", "web"], pushed)).toMatchObject({
    code: 0,
    answer: { refusal: { code: "preview/not-trusted" } },
  });
  expect(world.text("previews/web/pr-7/web.yaml")).toContain(first);
  const taken: PullAsSent = {
    ...fork,
    action: "unlabeled",
    head: second,
    updatedAt: at(3),
    labels: [],
    label: "preview",
  };
  expect(await world.preview(["down", "web"], taken)).toMatchObject({ answer: { result: "removed" } });
});

test("by name it says why not, with an exit code, and plans change nothing", async () => {
  using world = new World();
  const up = ["up", "web", "7", "--sha", first, "--branch", "x"];
  expect(await world.preview([...up, "--plan"])).toMatchObject({
    code: 0,
    answer: { result: "planned", state: "created" },
  });
  expect(await world.preview([...up])).toMatchObject({ code: 0, answer: { result: "created" } });
  expect(await world.preview(["extend", "web", "7", "40d"])).toMatchObject({ code: 0, answer: { result: "extended" } });
  expect(await world.preview(["extend", "web", "8", "1d"])).toMatchObject({
    code: 2,
    answer: { code: "preview/none" },
  });
  expect(await world.preview(["up", "web"])).toMatchObject({ code: 2, answer: { code: "preview/no-number" } });
  expect(await world.preview(["up", "web", "8"])).toMatchObject({ code: 2, answer: { code: "preview/no-commit" } });
  expect(await world.preview(["up", "nowhere", "8", "--sha", first])).toMatchObject({
    code: 2,
    answer: { code: "config/unknown-app" },
  });
  expect(await world.preview(["sweep"])).toMatchObject({ code: 2, answer: { code: "preview/no-forge" } });
  const nameless = await world.preview(["up", "web", "8", "--sha", first]);
  expect(nameless).toMatchObject({
    code: 2,
    answer: { code: "template/missing-variable", at: { file: "preview-templates/web/web.yaml", line: 5 } },
  });
  expect(await world.preview(["down", "web", "7", "--plan"])).toMatchObject({
    code: 0,
    answer: { result: "planned", state: "removed" },
  });
  expect(await world.preview(["down", "web", "7"])).toMatchObject({ code: 0, answer: { result: "removed" } });
  expect(await world.preview(["down", "web", "7"])).toMatchObject({ code: 0, answer: { result: "unchanged" } });

  // By name it comes back, and goes, too, once its app is not declared any more.
  const another = ["up", "web", "9", "--sha", first, "--branch", "x"];
  for (const words of [up, another]) {
    expect(await world.preview(words)).toMatchObject({ code: 0, answer: { result: "created" } });
  }
  const renamed = (previewFiles["glu.yaml"] ?? "").replace("  web:\n", "  other:\n");
  world.config.push("main", { "glu.yaml": renamed });
  expect(await world.preview(["down", "web", "7"])).toMatchObject({ code: 0, answer: { result: "removed" } });
  expect(await world.preview(["down", "never", "7"])).toMatchObject({
    code: 2,
    answer: { code: "config/unknown-app" },
  });
  expect(await world.preview(["sweep"])).toMatchObject({
    code: 0,
    answer: { result: "swept", swept: [{ number: 9 }] },
  });
  expect(world.files.filter((path) => path.startsWith("previews/"))).toEqual([]);
});
