import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BareFixture, plainGitEnvironment } from "@glu/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSourceRepository } from "./git-source-repository.ts";
import { parseRemote } from "./remote-name.ts";

describe("the working copy", () => {
  let bare: BareFixture;
  let empty: string;
  const ids: string[] = [];
  const clone = (name: string, ...args: string[]): string => {
    const to = join(bare.root, name);
    execFileSync("git", ["clone", "--quiet", ...args, `file://${bare.path}`, to], { env: plainGitEnvironment });
    return to;
  };
  beforeAll(() => {
    bare = new BareFixture({ seed: { a: "1" } });
    empty = mkdtempSync(join(tmpdir(), "glu-none-"));
    ids.push(bare.git("rev-parse", "main"));
    for (const text of ["2", "3"]) ids.push(bare.push("main", { a: text }, `Change to ${text}\n\nWhy.\n`));
  });
  afterAll(() => {
    bare[Symbol.dispose]();
    rmSync(empty, { recursive: true });
  });

  it("tells who works there", async () => {
    const to = clone("mine");
    execFileSync("git", ["config", "user.name", "Ada Lovelace"], { cwd: to, env: plainGitEnvironment });
    expect(await openSourceRepository({ cwd: to, env: plainGitEnvironment }).user()).toBe("Ada Lovelace");
    expect(await openSourceRepository({ cwd: empty, env: plainGitEnvironment }).user()).toBeUndefined();
  });

  it("tells the commit, the branch and the remote", async () => {
    // A caller's Git variables lead nowhere else.
    const env = { ...plainGitEnvironment, GIT_DIR: "/nonexistent", EDITOR: "false", GIT_SSH_COMMAND: "false" };
    const source = openSourceRepository({ cwd: clone("full"), env });
    expect(await source.commit()).toEqual({
      sha: ids[2],
      author: { name: "Seed", email: "seed@test.invalid" },
      committer: { name: "Seed", email: "seed@test.invalid" },
      committedAt: "2026-05-28T20:26:40.000Z",
      message: "Change to 3\n\nWhy.\n",
    });
    expect((await source.commit(ids[0]))?.sha).toBe(ids[0]);
    expect(await source.branch()).toBe("main");
    expect((await source.remote())?.name).toMatch(/\/config$/);
  });

  it("tells ancestry, and does not know it across what is cut off", async () => {
    const full = openSourceRepository({ cwd: clone("whole"), env: plainGitEnvironment });
    expect(await full.isAncestor(ids[0]!, ids[2]!)).toBe(true);
    expect(await full.isAncestor(ids[1]!, ids[1]!)).toBe(true);
    expect(await full.isAncestor(ids[2]!, ids[0]!)).toBe(false);
    expect(await full.isAncestor("f".repeat(40), ids[0]!)).toBeUndefined();
    const shallow = openSourceRepository({ cwd: clone("shallow", "--depth=2"), env: plainGitEnvironment });
    expect(await shallow.isAncestor(ids[1]!, ids[2]!)).toBe(true);
    expect(await shallow.isAncestor(ids[2]!, ids[1]!)).toBeUndefined();
    expect(await shallow.isAncestor(ids[0]!, ids[2]!)).toBeUndefined();
  });

  it("tells at once which of many commits are ancestors of others, as one by one", async () => {
    const strange = ["f".repeat(40), "--all", "HEAD", ids[0]!.slice(0, 8)];
    for (const [name, ...depth] of [["all"], ["cut", "--depth=2"]]) {
      const source = openSourceRepository({ cwd: clone(name!, ...depth), env: plainGitEnvironment });
      const told = await source.ancestorsAmong([...ids, ...strange, ...ids]);
      const one: string[] = [];
      for (const id of ids) {
        const others = ids.filter((other) => other !== id);
        const known = await Promise.all(others.map((other) => source.isAncestor(id, other)));
        if (known.includes(true)) one.push(id);
      }
      expect([...told].sort()).toEqual(one.sort());
    }
    expect(await openSourceRepository({ cwd: empty, env: plainGitEnvironment }).ancestorsAmong(ids)).toEqual([]);
  });

  it("tells the commits that one has and another has not, newest first and bounded", async () => {
    const full = openSourceRepository({ cwd: clone("between"), env: plainGitEnvironment });
    const way = await full.commitsBetween(ids[0]!, ids[2]!, 20);
    expect(way?.commits.map(({ sha, message }) => [sha, message])).toEqual([
      [ids[2], "Change to 3\n\nWhy.\n"],
      [ids[1], "Change to 2\n\nWhy.\n"],
    ]);
    expect(way?.commits[0]).toEqual(await full.commit(ids[2]));
    const [first] = (await full.commitsBetween(ids[0]!, ids[2]!, 1))?.commits ?? [];
    expect([first?.sha, (await full.commitsBetween(ids[0]!, ids[2]!, 1))?.total]).toEqual([ids[2], 2]);
    expect(await full.commitsBetween(ids[2]!, ids[0]!, 20)).toEqual({ commits: [], total: 0 });
    for (const strange of ["f".repeat(40), "--all", "main", ""]) {
      expect(await full.commitsBetween(strange, ids[2]!, 20)).toBeUndefined();
    }
    const shallow = openSourceRepository({ cwd: clone("cut-off", "--depth=2"), env: plainGitEnvironment });
    expect((await shallow.commitsBetween(ids[1]!, ids[2]!, 20))?.total).toBe(1);
    expect(await shallow.commitsBetween(ids[0]!, ids[2]!, 20)).toBeUndefined();
    const none = openSourceRepository({ cwd: empty, env: plainGitEnvironment });
    expect(await none.commitsBetween(ids[0]!, ids[2]!, 20)).toBeUndefined();
  });

  it("is unknown where there is none, and for what is no commit id", async () => {
    const none = openSourceRepository({ cwd: empty, env: plainGitEnvironment });
    expect([await none.commit(), await none.branch(), await none.remote()]).toEqual([undefined, undefined, undefined]);
    expect(await none.isAncestor(ids[0]!, ids[1]!)).toBeUndefined();
    const source = openSourceRepository({ cwd: clone("other"), env: plainGitEnvironment });
    for (const sha of ["--all", "main", "HEAD~1", "f".repeat(40), ""]) expect(await source.commit(sha)).toBeUndefined();
  });

  it("has no branch when a commit is checked out", async () => {
    const cwd = clone("detached");
    execFileSync("git", ["checkout", "--quiet", "--detach"], { cwd, env: plainGitEnvironment });
    expect(await openSourceRepository({ cwd, env: plainGitEnvironment }).branch()).toBeUndefined();
  });
});

it.each([
  ["https://github.com/acme/frontend", "acme/frontend", "https://github.com/acme/frontend"],
  ["https://gitlab-ci-token:s3cret@gitlab.test/a/b/c.git", "a/b/c", "https://gitlab.test/a/b/c.git"],
  ["https://s3cret@git.test/acme/x.git", "acme/x", "https://git.test/acme/x.git"],
  ["git@github.com:acme/frontend.git", "acme/frontend", "git@github.com:acme/frontend.git"],
  ["ssh://git:s3cret@git.test:22/acme/x.git", "acme/x", "ssh://git@git.test:22/acme/x.git"],
  ["/srv/git/acme/x.git", "acme/x", "/srv/git/acme/x.git"],
  ["file:///srv/git/acme/x.git", "acme/x", "file:///srv/git/acme/x.git"],
  ["C:\\git\\acme\\x", "acme/x", "C:\\git\\acme\\x"],
])("the remote %s is %s", (given, name, url) => {
  expect(parseRemote(given)).toEqual({ name, url });
});
