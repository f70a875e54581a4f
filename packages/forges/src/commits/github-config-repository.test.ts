import type { Logger, RefName } from "@glu/core";
import { openConfigRepository } from "@glu/git";
import {
  configRepositoryContract,
  GithubServer,
  GitServer,
  plainGitEnvironment,
  realClock,
} from "@glu/testing/internal";
import { afterAll, beforeAll, expect } from "vitest";
import { openConfigByApi } from "./open-by-api.ts";

let github: GithubServer;
let count = 0;
beforeAll(async () => {
  github = await GithubServer.start();
});
afterAll(() => github?.[Symbol.asyncDispose]());

/** What of the contract the API cannot carry. Everything else must not leave it. */
const known = /(?:is|was) executable|an author of its own|no headline of its own/;

configRepositoryContract("GitHub's API", async (seed) => {
  const repository = github.repository(`acme/config-${++count}`, seed);
  const token = github.token("glu-acme[bot]");
  const server = await GitServer.start(repository.git.root, { token });
  const branch = "refs/heads/main" as RefName;
  const location = server.url("config.git");
  const git = { location, env: plainGitEnvironment, temp: "/nonexistent", clock: realClock, credentials: { token } };
  const notices: string[] = [];
  const logger: Logger = { debug() {}, progress() {}, info() {}, notice: (text) => notices.push(text), warning() {} };
  return {
    open: () =>
      openConfigByApi({
        asking: { forge: "github", apiUrl: github.apiUrl, repository: repository.fullName, token, clock: realClock },
        location,
        branch,
        logger,
        byGit: (ref) => openConfigRepository({ ...git, branch: ref }),
      }),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      expect(github.violations.splice(0)).toEqual([]);
      expect(notices.filter((text) => !known.test(text))).toEqual([]);
      const pushes = server.requests.filter(({ url }) => url.endsWith("/git-receive-pack"));
      expect(pushes.length > 0).toBe(notices.length > 0);
      expect(repository.git.git("fsck", "--strict", "--no-dangling")).toBe("");
    },
  };
});
