import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { demoFolder } from "./folder.ts";

const root = mkdtempSync(join(tmpdir(), "glu-demo-test-"));
afterAll(() => rmSync(root, { recursive: true }));

it("is a new folder with the folders above it, an empty one, or a temporary one", async () => {
  const fresh = join(root, "a/b/c");
  expect(await demoFolder(fresh)).toEqual({ folder: fresh, summaries: join(fresh, "summaries") });
  mkdirSync(join(root, "empty"));
  expect(readdirSync((await demoFolder(join(root, "empty"))).folder)).toEqual(["summaries"]);
  const { folder } = await demoFolder(undefined);
  expect(readdirSync(folder)).toEqual(["summaries"]);
  rmSync(folder, { recursive: true });
});

it.each([
  ["one with something in it", (path: string) => mkdirSync(join(path, "config"), { recursive: true })],
  ["a file", (path: string) => writeFileSync(path, "")],
])("%s is refused and left as it is", async (name, make) => {
  const path = join(root, name);
  make(path);
  await expect(demoFolder(path)).rejects.toMatchObject({ code: "demo/folder", seen: path });
});

it("where no folder can be made is refused at once", async () => {
  writeFileSync(join(root, "file"), "");
  for (const path of [join(root, "file/below"), "/proc/glu-demo", "/proc/glu-demo/below"]) {
    await expect(demoFolder(path)).rejects.toMatchObject({ code: "demo/folder" });
  }
});
