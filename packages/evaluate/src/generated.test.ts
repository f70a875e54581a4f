import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { childTexts } from "../../../scripts/generate/child-texts.mjs";

it("the texts that the process runs are those of the sources", async () => {
  const present = readFileSync(join(import.meta.dirname, "../../..", childTexts.path), "utf8");
  expect(present, 'run "npm run generate"').toBe(await childTexts.content());
});
