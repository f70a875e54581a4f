import { BareFixture, GitServer, plainGitEnvironment, realClock } from "@glu/testing/internal";
import { expect, it } from "vitest";
import { openConfigRepository } from "../config/git-config-repository.ts";

it.each([
  { way: "git", branch: "trunk/ü" },
  { way: "git", branch: "main", sha256: true },
  { way: "wire", branch: "trunk/ü" },
  { way: "wire", branch: "main", sha256: true },
])("the default branch is the server's: %o", async ({ way, ...options }) => {
  using bare = new BareFixture({ seed: { a: "1" }, ...options });
  await using server = await GitServer.start(bare.root);
  const env = { ...plainGitEnvironment, GLU_TRANSPORT: way };
  const remote = { location: server.url("config.git"), env, temp: bare.root, clock: realClock };
  await using config = await openConfigRepository(remote);
  expect(config.branch).toBe("HEAD");
  expect((await config.open()).branch).toBe(`refs/heads/${options.branch}`);
  expect(config.branch).toBe(`refs/heads/${options.branch}`);
  // Asking which it is tells the wire what it points to as well.
  if (config.cost().way === "wire") expect(server.requests).toHaveLength(2);
});

it.each(["git", "wire"])("an empty repository has no default branch, by the %s", async (way) => {
  using bare = new BareFixture();
  await using server = await GitServer.start(bare.root);
  const env = { ...plainGitEnvironment, GLU_TRANSPORT: way };
  const remote = { location: server.url("config.git"), env, temp: bare.root, clock: realClock };
  await using config = await openConfigRepository(remote);
  await expect(config.open()).rejects.toMatchObject({ code: "repository/no-branch" });
});
