import { type RepoPath, repoPath } from "@glu/core";
import { expect, it } from "vitest";
import { MemoryRepository } from "./memory-repository.ts";

const text = (content: string) => new TextEncoder().encode(content);

/** A repository on top of another one's tip, and what was read of that. */
async function onTop() {
  const below = new MemoryRepository({ seed: { "a/one": "1", "a/two": "2", "b/three": "3" } });
  const tip = await below.open().open();
  const asked: string[] = [];
  const base = {
    read: (paths: readonly RepoPath[]) => {
      asked.push(...paths);
      return tip.read(paths);
    },
    list: tip.list.bind(tip),
  };
  const repository = new MemoryRepository({ base, seed: { "a/one": "mine" } });
  return { repository, asked, config: repository.open() };
}

it("what was written hides what lies below, which is read once and when it is asked for", async () => {
  const { asked, config } = await onTop();
  const paths = ["a/one", "a/two", "none"].map(repoPath);
  const files = await (await config.open()).read(paths);
  expect([...files].map(([path, { content }]) => [path, new TextDecoder().decode(content)])).toEqual([
    ["a/one", "mine"],
    ["a/two", "2"],
  ]);
  await (await config.open()).read(paths);
  expect(asked).toEqual(["a/two", "none"]);
});

it("a file that is deleted is gone, and older commits still have it", async () => {
  const { config } = await onTop();
  const before = await config.open();
  const two = repoPath("a/two");
  await before.read([two]);
  await config.commit(before, { message: "Remove", changes: [{ path: two, content: undefined }] });
  const after = await config.open();
  expect([(await before.read([two])).size, (await after.read([two])).size]).toEqual([1, 0]);
  expect((await after.list(repoPath("a")))?.map(({ name }) => name)).toEqual(["one"]);
});

it("what was not known when it was written over is still found at the commit before", async () => {
  const { config } = await onTop();
  const before = await config.open();
  const three = repoPath("b/three");
  await config.commit(before, { message: "Write", changes: [{ path: three, content: text("new") }] });
  expect(new TextDecoder().decode((await before.read([three])).get(three)?.content)).toBe("3");
  expect(new TextDecoder().decode((await (await config.open()).read([three])).get(three)?.content)).toBe("new");
});

it("lists what lies below beside what was written", async () => {
  const { config } = await onTop();
  const tip = await config.open();
  await config.commit(tip, { message: "Add", changes: [{ path: repoPath("a/more/deep"), content: text("x") }] });
  const entries = (await (await config.open()).list(repoPath("a"))) ?? [];
  expect(entries.map(({ name, kind }) => `${kind} ${name}`).sort()).toEqual(["file one", "file two", "folder more"]);
  expect((await (await config.open()).list(""))?.map(({ name }) => name).sort()).toEqual(["a", "b"]);
});
