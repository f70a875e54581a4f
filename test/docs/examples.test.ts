import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blocks, filesOn, nameOf, root } from "./pages.ts";

// Inside the repository, so that the examples find its packages by their names.
const cache = join(root, ".cache");
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, "docs-"));
const home = process.cwd();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const examples = blocks.filter(({ language, tags }) => language === "ts" && tags.includes("test"));

it("there are examples that are tests", () => {
  expect(examples.map(nameOf)).not.toEqual([]);
});

for (const [index, block] of examples.entries()) {
  const own = join(folder, `${index}`);
  for (const [path, text] of [...filesOn(block.page), ["example.ts", block.text] as const]) {
    mkdirSync(dirname(join(own, path)), { recursive: true });
    writeFileSync(join(own, path), text);
  }
  // The example's own tests are told as tests of this file: they are declared when it is loaded.
  const load = () => import(join(own, "example.ts"));
  describe(nameOf(block), async () => {
    beforeAll(() => process.chdir(own));
    afterAll(() => process.chdir(home));
    await load();
  });
}
