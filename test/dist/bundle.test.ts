import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";

const dist = join(import.meta.dirname, "../../dist");
const noteScripts = join(import.meta.dirname, "note-scripts.mjs");

/** A sentence of each library that is large, to know the chunk by that has it. */
const libraries = {
  "@actions/core": "Check if your runtime environment supports job summaries",
  commander: "excessArguments",
  "json-p3": "unexpected shorthand selector",
  liquidjs: "undefined filter: ",
  "rrule-temporal": "RRULE must include FREQ",
  semver: "Invalid comparator",
  "simple-git": "on a directory that does not exist",
  yaml: "Nested mappings are not allowed",
  zod: "Invalid input: expected",
};
type Library = keyof typeof libraries;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "glu-dist-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

// A Git server that lets nobody in: it is asked once, and that is the end of a run.
const server = createServer((_, response) => response.writeHead(401).end());
beforeAll(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
});
afterAll(() => server.close());
const configRepository = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/acme/config.git`;

/** Runs a stub from a folder of no meaning; what it had loaded when it opened its first connection, or at its end. */
async function load(stub: string, args: readonly string[], environment: Record<string, string> = {}) {
  const noted = join(folder, "scripts");
  const env = { PATH: process.env.PATH, HOME: folder, NOTED_SCRIPTS: noted, ...environment };
  const argv = ["--import", noteScripts, join(dist, stub), ...args];
  const [status] = await once(spawn(process.execPath, argv, { cwd: folder, env, stdio: "ignore" }), "exit");
  const scripts = readFileSync(noted, "utf8");
  const chunks = [...scripts.matchAll(/\/((?:\d+|shared-\w+)\.index\.js)$/gm)].map(([, name = ""]) => join(dist, name));
  const texts = chunks.map((chunk) => readFileSync(chunk, "utf8"));
  const names = Object.keys(libraries) as Library[];
  return {
    status,
    libraries: names.filter((name) => texts.some((text) => text.includes(libraries[name]))),
    bytes: chunks.reduce((sum, chunk) => sum + statSync(chunk).size, 0),
  };
}

const target = ["--app", "web", "--environment", "staging", "--artifact", "latest"];
const onGithub = () => ({
  GITHUB_ACTIONS: "true",
  GITHUB_WORKSPACE: folder,
  "INPUT_CONFIG-REPOSITORY": configRepository(),
  INPUT_APP: "web",
});
const onGitlab = { CI: "true", GITLAB_CI: "true", CI_PROJECT_DIR: "." };

it("every sentence that a library is known by is in dist", () => {
  const chunks = readdirSync(dist).filter((name) => name.endsWith(".js"));
  const texts = chunks.map((name) => readFileSync(join(dist, name), "utf8"));
  const known = Object.values(libraries).map((sentence) => texts.some((text) => text.includes(sentence)));
  expect(known).not.toContain(false);
});

// A cold start is what most runs wait for. Bytes of the bundle, not time: they do not depend on the machine.
it.each([
  ["version", ["commander"], 175_000],
  ["--help", ["commander"], 100_000],
])("glu %s loads no library but %j, and less than %i bytes", async (command, expected, most) => {
  const { libraries, bytes } = await load("glu.js", [command]);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(most);
  expect(libraries.filter((name) => !expected.includes(name))).toEqual([]);
});

it.each([
  ["promote", target, "at a terminal", {}],
  ["promote", target, "on GitLab", onGitlab],
  ["status", [], "at a terminal", {}],
  ["history", ["web", "staging"], "at a terminal", {}],
  ["adopt", [], "at a terminal", {}],
  ["drift", [], "at a terminal", {}],
])("glu %s %j %s asks the server before it loads what reads the answer", async (command, words, _, environment) => {
  const args = [command, ...words, "--config-repository", configRepository()];
  const { status, libraries, bytes } = await load("glu.js", args, environment);
  expect(status).toBe(2);
  expect(libraries).toEqual(["commander"]);
  expect(bytes).toBeLessThan(180_000);
});

it.each([
  ["at a terminal", {}],
  ["on GitLab", onGitlab],
])("glu promote starts one git, for its configuration, %s", async (_, environment) => {
  const bin = join(folder, "bin");
  const calls = join(folder, "calls");
  const git = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
  mkdirSync(bin);
  writeFileSync(join(bin, "git"), `#!/bin/sh\necho "$1" >> '${calls}'\nexec '${git}' "$@"\n`, { mode: 0o755 });
  execFileSync("git", ["init", "--quiet", folder]);
  // Without a token, Git's helpers are asked for one when the server refuses.
  const env = { ...environment, PATH: `${bin}:${process.env.PATH}`, GLU_TOKEN: "glu-0123456789" };
  await load("glu.js", ["promote", ...target, "--config-repository", configRepository()], env);
  expect(readFileSync(calls, "utf8")).toBe("config\n");
});

it.each([
  ["promote.js", {}],
  ["build-artifact.js", {}],
  ["drift.js", {}],
  ["main.js", { INPUT_COMMAND: "promote" }],
])("%s asks the server before it loads what reads the answer", async (stub, more) => {
  const { status, libraries, bytes } = await load(stub, [], { ...onGithub(), ...more });
  expect(status).toBe(2);
  expect(libraries).toEqual([]);
  expect(bytes).toBeLessThan(140_000);
});

it("an action loads GitHub's library when it has a summary to write", async () => {
  const summary = join(folder, "summary");
  writeFileSync(summary, "");
  const { status, libraries } = await load("promote.js", [], {
    GITHUB_ACTIONS: "true",
    GITHUB_WORKSPACE: folder,
    GITHUB_STEP_SUMMARY: summary,
    "INPUT_ON-HELD": "perhaps",
  });
  expect(status).toBe(2);
  expect(readFileSync(summary, "utf8")).toContain("input/choice");
  expect(libraries).toContain("@actions/core");
});

it.each([
  ["at a terminal", {}],
  ["on GitLab", onGitlab],
])("the command line loads no CI library %s", async (_, environment) => {
  const { status, libraries } = await load("glu.js", ["validate"], environment);
  expect(status).toBe(2);
  expect(libraries).not.toContain("@actions/core");
});

it("every stub is one line that names what it runs", () => {
  for (const stub of [
    "promote",
    "build-artifact",
    "rollback",
    "pin",
    "unpin",
    "freeze",
    "unfreeze",
    "drift",
    "main",
    "glu",
  ]) {
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
  expect(commands).toEqual([
    expect.stringMatching(
      /^::error [^\n]*deploy\\n::stop[^\n]* build-artifact, promote, rollback, pin, unpin, freeze, unfreeze, drift, preview-up, preview-down\./,
    ),
  ]);
});

it("nothing asks for an OIDC token: its client is left out of the bundle", () => {
  const packages = join(import.meta.dirname, "../../packages");
  const sources = readdirSync(packages, { recursive: true, encoding: "utf8" }).filter(
    (path) => /^[^/]+\/src\/.*\.ts$/.test(path) && !path.endsWith(".test.ts"),
  );
  expect(sources.length).toBeGreaterThan(500);
  const asking = sources.filter((path) => readFileSync(join(packages, path), "utf8").includes("getIDToken"));
  expect(asking).toEqual([]);
  const chunks = readdirSync(dist).filter((name) => name.endsWith(".js"));
  const withClient = chunks.filter((name) => readFileSync(join(dist, name), "utf8").includes("MockAgent"));
  expect(withClient).toEqual([]);
});

it("a start does not load the undici that is in Node, as an import of node:http does", () => {
  const index = JSON.stringify(pathToFileURL(join(dist, "index.js")).href);
  const script = `await import(${index}); process.stdout.write(process.moduleLoadList.join("\\n"));`;
  const loaded = execFileSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" });
  expect(loaded).toMatch(/^NativeModule path$/m);
  expect(loaded).not.toMatch(/undici/);
});
