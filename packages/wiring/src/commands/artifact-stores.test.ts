import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Artifact } from "@glu/core";
import { openArtifactStore } from "@glu/git";
import { readCiContext } from "@glu/hosts";
import { artifactAdd, artifactImport, artifactList, artifactShow, type Command, readCliInputs } from "@glu/inputs";
import type { PageReport } from "@glu/report";
import { artifactForTest, BareFixture, GitServer, plainGitEnvironment, realClock } from "@glu/testing/internal";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Outcome } from "../outcome.ts";
import type { Surroundings } from "../surroundings.ts";
import { runArtifactAdd } from "./artifact-add.ts";
import { runArtifactImport } from "./artifact-import.ts";
import { runArtifactList } from "./artifact-list.ts";
import { runArtifactShow } from "./artifact-show.ts";

const own = "acme/web.git";
const config = (more = "") => `version: 1
environments: { staging: {} }
apps:
  web: { repository: acme/web, write: [{ json: a.json, set: { a: b } }] }
${more}`;
const [older, newer] = [artifactForTest(1), artifactForTest(2)];

let bare: BareFixture;
let server: GitServer;
let cwd: string;
let notices: string[];
beforeEach(async () => {
  bare = new BareFixture({ seed: { "glu.yaml": config() } });
  server = await GitServer.start(bare.root);
  cwd = mkdtempSync(join(tmpdir(), "glu-stores-"));
  notices = [];
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  bare[Symbol.dispose]();
  rmSync(cwd, { recursive: true });
});

const makeOwn = () => execFileSync("git", ["init", "-q", "--bare", join(bare.root, own)], { env: plainGitEnvironment });

async function put(repository: string, artifact: Artifact, base?: string) {
  const options = { location: join(bare.root, repository), env: plainGitEnvironment, temp: cwd, clock: realClock };
  await using store = await openArtifactStore({ ...options, ...(base === undefined ? {} : { base }) });
  await store.put(artifact);
}

const refs = (repository: string) =>
  execFileSync("git", ["-C", join(bare.root, repository), "for-each-ref", "--format=%(refname)", "refs/glu"], {
    encoding: "utf8",
  }).trim();

async function run<C extends Command>(
  command: C,
  runner: (inputs: never, surroundings: Surroundings) => Promise<Outcome>,
  given: Record<string, string | string[]>,
): Promise<PageReport> {
  const env = { ...plainGitEnvironment, PATH: process.env.PATH };
  const silent = () => {};
  const notice = (text: string) => notices.push(text);
  const logger = { debug: silent, progress: silent, info: silent, notice, warning: silent };
  const context = readCiContext(env, () => undefined);
  const redact = (text: string) => text;
  const surroundings = { env, cwd, temp: cwd, clock: realClock, logger, context, redact } as unknown as Surroundings;
  return (await runner(readCliInputs(command, given, {}) as never, surroundings)).report as PageReport;
}

const configRepository = () => ({ "config-repository": server.url("config.git") });
const list = async (given: Record<string, string | string[]>) =>
  ((await run(artifactList, runArtifactList, given)).data as { artifacts: Artifact[] }).artifacts.map(({ id }) => id);
const show = async (given: Record<string, string | string[]>) =>
  ((await run(artifactShow, runArtifactShow, given)).data as { artifact: Artifact & { digest: string } }).artifact;
const add = (artifact: Artifact, given: Record<string, string | string[]>) =>
  run(artifactAdd, runArtifactAdd, { artifact: artifact.id, app: "web", item: ["x=y"], ...given });

it("an app's repository that cannot be read is passed over, with a notice", async () => {
  await put("config.git", newer);
  expect(await list(configRepository())).toEqual([newer.id]);
  expect((await show({ ...configRepository(), artifact: newer.id })).id).toBe(newer.id);
  expect((await show(configRepository())).id).toBe(newer.id);
  expect((await add(newer, configRepository())).result).toBe("stored");
  expect(notices).toHaveLength(4);
  expect(new Set(notices)).toEqual(new Set([expect.stringContaining("acme/web.git was passed over")]));
});

it("both stores are one list, each artifact once, and the latest is of both", async () => {
  makeOwn();
  await put(own, older);
  await put("config.git", older);
  await put("config.git", newer);
  expect(await list(configRepository())).toEqual([newer.id, older.id]);
  expect((await show(configRepository())).id).toBe(newer.id);
  expect(notices).toEqual([]);
});

it("an import goes to the config repository that is given, in its artifacts.ref, and hides nothing", async () => {
  bare.push("main", { "delivery.yaml": config("artifacts: { ref: refs/glu/elsewhere }\n") });
  makeOwn();
  await put(own, newer, "refs/glu/elsewhere");
  const version = { repositoryName: "acme/web", sha: "a".repeat(40), created: 1_500_000_000 };
  writeFileSync(
    join(cwd, "old.json"),
    JSON.stringify({ id: "old", version, environments: [{ app: "web", env: "a" }] }),
  );
  const given = { ...configRepository(), config: "delivery.yaml" };
  await run(artifactImport, runArtifactImport, { ...given, file: "old.json" });
  expect(refs("config.git")).toBe("refs/glu/elsewhere/web");
  expect((await list(given))[0]).toBe(newer.id);
  expect(await list(given)).toHaveLength(2);
});

it("artifact-repository beside config-repository is read where artifacts.ref says", async () => {
  bare.push("main", { "glu.yaml": config("artifacts: { ref: refs/glu/elsewhere }\n") });
  makeOwn();
  await put(own, newer, "refs/glu/elsewhere");
  expect(await list({ ...configRepository(), "artifact-repository": server.url(own) })).toEqual([newer.id]);
});

it("an app's repository without config is its own store", async () => {
  const app = new BareFixture({ seed: { a: "1" } });
  cwd = app.path;
  await using store = await openArtifactStore({
    location: app.path,
    env: plainGitEnvironment,
    temp: bare.root,
    clock: realClock,
  });
  await store.put(newer);
  expect(await list({ app: "web" })).toEqual([newer.id]);
  expect((await show({ app: "web" })).id).toBe(newer.id);
  expect((await add(newer, {})).result).toBe("stored");
  await expect(list({})).rejects.toMatchObject({ code: "input/app-missing" });
  await expect(list({ config: "glu.yaml" })).rejects.toMatchObject({ code: "config/not-found" });
});

it("a file is shown with its digest, whichever app it is of", async () => {
  writeFileSync(join(cwd, "a.json"), JSON.stringify(newer));
  expect(await show({ artifact: "./a.json" })).toMatchObject({
    id: newer.id,
    digest: expect.stringMatching(/^sha256:/),
  });
  await expect(show({ artifact: "./a.json", app: "api" })).rejects.toMatchObject({ code: "artifact/other-app" });
});

it("the first of the list is what latest shows", async () => {
  const version = (tag: string) => ({ ...older.version, event: "tag" as const, tag });
  const release = artifactForTest(1, { version: version("v2.0.0") });
  const hotfix = artifactForTest(2, { version: version("v1.0.1") });
  const again = artifactForTest(1, {
    version: version("v2.0.0"),
    vars: { A: "1" },
    created: "2026-11-21T09:00:00.000Z",
  });
  for (const artifact of [release, hotfix, again]) await put("config.git", artifact);
  const shown = await show(configRepository());
  expect((await list(configRepository()))[0]).toBe(shown.id);
  expect(shown.id).toBe(again.id);
});
