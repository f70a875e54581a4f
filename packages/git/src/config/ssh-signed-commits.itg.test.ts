import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RefName, RepoPath } from "@glu/core";
import { BareFixture, plainGitEnvironment, realClock } from "@glu/testing/internal";
import { expect, it } from "vitest";
import { openConfigRepository } from "./git-config-repository.ts";

// Needs ssh-keygen of OpenSSH 8.2 or newer.
it("a commit signed with an SSH key is verified by Git", async () => {
  using bare = new BareFixture({ seed: { a: "1" } });
  const temp = mkdtempSync(join(tmpdir(), "glu-ssh-"));
  try {
    const key = join(temp, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "ada", "-f", key]);
    const signers = join(temp, "signers");
    writeFileSync(signers, `ada@test.invalid ${readFileSync(`${key}.pub`, "utf8")}`);
    const home = join(temp, "config");
    writeFileSync(
      home,
      `[user]\nname=Ada\nemail=ada@test.invalid\nsigningKey=${key}\n[commit]\ngpgSign\n[gpg]\nformat=ssh\n[gpg "ssh"]\nallowedSignersFile=${signers}\n`,
    );
    const { GIT_COMMITTER_NAME: _n, GIT_COMMITTER_EMAIL: _e, ...plain } = plainGitEnvironment;
    const env = { ...plain, GIT_CONFIG_GLOBAL: home };
    const branch = "refs/heads/main" as RefName;
    await using config = await openConfigRepository({ location: bare.path, branch, env, temp, clock: realClock });
    const changes = [{ path: "a" as RepoPath, content: Buffer.from("2") }];
    await config.commit(await config.open(), { message: "Signed\n", changes });
    const shown = execFileSync("git", ["log", "-1", "--format=%G? %GS %ce", "main"], { cwd: bare.path, env });
    expect(shown.toString()).toBe("G ada@test.invalid ada@test.invalid\n");
  } finally {
    rmSync(temp, { recursive: true });
  }
});
