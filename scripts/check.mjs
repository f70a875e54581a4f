// Everything that can be checked without running the product: types, lint, generated files, dist, workflows and
// pipelines. All checks run; the exit code says whether one of them failed.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./check/files.mjs";
import { checkGithubFiles } from "./check/github-files.mjs";
import { checkGitlabFiles } from "./check/gitlab-files.mjs";

function runNode(script, ...args) {
  return spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: "inherit" }).status === 0;
}

function report({ count, messages }) {
  for (const message of messages) console.error(message);
  console.log(`${count} files, ${messages.length} problems`);
  return messages.length === 0;
}

const colors = process.stdout.isTTY ? [] : ["--colors=off"];

const tsc = "node_modules/typescript/bin/tsc";
const checks = [
  ["types", () => runNode(tsc, "-b")],
  ["types of the tests", () => runNode(tsc, "-p", "test")],
  ["lint", () => runNode("node_modules/@biomejs/biome/bin/biome", "ci", "--error-on-warnings", ...colors, ".")],
  [
    "generated files",
    () => !existsSync(join(root, "scripts/generate.mjs")) || runNode("scripts/generate.mjs", "--check"),
  ],
  ["workflows and actions", async () => report(await checkGithubFiles())],
  ["GitLab components", async () => report(checkGitlabFiles())],
  ["dist", () => runNode("scripts/check-dist.mjs")],
];

const failed = [];
for (const [name, check] of checks) {
  console.log(`\n== ${name}`);
  if (!(await check())) failed.push(name);
}
console.log(failed.length === 0 ? "\nAll checks passed." : `\nFailed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
