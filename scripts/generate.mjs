// Writes every file that is generated from packages/inputs. With --check: writes nothing, lists what is stale, exit 1.
// Run after `tsc -b`.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { configJsonSchema } from "../packages/config/build/index.js";
import { configurableGates } from "../packages/core/build/index.js";
import { editors } from "../packages/editors/build/index.js";
import { generatedFiles } from "../packages/inputs/build/generate/index.js";
import { eventsJsonSchema } from "../packages/simulation/build/index.js";
import { childTexts } from "./generate/child-texts.mjs";
import { sdkDeclaration } from "./generate/sdk-declaration.mjs";
import { sdkTypes } from "./generate/sdk-types.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const check = process.argv.includes("--check");

function present(path) {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

const configSchema = {
  path: "schemas/config.schema.json",
  content: () => `${JSON.stringify(configJsonSchema({ editors, gates: configurableGates }), null, 2)}\n`,
};

const eventsSchema = {
  path: "schemas/events.schema.json",
  content: () => `${JSON.stringify(eventsJsonSchema(), null, 2)}\n`,
};

const stale = [];
for (const file of [...generatedFiles, configSchema, eventsSchema, ...sdkTypes, sdkDeclaration, childTexts]) {
  const before = present(file.path);
  const after = await file.content(before);
  if (before !== after) stale.push({ path: file.path, after });
}

if (check) {
  for (const { path } of stale) console.error(`${path} is out of date: run "npm run generate" and commit it.`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const { path, after } of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), after);
    console.log(`wrote ${path}`);
  }
  if (stale.length === 0) console.log("everything is up to date");
}
