import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppName, Artifact, ArtifactId } from "@glu/core";
import { openArtifactStore } from "@glu/git";
import { readCiContext } from "@glu/hosts";
import { discover, readCliInputs } from "@glu/inputs";
import type { PageReport } from "@glu/report";
import { BareFixture, GitServer, plainGitEnvironment, RegistryServer, realClock } from "@glu/testing/internal";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Surroundings } from "../surroundings.ts";
import { runDiscover } from "./discover.ts";

let bare: BareFixture;
let server: GitServer;
let registry: RegistryServer;
let cwd: string;
beforeEach(async () => {
  registry = await RegistryServer.start();
  cwd = mkdtempSync(join(tmpdir(), "glu-discover-"));
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
  bare[Symbol.dispose]();
  rmSync(cwd, { recursive: true });
});

const write = "[{ json: 'a.json', set: { '{{ app }}': b } }]";

/** A config repository with these apps. */
async function config(apps: string): Promise<void> {
  bare = new BareFixture({
    seed: { "glu.yaml": `version: 1\nenvironments: { staging: {} }\ndefaults: { write: ${write} }\napps:\n${apps}` },
  });
  server = await GitServer.start(bare.root);
}

const web = (more: string) => `  web:
    images: { web: ${registry.host}/acme/web, worker: ${registry.host}/acme/worker }
    sources: [{ oci: ${registry.host}/acme/web, ${more} }]
`;

async function run(given: Record<string, string | string[]> = {}, more: Record<string, string> = {}) {
  const env = { ...plainGitEnvironment, PATH: process.env.PATH, HOME: cwd, ...more };
  const silent = () => {};
  const logger = { debug: silent, progress: silent, info: silent, notice: silent, warning: silent };
  const context = readCiContext(env, () => undefined);
  const redact = (text: string) => text.replaceAll("hunter2", "***");
  const clock = { ...realClock, sleep: async () => {} };
  const surroundings = { env, cwd, temp: cwd, clock, logger, context, redact } as unknown as Surroundings;
  const inputs = readCliInputs(discover, { "config-repository": server.url("config.git"), ...given }, {});
  const outcome = await runDiscover(inputs, surroundings);
  const report = outcome.report as PageReport;
  const sources = (report.data as { sources: Record<string, unknown>[] }).sources;
  return { outcome, report, sources };
}

/** All artifacts that are stored of an app, the newest first. */
async function stored(app = "web"): Promise<Artifact[]> {
  const options = { location: join(bare.root, "config.git"), env: plainGitEnvironment, temp: cwd, clock: realClock };
  await using store = await openArtifactStore(options);
  const ids = await store.ids(app as AppName);
  const read = await store.read(app as AppName, ids);
  return ids.flatMap((id: ArtifactId) => read.get(id)?.artifact ?? []);
}

describe("tags of an image", () => {
  it("become an artifact: the newest in the range, by its digest", async () => {
    await config(web('semver: "^1"'));
    registry.push("acme/web", "1.2.0", { created: "2026-01-01T00:00:00Z", salt: "a" });
    const newest = registry.push("acme/web", "1.10.0", { created: "2026-02-01T00:00:00Z", revision: "c".repeat(40) });
    registry.push("acme/web", "2.0.0", { salt: "b" });
    registry.push("acme/web", "1.11.0-rc.1", { salt: "c" });
    registry.push("acme/web", "latest", { salt: "d" });
    const { outcome, sources } = await run();
    expect(outcome.exitCode).toBe(0);
    expect(sources).toMatchObject([{ app: "web", result: "stored", version: "1.10.0" }]);
    const name = `${registry.host}/acme/web`;
    expect(await stored()).toMatchObject([
      {
        id: expect.stringMatching(/^20260201t000000z-/),
        version: { repositoryName: name, tag: "1.10.0", event: "tag", sha: "c".repeat(40) },
        committedAt: "2026-02-01T00:00:00.000Z",
        images: { web: { name, tag: "1.10.0", digest: newest, ref: `${name}:1.10.0@${newest}` } },
        items: [{ name: "source", kind: "oci", from: name, version: "1.10.0", is: { [name]: newest } }],
      },
    ]);
  });

  it("that are artifacts already cost a list and a HEAD, and write nothing", async () => {
    await config(web('semver: "*"'));
    registry.push("acme/web", "1.0.0");
    await run();
    const [before] = await stored();
    registry.asked = [];
    server.requests.length = 0;
    const { sources, report } = await run();
    expect(sources).toMatchObject([{ result: "unchanged", artifact: before?.id }]);
    expect(report.result).toBe("unchanged");
    expect(registry.asked).toEqual(["GET /v2/acme/web/tags/list?n=1000", "HEAD /v2/acme/web/manifests/1.0.0"]);
    expect(await stored()).toEqual([before]);
  });

  it("of many apps, when all is known, cost the config repository's server no more than those of one", async () => {
    const names = Array.from({ length: 12 }, (_, at) => `app-${at}`);
    const image = `${registry.host}/acme/web`;
    await config(
      names.map((name) => `  ${name}: { images: { web: ${image} }, sources: [{ oci: ${image} }] }\n`).join(""),
    );
    registry.push("acme/web", "1.0.0");
    await run();
    const requestsOf = async (given: Record<string, string[]>) => {
      server.requests.length = 0;
      expect(new Set((await run(given)).sources.map(({ result }) => result))).toEqual(new Set(["unchanged"]));
      return server.requests.length;
    };
    const [all, one] = [await requestsOf({}), await requestsOf({ app: ["app-0"] })];
    expect(server.requests.map(({ url }) => url).join()).not.toContain("receive-pack");
    // Of one app its artifacts are asked for together with the branch; of all, once the config has told which there are.
    expect(all).toBeLessThanOrEqual(one + 2);
  });

  it("are all looked at when one registry is down, which is said and makes the exit code 4", async () => {
    await using other = await RegistryServer.start();
    other.broken = 500;
    await config(`  web:
    images: { web: ${registry.host}/acme/web }
    sources: [{ oci: ${registry.host}/acme/web }]
  api:
    images: { web: ${other.host}/acme/api }
    sources: [{ oci: ${other.host}/acme/api }]
`);
    registry.push("acme/web", "1.0.0");
    const { outcome, sources, report } = await run();
    expect(outcome.exitCode).toBe(4);
    expect(report.headline).toBe("1 new artifact stored; 1 source could not be looked at");
    expect(sources).toMatchObject([
      { app: "web", result: "stored" },
      { app: "api", result: "failed", error: { code: "registry/unreachable" } },
    ]);
    expect(await stored()).toHaveLength(1);
  });

  it("are read with a login for this registry, which no other sees", async () => {
    await using other = await RegistryServer.start();
    await config(`  web:
    images: { web: ${registry.host}/acme/web, other: ${other.host}/acme/other }
    sources: [{ oci: ${registry.host}/acme/web }, { oci: ${other.host}/acme/other }]
`);
    registry.login = "me:hunter2";
    registry.push("acme/web", "1.0.0");
    other.login = "you:secret";
    other.push("acme/other", "1.0.0");
    const auth = Buffer.from("me:hunter2").toString("base64");
    writeFileSync(join(cwd, "config.json"), JSON.stringify({ auths: { [registry.host]: { auth } } }));
    const { sources, outcome } = await run({}, { DOCKER_CONFIG: cwd });
    expect(sources).toMatchObject([
      { result: "stored" },
      { result: "failed", error: { code: "registry/unauthorised" } },
    ]);
    expect(other.authorizations.join()).not.toContain(auth);
    expect(JSON.stringify([outcome, await stored()])).not.toContain("hunter2");
  });

  it("are only said in a dry run", async () => {
    await config(web('semver: "*"'));
    registry.push("acme/web", "1.0.0");
    const { report } = await run({ "dry-run": "true" });
    expect(report).toMatchObject({ result: "planned", headline: "1 new artifact would be stored" });
    expect(await stored()).toEqual([]);
  });

  it("that have moved are said, and not followed", async () => {
    await config(web('semver: "*"'));
    const was = registry.push("acme/web", "1.0.0", { salt: "a" });
    await run();
    const is = registry.push("acme/web", "1.0.0", { salt: "b" });
    const { outcome } = await run();
    expect(outcome.exitCode).toBe(0);
    expect(outcome.notices).toEqual([expect.stringContaining(`was ${was}`)]);
    expect(outcome.notices[0]).toContain(`is now ${is}`);
    expect(await stored()).toHaveLength(1);
  });
});

it("an app that follows nothing cannot be asked for by name", async () => {
  await config("  web:\n    images: { web: ghcr.io/acme/web }\n");
  await expect(run({ app: ["web"] })).rejects.toMatchObject({ code: "source/none" });
  expect((await run()).report.headline).toBe("No app follows anything: there are no sources");
});

describe("a Git repository", () => {
  it("beside the config repository makes an artifact of its newest tag", async () => {
    await config("  web: { sources: [{ git: lib/lib }] }\n");
    const path = join(bare.root, "lib/lib.git");
    execFileSync("git", ["clone", "-q", "--bare", join(bare.root, "config.git"), path], { env: plainGitEnvironment });
    for (const tag of ["v1.9.0", "v1.10.0", "v2.0.0-rc.1"]) {
      execFileSync("git", ["-C", path, "tag", tag], { env: plainGitEnvironment });
    }
    const { sources } = await run();
    expect(sources).toMatchObject([{ source: "lib/lib", result: "stored", version: "v1.10.0" }]);
    const commit = execFileSync("git", ["-C", path, "rev-parse", "v1.10.0"], { encoding: "utf8" }).trim();
    expect(await stored()).toMatchObject([{ version: { sha: commit, tag: "v1.10.0", event: "tag" } }]);
    expect((await run()).sources).toMatchObject([{ result: "unchanged" }]);
  });
});

describe("a repository's refs", () => {
  const lib = (...args: string[]) =>
    execFileSync("git", ["-C", join(bare.root, "lib/lib.git"), ...args], {
      encoding: "utf8",
      env: { ...plainGitEnvironment, GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z" },
    }).trim();
  const start = async (source: string) => {
    await config(`  web: { sources: [{ git: lib/lib${source} }] }\n`);
    const path = join(bare.root, "lib/lib.git");
    execFileSync("git", ["clone", "-q", "--bare", join(bare.root, "config.git"), path], { env: plainGitEnvironment });
  };

  it("a branch that is deleted brings nothing, and made anew from an older commit something that is not newer", async () => {
    await start(", branch: next");
    expect((await run()).sources).toMatchObject([{ result: "none", why: "there is no next" }]);
    lib("branch", "next");
    const newer = lib("rev-parse", "next");
    expect((await run()).sources).toMatchObject([{ result: "stored" }]);
    lib("branch", "-D", "next");
    expect((await run()).sources).toMatchObject([{ result: "none" }]);
    const older = lib("commit-tree", "-m", "older", lib("rev-parse", `${newer}^{tree}`));
    lib("branch", "next", older);
    expect((await run()).sources).toMatchObject([{ result: "stored" }]);
    expect((await stored()).map(({ version }) => version.sha).sort()).toEqual([newer, older].sort());
    expect((await stored()).find(({ version }) => version.sha === older)?.committedAt).toMatch(/^2026-01-01/);
  });

  it("a tag of a folder is an error that says so, until it is ignored", async () => {
    await start(", ignore: [v8.*]");
    lib("tag", "-a", "-m", "x", "v1.0.0");
    lib("tag", "v9.0.0", "HEAD^{tree}");
    lib("tag", "v8.0.0", "HEAD^{tree}");
    const { sources, outcome } = await run();
    expect(outcome.exitCode).toBe(4);
    expect(sources).toMatchObject([{ result: "failed", error: { code: "source/no-such-commit" } }]);
    lib("tag", "-d", "v9.0.0");
    expect((await run()).sources).toMatchObject([{ result: "stored", version: "v1.0.0" }]);
    expect(await stored()).toMatchObject([{ version: { sha: lib("rev-parse", "v1.0.0^{commit}") } }]);
  });
});

it("apps that follow one Git repository ask it once", async () => {
  const apps = ["a", "b", "c"].map((name) => `  ${name}: { sources: [{ git: lib/lib }] }\n`);
  await config(apps.join(""));
  const path = join(bare.root, "lib/lib.git");
  execFileSync("git", ["clone", "-q", "--bare", join(bare.root, "config.git"), path], { env: plainGitEnvironment });
  execFileSync("git", ["-C", path, "tag", "v1.0.0"], { env: plainGitEnvironment });
  await run();
  server.requests.length = 0;
  expect((await run()).sources).toMatchObject(apps.map(() => ({ result: "unchanged" })));
  // What there is to know of the server, and the list.
  expect(server.requests.filter(({ url }) => url.startsWith("/lib/lib.git/"))).toHaveLength(2);
});

describe("a chart", () => {
  let charts: Server;
  const asked: (string | undefined)[] = [];
  const index = `apiVersion: v1\nentries:\n  web:\n  - version: 1.2.0\n    digest: ${"ab".repeat(32)}\n`;
  beforeEach(async () => {
    asked.length = 0;
    charts = createServer((request, response) => {
      asked.push(request.headers["if-none-match"]);
      const same = request.headers["if-none-match"] === '"1"';
      response.writeHead(same ? 304 : 200, { etag: '"1"' }).end(same ? undefined : index);
    });
    await new Promise<void>((resolve) => charts.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => {
    charts.closeAllConnections();
    charts.close();
  });

  it("comes along with an image, and is asked for on condition where a cache is kept", async () => {
    const url = `http://127.0.0.1:${(charts.address() as AddressInfo).port}`;
    await config(web(`with: [{ helm: "${url}", chart: web }]`));
    registry.push("acme/web", "3.0.0");
    const { sources } = await run({ cache: "kept" });
    expect(sources).toMatchObject([{ result: "stored", version: "3.0.0 + 1.2.0" }]);
    expect(await stored()).toMatchObject([
      { version: { tag: "3.0.0" }, vars: { chart: "web", chartVersion: "1.2.0" } },
    ]);
    expect((await run({ cache: "kept" })).sources).toMatchObject([{ result: "unchanged" }]);
    expect(asked).toEqual([undefined, '"1"']);
  });
});

describe("releases", () => {
  it("are read from the forge that the run is on, with its token", async () => {
    const sha = "d".repeat(40);
    const seen: (string | undefined)[] = [];
    const api = createServer((request, response) => {
      seen.push(request.headers.authorization);
      const who = { name: "Ada", email: "ada@example.org", date: "2026-01-02T03:04:05Z" };
      const answers: Record<string, unknown> = {
        "/repos/acme/tool/releases?per_page=100&page=1": [{ tag_name: "v1.0.0", draft: false, prerelease: false }],
        "/repos/acme/tool/commits/tags/v1.0.0": {
          sha,
          commit: { author: who, committer: who, message: "not hunter2\n" },
        },
      };
      const body = answers[request.url ?? ""];
      response.writeHead(body === undefined ? 404 : 200).end(JSON.stringify(body ?? {}));
    });
    await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
    try {
      await config("  web: { sources: [{ releases: acme/tool, on: github }] }\n");
      const github = {
        GITHUB_ACTIONS: "true",
        GITHUB_SERVER_URL: server.origin,
        GITHUB_API_URL: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
        GITHUB_REPOSITORY: "config",
        GLU_TOKEN: "t0ken",
      };
      const { sources } = await run({}, github);
      expect(sources).toMatchObject([{ source: "acme/tool", result: "stored", version: "v1.0.0" }]);
      expect(await stored()).toMatchObject([{ version: { sha, event: "release", message: "not ***" } }]);
      expect(new Set(seen)).toEqual(new Set(["Bearer t0ken"]));
    } finally {
      api.closeAllConnections();
      api.close();
    }
  });
});
