import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RefName } from "@glu/core";
import {
  BareFixture,
  configRepositoryContract,
  GitServer,
  plainGitEnvironment,
  realClock,
} from "@glu/testing/internal";
import { expect } from "vitest";
import { openConfigRepository } from "./git-config-repository.ts";

// SHA-1 over HTTP is the wire's; the binary does it in the tests of failures.
configRepositoryContract("git over HTTP with a token and SHA-256", async (seed) => {
  const credentials = { token: "s3cret-token/+=" };
  const bare = new BareFixture({ seed, sha256: true });
  const server = await GitServer.start(bare.root, credentials);
  const temp = mkdtempSync(join(tmpdir(), "glu-temp-"));
  const branch = "refs/heads/main" as RefName;
  const location = server.url("config.git");
  return {
    open: () =>
      openConfigRepository({ location, branch, env: plainGitEnvironment, temp, clock: realClock, credentials }),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      expect(bare.git("fsck", "--strict", "--no-dangling")).toBe("");
      expect(readdirSync(temp)).toEqual([]);
      bare[Symbol.dispose]();
      rmSync(temp, { recursive: true });
    },
  };
});
