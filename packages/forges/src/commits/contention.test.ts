import { type Logger, type RefName, type RepoPath, transact } from "@glu/core";
import { openConfigRepository } from "@glu/git";
import { GithubServer, GitServer, plainGitEnvironment, realClock } from "@glu/testing/internal";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openConfigByApi } from "./open-by-api.ts";

let github: GithubServer;
beforeEach(async () => {
  github = await GithubServer.start();
});
afterEach(() => github[Symbol.asyncDispose]());

const quiet: Logger = { debug() {}, progress() {}, info() {}, notice() {}, warning() {} };

it("loses no update of many writers to one branch, half of them by the API and half by the wire", {
  timeout: 180_000,
}, async () => {
  const repository = github.repository("acme/config", { "count.txt": "" });
  const token = github.token("glu-acme[bot]");
  await using server = await GitServer.start(repository.git.root, { token });
  const branch = "refs/heads/main" as RefName;
  const options = { location: server.url("config.git"), env: plainGitEnvironment, temp: "/nonexistent" };
  const byGit = (ref: RefName | undefined) =>
    openConfigRepository({ ...options, branch: ref, clock: realClock, credentials: { token } });
  const { apiUrl } = github;
  const asking = {
    forge: "github",
    apiUrl,
    repository: "acme/config",
    token,
    clock: realClock,
    timeout: 60_000,
  } as const;
  const path = "count.txt" as RepoPath;
  const writers = 8;
  // All write the same file: what one of them overwrote would be missing from it.
  const write = async (index: number): Promise<void> => {
    const byApi = () => openConfigByApi({ asking, location: options.location, branch, logger: quiet, byGit });
    await using config = index % 2 === 0 ? await byApi() : await byGit(branch);
    await transact({ repository: config, clock: realClock, patience: 150_000 }, async (tip) => {
      const before = Buffer.from((await tip.read([path])).get(path)?.content ?? []).toString();
      const content = new Uint8Array(Buffer.from(`${before}${index}\n`));
      return { commit: { message: `Writer ${index}\n`, changes: [{ path, content }] }, done: () => undefined };
    });
  };
  await Promise.all(Array.from({ length: writers }, (_, index) => write(index)));
  const lines = repository.git.git("show", "main:count.txt").split("\n").map(Number);
  expect(lines.sort((a, b) => a - b)).toEqual(Array.from({ length: writers }, (_, index) => index));
  expect(repository.git.git("rev-list", "--count", "main")).toBe(String(writers + 1));
  expect(github.violations).toEqual([]);
});
