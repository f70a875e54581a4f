import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

const dist = join(import.meta.dirname, "../../dist");
/** A sentence of @actions/core, to know the chunk by that has it. */
const actionsCore = "Check if your runtime environment supports job summaries";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "glu-dist-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a stub from a folder of no meaning; gives its exit code and the chunks Node had loaded when it ended. */
function load(stub: string, args: readonly string[], environment: Record<string, string>) {
  const coverage = join(folder, "coverage");
  const env = { PATH: process.env.PATH, HOME: folder, NODE_V8_COVERAGE: coverage, ...environment };
  const { status } = spawnSync(process.execPath, [join(dist, stub), ...args], { cwd: folder, env });
  const reports = readdirSync(coverage).map((name) => readFileSync(join(coverage, name), "utf8"));
  const chunks = new Set(
    reports.flatMap((report) => [...report.matchAll(/\/(\d+\.index\.js)"/g)].map(([, name]) => name ?? "")),
  );
  return { status, chunks: [...chunks] };
}

const hasActionsCore = (chunk: string) => readFileSync(join(dist, chunk), "utf8").includes(actionsCore);

it("an action loads GitHub's library", () => {
  const { status, chunks } = load("promote.js", [], { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: folder });
  expect(status).toBe(2);
  expect(chunks.some(hasActionsCore)).toBe(true);
});

it.each([
  ["at a terminal", {}],
  ["on GitLab", { CI: "true", GITLAB_CI: "true", CI_PROJECT_DIR: "." }],
])("the command line loads no CI library %s", (_, environment) => {
  const { status, chunks } = load("glu.js", ["validate"], environment);
  expect(status).toBe(2);
  expect(chunks).not.toEqual([]);
  expect(chunks.filter(hasActionsCore)).toEqual([]);
});

it("every stub is one line that names what it runs", () => {
  for (const stub of ["promote", "build-artifact", "main", "glu"]) {
    const text = readFileSync(join(dist, `${stub}.js`), "utf8").replace(/^#!.*\n/, "");
    expect(text).toBe(`import { run } from "./index.js"; await run("${stub}");\n`);
  }
});

it("the root action says which commands there are when it is given another", () => {
  const env = { PATH: process.env.PATH, INPUT_COMMAND: "deploy\n::stop" };
  const { status, stdout } = spawnSync(process.execPath, [join(dist, "main.js")], { env, encoding: "utf8" });
  expect(status).toBe(2);
  // What was given is quoted on one line: it begins no workflow command of its own.
  const commands = stdout.split("\n").filter((line) => line.startsWith("::"));
  expect(commands).toEqual([expect.stringMatching(/^::error [^\n]*deploy\\n::stop[^\n]* build-artifact, promote\./)]);
});
