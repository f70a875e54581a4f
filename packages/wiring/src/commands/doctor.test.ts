import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CiContext, doctorDocumentSchema } from "@glu/core";
import { openCallerConfig } from "@glu/git";
import { toJson } from "@glu/report";
import { ArgocdServer, type GithubRepository, GithubServer, GitServer } from "@glu/testing/internal";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Surroundings } from "../surroundings.ts";
import { runDoctor } from "./doctor.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const GLU_APP_PRIVATE_KEY = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const config = `version: 1
environments:
  staging: {}
  production: { from: staging, propose: true }
apps:
  web: { write: [{ json: "{{ env }}.json", set: { a: b } }] }
`;

let temp: string;
let github: GithubServer;
let server: GitServer;
let repository: GithubRepository;
beforeEach(async () => {
  temp = mkdtempSync(join(tmpdir(), "glu-doctor-"));
  github = await GithubServer.start();
  repository = github.repository("acme/config", { "glu.yaml": config, "staging.json": "{}", "production.json": "{}" });
  mkdirSync(join(repository.git.root, "acme"));
  symlinkSync(repository.git.path, join(repository.git.root, "acme/config.git"));
  server = await GitServer.start(repository.git.root, { beside: { path: "/api/", origin: github.apiUrl } });
});
afterEach(async () => {
  expect(github.violations).toEqual([]);
  await server[Symbol.asyncDispose]();
  await github[Symbol.asyncDispose]();
  rmSync(temp, { recursive: true, force: true });
});

async function diagnosed(more: Record<string, string>, context: Partial<CiContext> = {}) {
  const env = { PATH: process.env.PATH, HOME: temp, ...more };
  const silent = () => {};
  const surroundings: Surroundings = {
    env,
    temp,
    cwd: temp,
    callerConfig: openCallerConfig({ env, cwd: temp }),
    clock: { now: () => Date.now(), sleep: async () => {}, random: () => 0.5 },
    context: { host: "terminal", repository: "", ...context } as CiContext,
    logger: { debug: silent, progress: silent, info: silent, notice: silent, warning: silent },
    redact: (text) => text,
    mask: silent,
  };
  const configRepository = `${server.origin}/acme/config.git`;
  const inputs = { configRepository, ref: undefined, config: undefined, output: "json" } as const;
  const outcome = await runDoctor(inputs, surroundings);
  const document = doctorDocumentSchema.parse(JSON.parse(JSON.stringify(toJson(outcome.report as never))));
  const found = Object.fromEntries(document.findings.map(({ check, ...one }) => [check, one]));
  return { exitCode: outcome.exitCode, result: document.result, found };
}

const install = (contents: string, repositories = ["acme/config"]) =>
  github.apps.add({
    id: "Iv1.x",
    slug: "acme-glu",
    publicKey,
    permissions: { contents, metadata: "read", pull_requests: "write" },
    repositories,
  });
const app = { GLU_APP_ID: "Iv1.x", GLU_APP_PRIVATE_KEY };

it("the forge is asked with an App's token that can only read, which is gone afterwards", async () => {
  install("write");
  const { exitCode, result, found } = await diagnosed(app);
  expect([exitCode, result]).toEqual([0, "ok"]);
  expect(found).toMatchObject({
    credentials: { state: "ok", seen: "from a GitHub App" },
    token: { state: "ok", seen: "a GitHub App's, made from its key" },
    identity: { state: "ok", seen: "acme-glu[bot]; proposals are known by who opened them" },
    "permission contents": { state: "ok" },
    "push to main": { state: "ok" },
    "status glu/production": { state: "warning" },
    clock: { state: "ok" },
  });
  expect(github.apps.tokens.flatMap(({ permissions }) => Object.values(permissions))).not.toContain("write");
  expect(github.apps.tokens.every(({ revoked }) => revoked)).toBe(true);
});

it("what would stop a promotion is an error and exit code 2", async () => {
  install("read");
  repository.settings.rules = [{ type: "pull_request", ruleset_id: 7 }];
  repository.settings.rulesets = [{ id: 7, current_user_can_bypass: "never" }];
  const { exitCode, result, found } = await diagnosed(app);
  expect([exitCode, result]).toEqual([2, "error"]);
  expect(found["permission contents"]).toMatchObject({ state: "error", seen: "read" });
  expect(found["push to main"]).toMatchObject({ state: "error", fix: expect.stringContaining("staging") });
});

it("an App that is not installed is said, and so is half of one", async () => {
  install("write", ["acme/other"]);
  const { exitCode, found } = await diagnosed(app);
  expect(exitCode).toBe(2);
  expect(found.forge).toMatchObject({ state: "error", seen: expect.stringContaining("(app/not-installed)") });
  expect((await diagnosed({ GLU_APP_ID: "Iv1.x" })).found.credentials).toMatchObject({
    state: "warning",
    seen: expect.stringContaining("GLU_APP_PRIVATE_KEY is not or is empty"),
  });
});

it("at a terminal a server whose name says nothing is no forge that is known", async () => {
  expect((await diagnosed({ GLU_TOKEN: "t" })).found.forge).toMatchObject({ state: "unseen" });
});

it("in a job the job's own token is looked at", async () => {
  const token = github.token("github-actions[bot]");
  const own = {
    host: "github",
    serverUrl: server.origin,
    apiUrl: `${server.origin}/api/v3`,
    repository: "acme/config",
  } as const;
  const { found } = await diagnosed({ GITHUB_TOKEN: token }, own);
  expect(found.token).toMatchObject({ state: "ok", seen: "the job's own (GITHUB_TOKEN)" });
  expect(found.identity).toMatchObject({ state: "ok", seen: expect.stringMatching(/^github-actions\[bot\];/) });
  expect(found["workflow permissions"]).toMatchObject({
    state: "unseen",
    fix: expect.stringContaining("pull-requests: write"),
  });
});

it("a kind of forge that there is none of stops no other check", async () => {
  const { exitCode, found } = await diagnosed({ GLU_FORGE: "bitbucket", GLU_TOKEN: github.token("ada") });
  expect(exitCode).toBe(2);
  expect(found.forge).toMatchObject({ state: "error", seen: expect.stringContaining("(forge/unknown-kind)") });
  expect(found.config).toMatchObject({ state: "ok" });
});

it("whom gates ask is asked: a token that is not there, an application that is not, and one that is", async () => {
  install("write");
  await using argocd = await ArgocdServer.start();
  argocd.token("t0ken", "default");
  const gates = `
    gates: [{ command: { run: [./never] } }]
    verify:
      gates:
        - health: { argocd: { url: "${argocd.url}", application: "{{ app }}-{{ env }}", token: { env: ARGO }, retries: 0 } }
        - health: { kubernetes: { name: web, namespace: shop, kubectl: true } }`;
  repository.git.push("main", { "glu.yaml": config.replace("  staging: {}", `  staging:${gates}`) });
  const looked = async (more: Record<string, string> = {}) => {
    const { found, exitCode } = await diagnosed({ ...app, ...more });
    return { exitCode, health: found["verify staging: health"] };
  };
  // The last of two of a name stands for both: kubectl is a program of the job.
  expect((await looked()).health).toMatchObject({ state: "unseen" });
  repository.git.push("main", {
    "glu.yaml": config.replace("  staging: {}", `  staging:${gates.replace(/\n.*kubectl.*$/, "")}`),
  });
  expect(await looked()).toMatchObject({
    exitCode: 0,
    health: { state: "warning", seen: expect.stringContaining("ARGO"), fix: expect.stringContaining("ARGO") },
  });
  expect(await looked({ ARGO: "other" })).toMatchObject({ exitCode: 2, health: { state: "error" } });
  const absent = await looked({ ARGO: "t0ken" });
  expect(absent).toMatchObject({ exitCode: 2, health: { seen: expect.stringContaining("web-staging") } });
  argocd.put("web-staging", {
    status: { sync: { status: "Synced", revision: "a".repeat(40) }, health: { status: "Degraded" } },
  });
  expect(await looked({ ARGO: "t0ken" })).toMatchObject({
    exitCode: 0,
    health: { state: "ok", seen: expect.stringContaining("web: web-staging is ") },
  });
});

it("whose the token is counts where something is proposed, and is unseen where the forge does not say", async () => {
  install("write");
  github.fault = ({ name }) =>
    name.endsWith("/graphql") ? { answer: { status: 502, headers: {}, text: "" }, before: true } : undefined;
  const { exitCode, found } = await diagnosed(app);
  expect(exitCode).toBe(0);
  expect(found.identity).toMatchObject({ state: "unseen" });
  github.fault = () => undefined;
  repository.git.push("main", { "glu.yaml": config.replace(", propose: true", "") });
  expect((await diagnosed(app)).found.identity).toBeUndefined();
});
