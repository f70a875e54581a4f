import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RefName } from "@glu/core";
import { BareFixture, configRepositoryContract, plainGitEnvironment, realClock } from "@glu/testing/internal";
import { expect } from "vitest";
import { openConfigRepository } from "./git-config-repository.ts";

configRepositoryContract("git on a local path", async (seed) => {
  const bare = new BareFixture({ seed });
  const temp = mkdtempSync(join(tmpdir(), "glu-temp-"));
  const branch = "refs/heads/main" as RefName;
  return {
    open: () => openConfigRepository({ location: bare.path, branch, env: plainGitEnvironment, temp, clock: realClock }),
    [Symbol.asyncDispose]: async () => {
      expect(bare.git("fsck", "--strict", "--no-dangling")).toBe("");
      expect(readdirSync(temp)).toEqual([]);
      bare[Symbol.dispose]();
      rmSync(temp, { recursive: true });
    },
  };
});
