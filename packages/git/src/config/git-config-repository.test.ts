import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RefName } from "@glu/core";
import { BareFixture, configRepositoryContract, GitServer, plainGitEnvironment, realClock } from "@glu/testing";
import { expect } from "vitest";
import { openConfigRepository } from "./git-config-repository.ts";

const token = "s3cret-token/+=";

for (const [name, options] of [
  ["git on a local path", {}],
  ["git over HTTP with a token and SHA-256", { http: true, sha256: true }],
] as const) {
  configRepositoryContract(name, async (seed) => {
    const bare = new BareFixture({ seed, ...options });
    const server = "http" in options ? await GitServer.start(bare.root, { token }) : undefined;
    const temp = mkdtempSync(join(tmpdir(), "glu-temp-"));
    return {
      open: () =>
        openConfigRepository({
          location: server?.url("config.git") ?? bare.path,
          branch: "refs/heads/main" as RefName,
          env: plainGitEnvironment,
          temp,
          clock: realClock,
          credentials: { token },
        }),
      [Symbol.asyncDispose]: async () => {
        await server?.[Symbol.asyncDispose]();
        expect(bare.git("fsck", "--strict", "--no-dangling")).toBe("");
        bare[Symbol.dispose]();
        expect(readdirSync(temp)).toEqual([]);
        rmSync(temp, { recursive: true });
      },
    };
  });
}
