import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";

const root = join(import.meta.dirname, "../..");
let out: string;

function release(folder: string, ...options: string[]) {
  const args = [join(root, "scripts/release.mjs"), "--out", join(out, folder), ...options];
  return spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
}

const git = (mirror: string, ...args: string[]) =>
  execFileSync("git", args, { cwd: join(out, mirror), encoding: "utf8" }).trim();

beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), "glu-release-"));
  expect(release("first", "--dry-run", "--version", "1.2.3").status).toBe(0);
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

describe.each(["promote", "build-artifact", "rollback", "drift"])("the mirror of %s", (action) => {
  it("has its action.yml at the root, which names a file that starts with nothing else beside it", () => {
    const mirror = join(out, "first", action);
    const { runs } = parse(readFileSync(join(mirror, "action.yml"), "utf8"));
    expect(runs).toEqual({ using: "node24", main: `dist/${action}.js` });
    // In a folder that is no repository, with no inputs: it says so as a usage error, by code of its own.
    const env = { PATH: process.env.PATH, HOME: out, GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: out };
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(mirror, runs.main)], {
      env,
      encoding: "utf8",
    });
    expect(stdout + stderr).not.toMatch(/Cannot find|ERR_MODULE_NOT_FOUND/);
    expect(status, stdout + stderr).toBe(2);
  });

  it("is one commit with the tag of the release and the moving one", () => {
    const mirror = join("first", action);
    expect(git(mirror, "rev-list", "--count", "HEAD")).toBe("1");
    expect(git(mirror, "tag", "--points-at", "HEAD").split("\n")).toEqual(["v1", "v1.2.3"]);
    expect(git(mirror, "status", "--porcelain")).toBe("");
  });
});

it.each(["promote", "build-artifact", "rollback", "drift", "gitlab"])(
  "what any file of %s imports lies beside it",
  (mirror) => {
    const dist = join(out, "first", mirror, "dist");
    const there = readdirSync(dist);
    const imported = there
      .filter((name) => name.endsWith(".js"))
      .flatMap((name) => [...readFileSync(join(dist, name), "utf8").matchAll(/\bfrom ?"\.\/([\w.-]+)"/g)])
      .map(([, file]) => file);
    expect(imported).not.toEqual([]);
    expect(there).toEqual(expect.arrayContaining(imported));
  },
);

it("the GitLab project carries its bundle, and every template the digest of the list of its files", () => {
  const mirror = join(out, "first/gitlab");
  const sha256 = (path: string) =>
    createHash("sha256")
      .update(readFileSync(join(mirror, "dist", path)))
      .digest("hex");
  const sums = readFileSync(join(mirror, "dist/SHA256SUMS"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split("  "));
  expect(sums.map(([, file]) => file).sort()).toEqual(
    readdirSync(join(mirror, "dist"))
      .filter((name) => name !== "SHA256SUMS")
      .sort(),
  );
  for (const [sum, file] of sums) expect(sum).toBe(sha256(file ?? ""));
  const digest = sha256("SHA256SUMS");
  for (const name of ["promote", "build-artifact", "rollback", "drift"]) {
    const template = readFileSync(join(mirror, "templates", `${name}.yml`), "utf8");
    expect(template).toContain(`digest=${digest}\n`);
    expect(template).toMatch(/^# Glu Actions 1\.2\.3\n/);
  }
  expect(git("first/gitlab", "tag", "--points-at", "HEAD").split("\n")).toEqual(["1", "1.2.3"]);
});

it.each(["promote", "build-artifact", "rollback", "drift", "gitlab"])(
  "every link of the README of %s leads somewhere",
  (mirror) => {
    const folder = join(out, "first", mirror);
    const text = readFileSync(join(folder, "README.md"), "utf8");
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
    const project = "https://github.com/glu/actions/blob/v1.2.3/";
    const inProject = links.filter((target) => target.startsWith(project));
    expect(inProject).not.toEqual([]);
    for (const target of inProject) expect(existsSync(join(root, target.slice(project.length)))).toBe(true);
    for (const target of links.filter((one) => !/^(?:https:|#)/.test(one))) {
      expect(existsSync(join(folder, target)), target).toBe(true);
    }
  },
);

it("the tarball that a runner downloads has what it needs, and nothing else", () => {
  const args = ["archive", "--worktree-attributes", "--format=tar", "HEAD"];
  const tar = execFileSync("git", args, { cwd: root, maxBuffer: 1 << 28 });
  const names = execFileSync("tar", ["-t"], { input: tar, encoding: "utf8" }).trimEnd().split("\n");
  const top = new Set(names.map((name) => name.split("/")[0]).filter((name) => name !== "pax_global_header"));
  expect([...top].sort()).toEqual(["LICENSE", "README.md", "action.yml", "actions", "dist"]);
  const ofActions = names.filter((name) => /^actions\/.*[^/]$/.test(name));
  expect(ofActions.filter((name) => !/\/(?:action\.yml|README\.md)$/.test(name))).toEqual([]);
});

it("the same source gives the same commits", () => {
  expect(release("second", "--dry-run", "--version", "1.2.3").status).toBe(0);
  for (const mirror of ["promote", "build-artifact", "rollback", "drift", "gitlab"]) {
    expect(git(join("second", mirror), "rev-parse", "HEAD")).toBe(git(join("first", mirror), "rev-parse", "HEAD"));
  }
});

it("a version that is not three numbers, and a release that is no dry run, are refused", () => {
  expect(release("third", "--dry-run", "--version", "v1")).toMatchObject({ status: 2, stdout: "" });
  expect(release("third")).toMatchObject({ status: 2, stdout: "" });
});
