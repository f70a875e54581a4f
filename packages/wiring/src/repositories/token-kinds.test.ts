import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CiContext, repoPath } from "@glu/core";
import { openCallerConfig } from "@glu/git";
import { BareFixture, GitServer } from "@glu/testing/internal";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Surroundings } from "../surroundings.ts";
import { Repositories } from "./repositories.ts";
import { findToken } from "./token.ts";

const token = "s3cret-t0ken";
const encoded = Buffer.from(token).toString("base64").slice(0, 14);

let temp: string;
let bare: BareFixture;
let server: GitServer;
beforeEach(async () => {
  temp = mkdtempSync(join(tmpdir(), "glu-kinds-"));
  // A git that notes how it was called.
  mkdirSync(join(temp, "bin"));
  const git = process.env.PATH?.split(":").map((folder) => `${folder}/git`) ?? [];
  const real = git.find((path) => readable(path));
  writeFileSync(join(temp, "bin/git"), `#!/bin/sh\nprintf '%s\\n' "$*" >> "${temp}/calls"\nexec ${real} "$@"\n`);
  chmodSync(join(temp, "bin/git"), 0o755);
  writeFileSync(join(temp, "calls"), "");
  bare = new BareFixture({ seed: { a: "1" } });
  server = await GitServer.start(bare.root, { token });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  bare[Symbol.dispose]();
  rmSync(temp, { recursive: true, force: true });
});

function readable(path: string): boolean {
  try {
    return readFileSync(path).length > 0;
  } catch {
    return false;
  }
}

function surroundingsOf(host: CiContext["host"], more: Record<string, string>): Surroundings {
  const env = { PATH: `${temp}/bin:${process.env.PATH}`, HOME: temp, ...more };
  const silent = () => {};
  const cwd = join(temp, "work");
  mkdirSync(cwd, { recursive: true });
  return {
    env,
    temp: cwd,
    cwd,
    callerConfig: openCallerConfig({ env, cwd }),
    clock: { now: () => Date.now(), sleep: async () => {}, random: () => 0.5 },
    context: { host, repository: "", ...(host === "terminal" ? {} : { serverUrl: server.origin }) } as CiContext,
    logger: { debug: silent, progress: silent, info: silent, notice: silent, warning: silent },
    redact: (text) => text,
    mask: silent,
  } as Surroundings;
}

const open = (surroundings: Surroundings, input?: string, hostToken?: string) =>
  new Repositories(surroundings, findToken(input, hostToken, surroundings.env, surroundings.context.host));

/** All that lies in the folder, without what Git transferred. */
function written(folder = temp): string {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n");
}

describe.each(["wire", "git"])("by %s", (GLU_TRANSPORT) => {
  it.each<[string, CiContext["host"], Record<string, string>, { input?: string; hostToken?: string }, string]>([
    ["GitHub's built-in token", "github", { GITHUB_TOKEN: token }, {}, "x-access-token"],
    ["the built-in token that an action hands over", "github", {}, { hostToken: token }, "x-access-token"],
    ["an input", "github", { GLU_TOKEN: "other", GITHUB_TOKEN: "other" }, { input: token }, "x-access-token"],
    ["a fine-grained, classic or App's token", "github", { GLU_TOKEN: token, GITHUB_TOKEN: "o" }, {}, "x-access-token"],
    ["a GitLab job's token", "gitlab", { CI_JOB_TOKEN: token }, {}, "gitlab-ci-token"],
    ["a project or group token", "gitlab", { GLU_TOKEN: token, CI_JOB_TOKEN: "other" }, {}, "x-access-token"],
    ["a Gitea job's token", "gitea", { GITHUB_TOKEN: token }, {}, "x-access-token"],
    ["a Gitea access token", "gitea", { GLU_TOKEN: token, GITHUB_TOKEN: "other" }, {}, "x-access-token"],
    ["a token at a terminal", "terminal", { GLU_TOKEN: token }, {}, "x-access-token"],
  ])("%s reads and writes, and is seen by the server alone", async (_, host, env, { input, hostToken }, user) => {
    const repositories = open(surroundingsOf(host, { GLU_TRANSPORT, ...env }), input, hostToken);
    const config = await repositories.configRepository(server.url("config.git"), undefined);
    const changes = [{ path: repoPath("a"), content: Buffer.from("2"), executable: false }];
    expect((await config.commit(await config.open(), { message: "Two\n", changes } as never)).kind).toBe("committed");
    const shown = new Set(server.requests.map(({ authorization }) => authorization));
    shown.delete(undefined);
    expect([...shown]).toEqual([`Basic ${Buffer.from(`${user}:${token}`).toString("base64")}`]);
    // What lies in the temporary repositories while they are there, and the arguments of each git.
    const text = written();
    expect(readFileSync(join(temp, "calls"), "utf8")).not.toBe("");
    for (const form of [token, encoded]) expect(text).not.toContain(form);
    await repositories[Symbol.asyncDispose]();
  });

  it("a redirect is not followed with a token, and says where it leads from", async () => {
    await using elsewhere = await GitServer.start(bare.root);
    server.behaviour.redirectTo = elsewhere.origin;
    await using repositories = open(surroundingsOf("github", { GLU_TRANSPORT, GLU_TOKEN: token }));
    const config = await repositories.configRepository(server.url("config.git"), undefined);
    await expect(config.open()).rejects.toMatchObject({ code: "repository/moved", exitCode: 2 });
    expect(elsewhere.requests).toEqual([]);
  });

  it("the job's own token is not shown to another server", async () => {
    await using elsewhere = await GitServer.start(bare.root);
    await using repositories = open(surroundingsOf("gitlab", { GLU_TRANSPORT, CI_JOB_TOKEN: token }));
    const config = await repositories.configRepository(elsewhere.url("config.git"), undefined);
    expect((await config.open()).commit).toBe(bare.git("rev-parse", "main"));
    expect(new Set(elsewhere.requests.map(({ authorization }) => authorization))).toEqual(new Set([undefined]));
  });

  it("a token that the server does not take is an error without it", async () => {
    await using repositories = open(surroundingsOf("github", { GLU_TRANSPORT, GLU_TOKEN: "an0ther-secret" }));
    const config = await repositories.configRepository(server.url("config.git"), undefined);
    const error = await config.open().then(
      () => expect.fail("it was read"),
      (thrown: Error & { code: string; seen: unknown; fix: string }) => thrown,
    );
    expect(error.code).toBe("repository/unauthorised");
    const said = JSON.stringify([error.message, error.seen, error.fix, error.stack, String(error.cause)]);
    expect(said).not.toContain("an0ther-secret");
  });
});
