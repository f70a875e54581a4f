import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BareFixture, GitServer, plainGitEnvironment, realClock } from "@glu/testing/internal";
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

it("the server sends no refs of other kinds: a forge has thousands for pull requests", async () => {
  const commit = git("rev-parse", "HEAD");
  const pulls = Array.from({ length: 300 }, (_, at) => `${commit} refs/pull/${1000 + at}/head\n`).join("");
  writeFileSync(join(path(), "packed-refs"), `# pack-refs with: peeled fully-peeled sorted \n${pulls}`);
  git("tag", "v1.0.0");
  git("tag", "refs/tags/x"); // A tag whose own name looks like a ref's.
  for (const [what, names] of [
    [{ tags: true }, ["refs/tags/x", "v1.0.0"]],
    [{ branch: "main" }, ["main"]],
  ] as const) {
    server.reset();
    const listed = await listRemoteRefs(options(server.url("config.git")), what);
    expect(listed.map(({ name }) => name)).toEqual(names);
    expect(server.requests.reduce((sum, { sent }) => sum + sent, 0)).toBeLessThan(2000);
  }
});

it("a branch that is deleted is no longer there, and made anew it is what it is now", async () => {
  const ask = () => listRemoteRefs(options(server.url("config.git")), { branch: "next" });
  git("branch", "next");
  expect(await ask()).toHaveLength(1);
  git("branch", "-D", "next");
  expect(await ask()).toEqual([]);
  const tree = git("rev-parse", "HEAD^{tree}");
  const commit = git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit-tree", "-m", "anew", tree);
  git("branch", "next", commit);
  expect(await ask()).toEqual([{ name: "next", commit }]);
});

it("a repository that is not there is an error, and leaves nothing behind", async () => {
  const location = server.url("nope.git");
  await expect(listRemoteRefs(options(location), { tags: true })).rejects.toMatchObject({
    code: expect.stringMatching(/^repository\//),
  });
  expect(execFileSync("ls", [temp], { encoding: "utf8" })).toBe("");
});
