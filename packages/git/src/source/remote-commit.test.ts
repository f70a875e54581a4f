import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BareFixture, FakeClock, GitServer, plainGitEnvironment } from "@glu/testing/internal";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readRemoteCommit } from "./remote-commit.ts";

const token = "glt-secret-0123456789";
let temp: string;
let bare: BareFixture;
let server: GitServer;

beforeEach(async () => {
  temp = mkdtempSync(join(tmpdir(), "glu-remote-commit-"));
  bare = new BareFixture({ seed: { "a.txt": "1\n" } });
  server = await GitServer.start(bare.root, { token });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  bare[Symbol.dispose]();
  rmSync(temp, { recursive: true });
});

const read = (sha: string, given: string | undefined = token) =>
  readRemoteCommit(
    {
      location: server.url("config"),
      env: plainGitEnvironment,
      temp,
      clock: new FakeClock(),
      ...(given === undefined ? {} : { credentials: { token: given } }),
    },
    sha,
  );

it.each([false, true])("a pull request's head is read from its ref, the old protocol: %s", async (oldProtocol) => {
  server.behaviour.oldProtocol = oldProtocol;
  const head = bare.push("feature", { "a.txt": "2\n" }, "Make it better\n\nWhy.\n");
  bare.git("update-ref", "refs/pull/7/head", head);
  bare.git("update-ref", "-d", "refs/heads/feature");
  expect(await read(head)).toEqual({
    sha: head,
    author: { name: "Seed", email: "seed@test.invalid" },
    committer: { name: "Seed", email: "seed@test.invalid" },
    committedAt: expect.stringMatching(/^2026-/),
    message: "Make it better\n\nWhy.\n",
  });
  expect(readdirSync(temp)).toEqual([]);
});

it("what the server does not have is unknown, and what is no id is not asked for", async () => {
  expect(await read("f".repeat(40))).toBeUndefined();
  const asked = server.requests.length;
  for (const sha of ["main", "--all", "HEAD", "abc1234"]) expect(await read(sha)).toBeUndefined();
  expect(server.requests).toHaveLength(asked);
});

it("a token that may not read it is told as such", async () => {
  const head = bare.git("rev-parse", "main");
  await expect(read(head, "wrong")).rejects.toMatchObject({ code: "repository/unauthorised" });
  expect(readdirSync(temp)).toEqual([]);
});
