import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BareFixture, GitServer, plainGitEnvironment, realClock } from "@glu/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { listRemoteRefs } from "./remote-refs.ts";

let bare: BareFixture;
let server: GitServer;
let temp: string;
beforeEach(async () => {
  bare = new BareFixture({ seed: { a: "b" } });
  server = await GitServer.start(bare.root);
  temp = mkdtempSync(join(tmpdir(), "glu-refs-"));
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  bare[Symbol.dispose]();
  rmSync(temp, { recursive: true });
});

const path = () => join(bare.root, "config.git");
const git = (...args: string[]) =>
  execFileSync("git", ["-C", path(), ...args], {
    encoding: "utf8",
    env: { ...plainGitEnvironment, GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@example.org" },
  }).trim();
const options = (location: string) => ({ location, temp, env: plainGitEnvironment, clock: realClock });

it("tags are listed with their commits, annotated ones too", async () => {
  const commit = git("rev-parse", "HEAD");
  git("tag", "v1.0.0");
  git("tag", "-a", "-m", "x", "lib/v2.0.0");
  for (const location of [path(), server.url("config.git")]) {
    expect(await listRemoteRefs(options(location), { tags: true })).toEqual([
      { name: "lib/v2.0.0", commit },
      { name: "v1.0.0", commit },
    ]);
  }
});

it("a branch is that branch, not one whose name ends like it", async () => {
  const commit = git("rev-parse", "HEAD");
  git("branch", "release");
  git("update-ref", "refs/heads/x/refs/heads/release", "HEAD");
  const ask = (branch: string) => listRemoteRefs(options(path()), { branch });
  expect(await ask("release")).toEqual([{ name: "release", commit }]);
  expect(await ask("nope")).toEqual([]);
});

it("a repository that is not there is an error, and leaves nothing behind", async () => {
  const location = server.url("nope.git");
  await expect(listRemoteRefs(options(location), { tags: true })).rejects.toMatchObject({
    code: expect.stringMatching(/^repository\//),
  });
  expect(execFileSync("ls", [temp], { encoding: "utf8" })).toBe("");
});
