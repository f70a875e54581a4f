import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { listFiles } from "../../scripts/check/files.mjs";
import { execute } from "../e2e/process.ts";
import { root, Sandbox } from "../e2e/sandbox.ts";

const env = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" };
const sandbox = new Sandbox();
afterAll(() => sandbox[Symbol.dispose]());

/** Gitea's workflows as GitHub has them: none of the programs knows the URL of an action. */
const ofGitea = listFiles(/^examples\/gitea\/.*\.yml$/).map((path) => {
  const copy = join(sandbox.folder, path);
  mkdirSync(dirname(copy), { recursive: true });
  const text = readFileSync(join(root, path), "utf8");
  writeFileSync(copy, text.replaceAll("uses: https://github.com/", "uses: "));
  return copy;
});

const workflows = [...listFiles(/(^|\/)\.github\/workflows\/[^/]+\.ya?ml$|^examples\/github\/.*\.ya?ml$/), ...ofGitea];
const actions = listFiles(/(^|\/)action\.ya?ml$/);

test.each([
  ["actionlint finds nothing in the workflows", "actionlint", ["-no-color"], workflows],
  [
    "zizmor finds nothing in workflows and actions",
    "zizmor",
    ["--offline", "--no-progress", "--config", ".github/zizmor.yml"],
    [...workflows, ...actions],
  ],
  [
    "check-jsonschema accepts the workflows",
    "check-jsonschema",
    ["--builtin-schema", "vendor.github-workflows"],
    workflows,
  ],
  ["check-jsonschema accepts the actions", "check-jsonschema", ["--builtin-schema", "vendor.github-actions"], actions],
])("%s", async (_, program, args, files) => {
  expect(files).not.toEqual([]);
  expect(ofGitea).not.toEqual([]);
  const { exitCode, stdout, stderr } = await execute(program, [...args, ...files], { cwd: root, env });
  expect(exitCode, `${stdout}${stderr}`).toBe(0);
});
