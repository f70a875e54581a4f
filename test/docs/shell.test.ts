import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileCache } from "../product/compile-cache.ts";
import { type Block, blocks, filesOn, root } from "./pages.ts";

const glu = join(root, "dist/glu.js");
let folder: string;
let env: NodeJS.ProcessEnv;

/** Runs a script as a person's shell would, with `glu` on the PATH, and stops at the first command that fails. */
function run(script: string, cwd: string, more: NodeJS.ProcessEnv = {}): Promise<{ status: unknown; output: string }> {
  return new Promise((resolve) => {
    execFile("sh", ["-eu", "-c", script], { cwd, env: { ...env, ...more } }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : error.code, output: stdout + stderr });
    });
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "glu-docs-"));
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "glu"), `#!/bin/sh\nexec "${process.execPath}" "${glu}" "$@"\n`, { mode: 0o755 });
  // A machine that was never set up, and no CI around it.
  env = {
    ...compileCache,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    HOME: folder,
    TMPDIR: folder,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    // Git makes up no identity: the demo's working copies have one.
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "user.useConfigOnly",
    GIT_CONFIG_VALUE_0: "true",
  };
  expect(await run("glu demo --keep made", folder)).toMatchObject({ status: 0 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const demos = blocks.filter(({ language, tags }) => language === "sh" && tags.includes("demo"));
const exitOf = ({ tags }: Block): number => Number(tags.find((tag) => tag.startsWith("exit="))?.slice(5) ?? 0);

describe.concurrent.each([...new Set(demos.map(({ page }) => page))])("the commands of %s", (page) => {
  it("work in the demo's config repository, in their order", async ({ expect }) => {
    const own = join(folder, page.replace(/\W/g, "-"));
    const work = join(own, "config");
    cpSync(join(folder, "made"), own, { recursive: true });
    expect(await run(`git remote set-url origin "${own}/config.git"`, work)).toMatchObject({ status: 0 });
    for (const block of demos.filter((one) => one.page === page)) {
      // The demo itself runs where Glu was checked out.
      const cwd = block.text.includes("dist/glu.js") ? root : work;
      const { status, output } = await run(block.text, cwd);
      expect(status, `${page}:${block.line}\n${output}`).toBe(exitOf(block));
    }
  });
});

const here = blocks.filter(({ language, tags }) => language === "sh" && tags.includes("here"));

describe.concurrent.each([...new Set(here.map(({ page }) => page))])("the commands of %s", (page) => {
  it("work in a folder that holds its files, in their order", async ({ expect }) => {
    const own = join(folder, `${page.replace(/\W/g, "-")}-files`);
    for (const [path, text] of filesOn(page)) {
      mkdirSync(dirname(join(own, path)), { recursive: true });
      writeFileSync(join(own, path), text);
    }
    for (const block of here.filter((one) => one.page === page)) {
      const { status, output } = await run(block.text, own);
      expect(status, `${page}:${block.line}\n${output}`).toBe(exitOf(block));
    }
  });
});

describe("the GitHub quick start of the README", () => {
  const files = blocks.filter(({ page, tags }) => page === "README.md" && tags.some((tag) => tag.startsWith("path=")));
  const pathOf = ({ tags }: Block) => tags.find((tag) => tag.startsWith("path="))?.slice(5) ?? "";

  it("is a config repository that is valid, and an artifact as its workflow makes it goes through it", async () => {
    const config = join(folder, "quick-start");
    for (const block of files) {
      // "and the same for production"
      for (const path of [pathOf(block), pathOf(block).replace("staging", "production")]) {
        mkdirSync(dirname(join(config, path)), { recursive: true });
        writeFileSync(join(config, path), block.text);
      }
    }
    const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
    const script = `
      git init --quiet --initial-branch=main . && git add . && git commit --quiet -m Start
      glu validate
      git init --quiet --bare --initial-branch=main ../quick-start.git && git push --quiet ../quick-start.git main
      git init --quiet --initial-branch=main ../frontend && cd ../frontend && git commit --quiet --allow-empty -m Start
      GITHUB_ACTIONS=true GITHUB_EVENT_NAME=push GITHUB_REPOSITORY=acme/frontend GITHUB_REF=refs/heads/main \\
        GITHUB_SHA="$(git rev-parse HEAD)" glu artifact create --app frontend --image web=ghcr.io/acme/frontend:1@${digest} --config-repository ../quick-start.git
      glu promote --config-repository ../quick-start.git
      glu promote --app frontend --environment production --reason first --config-repository ../quick-start.git
      git -C ../quick-start.git show main:apps/frontend/envs/production/values.yaml`;
    const person = { NAME: "Ada", EMAIL: "ada@example.org" };
    const identity = Object.entries(person).flatMap(([key, value]) => [
      [`GIT_AUTHOR_${key}`, value],
      [`GIT_COMMITTER_${key}`, value],
    ]);
    const { status, output } = await run(script, config, Object.fromEntries(identity));
    expect(status, output).toBe(0);
    expect(output).toContain(`image:\n  tag: "1" # set by Glu\n  digest: "${digest}"\n`);
  });
});
