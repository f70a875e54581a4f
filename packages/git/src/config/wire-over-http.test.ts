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

configRepositoryContract("the wire", async (seed) => {
  const credentials = { token: "s3cret-token/+=" };
  const bare = new BareFixture({ seed });
  const server = await GitServer.start(bare.root, { ...credentials, gzip: true });
  const branch = "refs/heads/main" as RefName;
  // No folder for temporary files: the wire makes none.
  const options = { location: server.url("config.git"), branch, env: plainGitEnvironment, temp: "/nonexistent" };
  return {
    open: async () => {
      const opened = await openConfigRepository({ ...options, clock: realClock, credentials });
      // The way that was meant, to the end of each test.
      const dispose = opened[Symbol.asyncDispose].bind(opened);
      opened[Symbol.asyncDispose] = async () => {
        expect(opened.cost().way).toBe("wire");
        await dispose();
      };
      return opened;
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      expect(bare.git("fsck", "--strict", "--no-dangling")).toBe("");
      bare[Symbol.dispose]();
    },
  };
});
