import { execFileSync } from "node:child_process";
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

it.each(["blob", "tree", "tag"])("what is a %s is no commit", async (kind) => {
  const objects = {
    blob: () => bare.git("rev-parse", "main:a.txt"),
    tree: () => bare.git("rev-parse", "main^{tree}"),
    tag: () => {
      bare.git("tag", "-a", "-m", "x", "v1", "main");
      return bare.git("rev-parse", "refs/tags/v1");
    },
  };
  const id = objects[kind as keyof typeof objects]();
  bare.git("update-ref", "refs/tags/other", id);
  expect(await read(id)).toBeUndefined();
  expect(readdirSync(temp)).toEqual([]);
});

it.each(["99999999999999", "253402300800", "0"])("a commit of the second %s has no time", async (second) => {
  const tree = bare.git("rev-parse", "main^{tree}");
  const who = `A <a@example.org> ${second} +0000`;
  const text = `tree ${tree}\nauthor ${who}\ncommitter ${who}\n\nx\n`;
  const input = { cwd: bare.path, input: text, encoding: "utf8", env: plainGitEnvironment } as const;
  const id = execFileSync("git", ["hash-object", "-t", "commit", "-w", "--literally", "--stdin"], input).trim();
  bare.git("update-ref", "refs/tags/v1", id);
  expect(await read(id)).toMatchObject({ sha: id, committedAt: "1970-01-01T00:00:00.000Z" });
});

it("a token that may not read it is told as such", async () => {
  const head = bare.git("rev-parse", "main");
  await expect(read(head, "wrong")).rejects.toMatchObject({ code: "repository/unauthorised" });
  expect(readdirSync(temp)).toEqual([]);
});
