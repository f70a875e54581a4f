import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RefName } from "@glu/core";
import { BareFixture, configRepositoryContract, plainGitEnvironment, realClock } from "@glu/testing";
import { expect } from "vitest";
import { openConfigRepository } from "./git-config-repository.ts";

for (const [name, options] of [
  ["git on a local path", {}],
  ["git on a local path with SHA-256", { sha256: true }],
  ["git on a server without filters", { filters: false }],
] as const) {
  configRepositoryContract(name, async (seed) => {
    const bare = new BareFixture({ seed, ...options });
    const temp = mkdtempSync(join(tmpdir(), "glu-temp-"));
    return {
      open: () =>
        openConfigRepository({
          location: bare.path,
          branch: "refs/heads/main" as RefName,
          env: plainGitEnvironment,
          temp,
          clock: realClock,
        }),
      [Symbol.asyncDispose]: async () => {
        expect(bare.git("fsck", "--strict", "--no-dangling")).toBe("");
        bare[Symbol.dispose]();
        expect(readdirSync(temp)).toEqual([]);
        rmSync(temp, { recursive: true });
      },
    };
  });
}
