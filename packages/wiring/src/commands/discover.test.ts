import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppName, Artifact, ArtifactId } from "@glu/core";
import { openArtifactStore } from "@glu/git";
import { readCiContext } from "@glu/hosts";
import { discover, readCliInputs } from "@glu/inputs";
import type { PageReport } from "@glu/report";
import { BareFixture, GitServer, plainGitEnvironment, RegistryServer, realClock } from "@glu/testing";
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
});
