import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RefName, RepoPath } from "@glu/core";
import { BareFixture, plainGitEnvironment, realClock } from "@glu/testing/internal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openConfigRepository } from "./git-config-repository.ts";

let bare: BareFixture;
let temp: string;
beforeAll(() => {
  bare = new BareFixture({ seed: { a: "1" } });
  temp = mkdtempSync(join(tmpdir(), "glu-odd-"));
});
afterAll(() => {
  bare[Symbol.dispose]();
  rmSync(temp, { recursive: true });
});

const open = (ref: string) =>
  openConfigRepository({
    location: bare.path,
    branch: ref as RefName,
    env: plainGitEnvironment,
    temp,
    clock: realClock,
  });
const changes = [{ path: "a" as RepoPath, content: Buffer.from("2") }];

describe("a tip", () => {
  it("whose committer time is absurd is read and written on", async () => {
    const id = bare.git("rev-parse", "main");
    const commit = bare.git("cat-file", "commit", id).replace(/^(committer .*>) \d+/m, "$1 99999999999999");
    bare.write("refs/heads/absurd", "commit", `${commit}\n`);
    await using config = await open("refs/heads/absurd");
    const tip = await config.open();
    expect(tip.committedAt).toBe("9999-12-31T23:59:59.000Z");
    expect(await tip.log(5)).toHaveLength(1);
    expect(await config.commit(tip, { message: "m\n", changes })).toMatchObject({ kind: "committed" });
  });

  it.each(["-a", "-f"])("under a tag (git tag %s) is read; a tag is never written", async (how) => {
    bare.git("tag", "-f", ...(how === "-a" ? ["-a", "-m", "One"] : []), "v1", "main");
    await using config = await open("refs/tags/v1");
    const before = bare.git("rev-parse", "refs/tags/v1");
    const tip = await config.open();
    expect(tip.commit).toBe(bare.git("rev-parse", "main"));
    expect((await tip.read(["a" as RepoPath])).size).toBe(1);
    expect(await tip.log(5)).toHaveLength(1);
    await expect(config.commit(tip, { message: "m\n", changes })).rejects.toMatchObject({
      code: "repository/tag",
      kind: "usage",
      fix: expect.stringMatching(/branch/),
    });
    expect(bare.git("rev-parse", "refs/tags/v1")).toBe(before);
  });

  it("that is no commit is said to be none", async () => {
    bare.git("tag", "-f", "tree", "main^{tree}");
    await using config = await open("refs/tags/tree");
    await expect(config.open()).rejects.toMatchObject({ code: "repository/no-branch" });
  });
});
