import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RefName, RepoPath } from "@glu/core";
import { BareFixture, plainGitEnvironment, realClock } from "@glu/testing/internal";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openConfigRepository } from "../config/git-config-repository.ts";
import { openCallerConfig } from "./caller-config.ts";

let bare: BareFixture;
let temp: string;
let copy: string;
beforeEach(() => {
  bare = new BareFixture({ seed: { a: "1" } });
  temp = mkdtempSync(join(tmpdir(), "glu-caller-"));
  copy = join(temp, "copy");
  mkdirSync(copy);
});
afterEach(() => {
  bare[Symbol.dispose]();
  rmSync(temp, { recursive: true });
});

const {
  GIT_AUTHOR_NAME: _n,
  GIT_AUTHOR_EMAIL: _e,
  GIT_COMMITTER_NAME: _c,
  GIT_COMMITTER_EMAIL: _d,
  ...plainEnv
} = plainGitEnvironment;

const git = (cwd: string, ...args: string[]) => execFileSync("git", args, { cwd, env: plainGitEnvironment });

/** The newest commit after one that was made from `cwd`. */
async function committedFrom(cwd: string): Promise<string> {
  const global = join(temp, "global");
  writeFileSync(global, "[user]\n\tname = Global\n\temail = global@test.invalid\n");
  const env = { ...plainEnv, GIT_CONFIG_GLOBAL: global };
  const branch = "refs/heads/main" as RefName;
  await using config = await openConfigRepository({ location: bare.path, branch, env, temp, clock: realClock, cwd });
  const changes = [{ path: "a" as RepoPath, content: Buffer.from("2") }];
  await config.commit(await config.open(), { message: "m\n", changes });
  return bare.git("cat-file", "commit", "main");
}

function configure(cwd: string): void {
  const program = join(temp, "signer");
  writeFileSync(
    program,
    "#!/bin/sh\ncat >/dev/null; echo '[GNUPG:] SIG_CREATED ' >&2; printf '%s\\n' '-----BEGIN PGP SIGNATURE-----' \"$*\" '-----END PGP SIGNATURE-----'\n",
    { mode: 0o755 },
  );
  const settings = { "user.name": "Local", "user.email": "local@test.invalid", "commit.gpgSign": "true" };
  for (const [key, value] of Object.entries({ ...settings, "gpg.program": program, "user.signingKey": "KEY" })) {
    git(cwd, "config", key, value);
  }
}

it("a commit is by the identity and signed by the key of the working copy that it is made from", async () => {
  git(copy, "init", "--quiet");
  configure(copy);
  const inside = join(copy, "apps/web");
  mkdirSync(inside, { recursive: true });
  const commit = await committedFrom(inside);
  expect(commit).toMatch(/^author Local <local@test.invalid>/m);
  expect(commit).toMatch(/^committer Local <local@test.invalid>/m);
  expect(commit).toMatch(/^gpgsig -----BEGIN PGP SIGNATURE-----$/m);
  expect(commit).toMatch(/-bsau KEY/);
});

it("outside of a working copy it is by the user's own identity", async () => {
  expect(await committedFrom(copy)).toMatch(/^author Global <global@test.invalid>/m);
});

it("a folder that only looks like a repository configures nothing: it could be content of others", async () => {
  git(copy, "init", "--quiet");
  const planted = join(copy, "planted");
  git(temp, "init", "--quiet", "--bare", planted);
  configure(planted);
  const commit = await committedFrom(planted);
  expect(commit).toMatch(/^author Global <global@test.invalid>/m);
  expect(commit).not.toContain("gpgsig");
});

it("is told that there is no Git, where there is none on the PATH", async () => {
  const config = openCallerConfig({ env: { PATH: copy }, cwd: copy });
  await expect(config()).rejects.toMatchObject({ code: "git/not-found" });
});
