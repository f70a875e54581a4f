import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RefName, RepoPath } from "@glu/core";
import { BareFixture, plainGitEnvironment, realClock } from "@glu/testing/internal";
import { afterAll, expect, it } from "vitest";
import { openConfigRepository } from "./git-config-repository.ts";

const bare = new BareFixture({ seed: { a: "1", "b/c": "2" } });
const temp = mkdtempSync(join(tmpdir(), "glu-sign-"));
afterAll(() => {
  bare[Symbol.dispose]();
  rmSync(temp, { recursive: true });
});

/** A stand-in for gpg: it answers as gpg's status protocol says (doc/DETAILS of GnuPG), or fails. */
function signer(script: string): Record<string, string> {
  const program = join(temp, "signer");
  writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const settings = { "commit.gpgSign": "true", "gpg.program": program, "user.signingKey": "KEY" };
  const entries = Object.entries(settings).flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { ...plainGitEnvironment, ...Object.fromEntries(entries), GIT_CONFIG_COUNT: "3" };
}

const open = (env: Record<string, string>) =>
  openConfigRepository({ location: bare.path, branch: "refs/heads/main" as RefName, env, temp, clock: realClock });

it("a commit is signed when Git is configured to sign", async () => {
  await using config = await open(
    signer(
      "cat >/dev/null; echo '[GNUPG:] SIG_CREATED ' >&2; printf '%s\\n' '-----BEGIN PGP SIGNATURE-----' x '-----END PGP SIGNATURE-----'",
    ),
  );
  const tip = await config.open();
  const author = { name: "Ada <x>", email: "ada@test.invalid" };
  const changes = [{ path: "a" as RepoPath, content: Buffer.from("3") }];
  const done = await config.commit(tip, { message: "Signed\n\nGlu-App: a\n", author, changes });
  expect(done).toEqual({ kind: "committed", commit: bare.git("rev-parse", "main") });
  expect(bare.git("cat-file", "commit", "main")).toMatch(/^gpgsig -----BEGIN PGP SIGNATURE-----$/m);
  expect(bare.git("log", "-1", "--format=%an <%ae> %cn%n%B", "main")).toBe(
    "Ada  x <ada@test.invalid> Seed\nSigned\n\nGlu-App: a\n",
  );
  expect(bare.git("diff-tree", "-r", "--name-only", tip.commit, "main")).toBe("a");
});

it("a commit that cannot be signed is not made", async () => {
  await using config = await open(signer("echo 'gpg: no pinentry' >&2; exit 2"));
  const tip = await config.open();
  const changes = [{ path: "a" as RepoPath, content: Buffer.from("4") }];
  await expect(config.commit(tip, { message: "m", changes })).rejects.toMatchObject({
    code: "git/signing-failed",
    fix: expect.stringMatching(/commit.gpgSign/),
  });
  expect(bare.git("rev-parse", "main")).toBe(tip.commit);
});
