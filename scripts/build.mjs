// Makes dist/: compiles, bundles actions/entry with ncc, minifies, and writes a one-line stub per action.
// The same sources give the same bytes in every folder, so dist/ is committed and checked (scripts/check-dist.mjs).
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ncc from "@vercel/ncc";
import { parse } from "acorn";
import { transform } from "esbuild";
import { shareModules } from "./share-modules.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");

/** The oldest Node that runs the bundle, and the newest syntax it knows. */
const oldestNode = "node20.19";
const newestSyntax = 2023;

/** Every folder of actions/ that has a main.ts, then the root action and the command line. */
const entries = [
  ...readdirSync(join(root, "actions"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "build")
    .map(({ name }) => name),
  "main",
  "glu",
].sort();

execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-b"], { cwd: root, stdio: "inherit" });

// Quiet, no cache: a cached result would hide that an input has changed. Minified below, because ncc minifies only
// the entry and leaves its chunks as they are.
const { code, assets } = await ncc(join(root, "actions/build/entry.js"), {
  cache: false,
  minify: false,
  license: "LICENSES.txt",
  quiet: true,
});

const files = new Map([["index.js", code]]);
for (const [name, { source }] of Object.entries(assets)) files.set(name, source.toString());
shareModules(files);
for (const name of entries) {
  const shebang = name === "glu" ? "#!/usr/bin/env node\n" : "";
  files.set(`${name}.js`, `${shebang}import { run } from "./index.js"; await run("${name}");\n`);
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
let bytes = 0;
for (const [name, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const written = name.endsWith(".js") ? await minify(name, content) : content;
  mkdirSync(dirname(join(dist, name)), { recursive: true });
  writeFileSync(join(dist, name), written, { mode: name === "glu.js" ? 0o755 : 0o644 });
  bytes += Buffer.byteLength(written);
}
console.log(`dist: ${files.size} files, ${(bytes / 1000).toFixed(0)} kB`);

async function minify(name, source) {
  if (entries.includes(name.slice(0, -3))) return source;
  const { code } = await transform(source, {
    minify: true,
    format: "esm",
    platform: "node",
    target: oldestNode,
    legalComments: "none", // LICENSES.txt has them
    keepNames: false,
  });
  refuseNewerSyntax(name, code);
  return code;
}

function refuseNewerSyntax(name, source) {
  try {
    parse(source, { ecmaVersion: newestSyntax, sourceType: "module" });
  } catch (cause) {
    throw new Error(`dist/${name} has syntax that ${oldestNode} may not know.`, { cause });
  }
}
