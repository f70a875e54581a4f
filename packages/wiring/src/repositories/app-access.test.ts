import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CiContext, repoPath } from "@glu/core";
import { openCallerConfig } from "@glu/git";
import { createSecrets } from "@glu/hosts";
import { BareFixture, GithubServer, GitServer } from "@glu/testing/internal";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { askingAt, askingOf } from "../forge-outside.ts";
import { createPulls } from "../pulls.ts";
import type { Surroundings } from "../surroundings.ts";
import { Repositories } from "./repositories.ts";
import { findToken } from "./token.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const GLU_APP_PRIVATE_KEY = privateKey.export({ type: "pkcs1", format: "pem" }).toString().replaceAll("\n", "\\n");
const permissions = { contents: "write", metadata: "read", pull_requests: "write" };

let temp: string;
let bare: BareFixture;
let github: GithubServer;
let server: GitServer;
let time: number;
let notices: string[];
let secrets: ReturnType<typeof createSecrets>;
beforeEach(async () => {
  temp = mkdtempSync(join(tmpdir(), "glu-app-"));
  bare = new BareFixture({ seed: { a: "1" } });
  mkdirSync(join(bare.root, "acme"));
  for (const name of ["config", "web", "public"]) symlinkSync(bare.path, join(bare.root, "acme", `${name}.git`));
  github = await GithubServer.start();
  server = await GitServer.start(bare.root, { token: "none", beside: { path: "/api/", origin: github.apiUrl } });
  // Git's server takes the tokens that count now.
  Object.defineProperty(server.behaviour, "token", { get: () => newest()?.token ?? "none" });
  time = Date.now();
  notices = [];
  secrets = createSecrets();
  github.apps.now = () => time;
});
afterEach(async () => {
  expect(github.violations).toEqual([]);
  await server[Symbol.asyncDispose]();
  await github[Symbol.asyncDispose]();
  bare[Symbol.dispose]();
  rmSync(temp, { recursive: true, force: true });
});

const newest = () => github.apps.tokens.findLast(({ revoked, until }) => !revoked && time < until);
const install = (repositories = ["acme/config", "acme/web"]) =>
  github.apps.add({ id: "123", slug: "acme-glu", publicKey, permissions, repositories });
const url = (name = "config") => `${server.origin}/acme/${name}.git`;

function surroundingsOf(more: Record<string, string> = {}, context: Partial<CiContext> = {}): Surroundings {
  const env = { PATH: process.env.PATH, HOME: temp, GLU_APP_ID: "123", GLU_APP_PRIVATE_KEY, ...more };
  const silent = () => {};
  return {
    env,
    temp,
    cwd: temp,
    callerConfig: openCallerConfig({ env, cwd: temp }),
    clock: { now: () => time, sleep: async () => {}, random: () => 0.5 },
    context: { host: "terminal", repository: "", ...context } as CiContext,
    logger: { debug: silent, progress: silent, info: silent, notice: (text) => notices.push(text), warning: silent },
    redact: (text) => secrets.redact(text),
    mask: (secret) => secrets.add(secret),
  };
}

const open = (surroundings: Surroundings, needs?: "read") =>
  new Repositories(surroundings, findToken(undefined, undefined, surroundings.env, surroundings.context.host, needs));
const passwords = () =>
  server.requests.map(({ authorization }) =>
    Buffer.from(authorization?.split(" ")[1] ?? "", "base64").toString("utf8"),
  );

describe.each(["wire", "git"])("by %s", (GLU_TRANSPORT) => {
  it("a GitHub App reads and writes a repository from anywhere, by its address alone", async () => {
    install();
    const repositories = open(surroundingsOf({ GLU_TRANSPORT }));
    const config = await repositories.configRepository(url(), undefined);
    const tip = await config.open();
    const changes = [{ path: repoPath("a"), content: Buffer.from("2"), executable: false }];
    const result = await config.commit(tip, { message: "Two\n", changes } as never);
    expect(result.kind).toBe("committed");
    expect(bare.git("show", "main:a")).toBe("2");
    await repositories[Symbol.asyncDispose]();
    expect(github.apps.tokens).toMatchObject([
      { permissions: { contents: "write", metadata: "read" }, repositories: ["acme/config"], revoked: true },
    ]);
    // A first request may be one without.
    expect(new Set(passwords().filter((one) => one !== ""))).toEqual(new Set(["x-access-token:ghs_app0"]));
    expect(secrets.redact("ghs_app0")).toBe("***");
  });

  it("a run that outlives a token goes on with another one", async () => {
    install();
    await using repositories = open(surroundingsOf({ GLU_TRANSPORT }));
    const config = await repositories.configRepository(url(), undefined);
    await config.open();
    time += 61 * 60_000;
    await config.open();
    expect(passwords().at(-1)).toBe("x-access-token:ghs_app1");
  });

  it("why there is no token is said, and nothing is asked of Git's server", async () => {
    install(["acme/other"]);
    await using repositories = open(surroundingsOf({ GLU_TRANSPORT }));
    const config = await repositories.configRepository(url(), undefined);
    await expect(config.open()).rejects.toMatchObject({ code: "app/not-installed", exitCode: 2 });
    expect(server.requests).toEqual([]);
  });
});

it("who only reads gets a token that can only read", async () => {
  install();
  await using repositories = open(surroundingsOf(), "read");
  await (await repositories.configRepository(url(), undefined)).open();
  expect(github.apps.tokens).toMatchObject([{ permissions: { contents: "read" } }]);
});

it("what the config names beside it is read with a token of its own, on its own server alone", async () => {
  install();
  await using repositories = open(surroundingsOf());
  await (await repositories.configRepository(url(), undefined)).open();
  expect((await repositories.reach(url("web"), url())).credentials?.token).toBe("ghs_app1");
  expect(github.apps.tokens[1]).toMatchObject({ permissions: { contents: "read" }, repositories: ["acme/web"] });
  const asked = github.requests.length;
  expect((await repositories.reach("https://elsewhere.test/acme/web.git", url())).credentials).toBeUndefined();
  expect((await repositories.reach("git@github.com:acme/web.git", url())).credentials).toBeUndefined();
  expect(github.requests).toHaveLength(asked);
});

it("what the App is not installed for is read without it, and that is said", async () => {
  install();
  await using repositories = open(surroundingsOf());
  expect((await repositories.reach(url("public"), url())).credentials).toBeUndefined();
  expect(notices).toEqual(["The App is not installed for acme/public, which is read without it."]);
});

describe("the API is asked as the App", () => {
  it("with what it was given there, by a token that is made when it is first asked with", async () => {
    install();
    const surroundings = surroundingsOf();
    const token = findToken(undefined, undefined, surroundings.env, "terminal");
    const access = { surroundings, token, location: url() };
    const asking = askingOf(access);
    expect(asking).toMatchObject({ forge: "github", apiUrl: `${server.origin}/api/v3`, repository: "acme/config" });
    expect(github.requests).toEqual([]);
    github.repository("acme/config", { a: "1" });
    github.repository("acme/web", { a: "1" });
    const headers = { authorization: `Bearer ${asking?.token}`, "x-github-api-version": "2022-11-28" };
    const list = async (one: typeof asking) =>
      (await one?.fetch(`${one.apiUrl}/repos/${one.repository}/pulls`, { headers }))?.status;
    expect(await list(asking)).toBe(200);
    expect(await list(askingAt(access, url("web")))).toBe(200);
    expect(github.apps.tokens.map(({ repositories }) => repositories)).toEqual([["acme/config"], ["acme/web"]]);
    expect(github.apps.tokens[0]?.permissions).toEqual(permissions);
    // Elsewhere nobody is told.
    await using other = await GitServer.start(bare.root);
    await asking?.fetch(`${other.origin}/config.git/info/refs?service=git-upload-pack`, { headers });
    expect(other.requests).toMatchObject([{ authorization: undefined }]);
    await token.app?.[Symbol.asyncDispose]();
    expect(github.apps.tokens.map(({ revoked }) => revoked)).toEqual([true, true]);
  });

  it("for the pull requests of another repository by a token for that one alone", async () => {
    install();
    const surroundings = surroundingsOf();
    const token = findToken(undefined, undefined, surroundings.env, "terminal", "read");
    github.repository("acme/web", { a: "1" });
    const pulls = createPulls({ surroundings, token, location: url() }, "acme/web");
    expect(github.requests).toEqual([]);
    expect(await pulls?.open()).toEqual({ pulls: [], complete: true });
    expect(github.apps.tokens).toMatchObject([{ repositories: ["acme/web"], permissions: { pull_requests: "read" } }]);
    await token.app?.[Symbol.asyncDispose]();
  });

  it("not where it lies on a forge that is none of GitHub's", () => {
    const surroundings = surroundingsOf(
      {},
      {
        host: "gitlab",
        serverUrl: server.origin,
        apiUrl: `${server.origin}/api/v4`,
        repository: "acme/config",
      },
    );
    const token = findToken(undefined, undefined, { ...surroundings.env, CI_JOB_TOKEN: "job" }, "gitlab");
    expect(token).toMatchObject({ source: "app", value: "job", username: "gitlab-ci-token" });
    expect(token.app?.placeOf(url(), surroundings)).toBeUndefined();
    expect(token.app?.placeOf("https://github.com/acme/config.git", surroundings)).toEqual({
      forge: "github",
      serverUrl: "https://github.com",
      apiUrl: "https://api.github.com",
      repository: "acme/config",
    });
  });
});

it.each<[string, Record<string, string>, string]>([
  ["the input", { GLU_TOKEN: "t" }, "input"],
  ["GLU_TOKEN", { GLU_TOKEN: "t" }, "GLU_TOKEN"],
  ["the App", {}, "app"],
  ["the job's own, as a fork's job has no secrets", { GLU_APP_PRIVATE_KEY: "" }, "host"],
])("the token is that of %s", (_, more, source) => {
  const { env } = surroundingsOf({ GITHUB_TOKEN: "own", ...more });
  expect(findToken(source === "input" ? "given" : undefined, undefined, env, "github").source).toBe(source);
});
