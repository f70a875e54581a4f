import { expect, test } from "vitest";
import { listFiles } from "../../scripts/check/files.mjs";
import { execute } from "../e2e/process.ts";
import { root } from "../e2e/sandbox.ts";

const env = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" };
const workflows = listFiles(/(^|\/)\.github\/workflows\/[^/]+\.ya?ml$|^examples\/github\/.*\.ya?ml$/);
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
  const { exitCode, stdout, stderr } = await execute(program, [...args, ...files], { cwd: root, env });
  expect(exitCode, `${stdout}${stderr}`).toBe(0);
});
