import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCallerConfig } from "@glu/git";
import { readCiContext } from "@glu/hosts";
import { readCliInputs, reconcile } from "@glu/inputs";
import type { PromotionReport } from "@glu/report";
import { BareFixture, GitServer, plainGitEnvironment, RegistryServer, realClock } from "@glu/testing/internal";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Surroundings } from "../surroundings.ts";
import { runReconcile } from "./reconcile.ts";

let bare: BareFixture;
let server: GitServer;
let registry: RegistryServer;
let cwd: string;
beforeEach(async () => {
  registry = await RegistryServer.start();
  cwd = mkdtempSync(join(tmpdir(), "glu-reconcile-"));
  const values = "image:\n  tag: none # kept\n";
  const config = `version: 1
environments:
  testing: { policy: { event: tag } }
  staging: { from: testing, auto: newest }
defaults: { write: [{ yaml: "{{ app }}/{{ env }}.yaml", set: { image.tag: "{{ images.web.tag }}" } }] }
apps:
  web:
    images: { web: ${registry.host}/acme/web }
    sources: [{ oci: ${registry.host}/acme/web, semver: "^1" }]
`;
  bare = new BareFixture({
    seed: { "glu.yaml": config, "web/testing.yaml": values, "web/staging.yaml": values },
  });
  server = await GitServer.start(bare.root);
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
  bare[Symbol.dispose]();
  rmSync(cwd, { recursive: true });
});

async function run(given: Record<string, string> = {}) {
  const env = { ...plainGitEnvironment, PATH: process.env.PATH, HOME: cwd };
  const silent = () => {};
  const logger = { debug: silent, progress: silent, info: silent, notice: silent, warning: silent };
  const context = readCiContext(env, () => undefined);
  const clock = { ...realClock, sleep: async () => {} };
  const plain = { redact: (text: string) => text, mask: silent, callerConfig: openCallerConfig({ cwd, env }) };
  const surroundings = { env, cwd, temp: cwd, clock, logger, context, ...plain } as unknown as Surroundings;
  const inputs = readCliInputs(reconcile, { "config-repository": server.url("config.git"), ...given }, {});
  const outcome = await runReconcile(inputs, surroundings);
  const { decisions, reconciled } = outcome.report as PromotionReport;
  return {
    ...outcome,
    results: decisions.map(({ intent, result }) => `${intent.environment} ${result}`),
    discovered: reconciled !== undefined && "discovered" in reconciled ? reconciled.discovered : undefined,
  };
}

const file = (path: string) => bare.git("cat-file", "blob", `main:${path}`);

it("a new tag becomes an artifact and goes as far as it may, all in one run, and the next run has nothing to do", async () => {
  registry.push("acme/web", "1.2.0", { created: "2026-01-01T00:00:00Z", salt: "a" });
  const first = await run();
  expect(first.discovered).toMatchObject([{ app: "web", result: "stored", version: "1.2.0" }]);
  expect(first.results).toEqual(["testing promoted", "staging promoted"]);
  expect(file("web/staging.yaml")).toBe("image:\n  tag: 1.2.0 # kept");
  const second = await run();
  expect(second.discovered).toMatchObject([{ result: "unchanged" }]);
  expect(second.results).toEqual(["testing unchanged", "staging unchanged"]);
  // A source is asked each time: that nothing has changed there is known by nobody else.
  expect((await run()).discovered).toMatchObject([{ result: "unchanged" }]);
});

it("where a cache is kept a list of tags is asked for on condition", async () => {
  registry.etags = true;
  registry.push("acme/web", "1.2.0", { created: "2026-01-01T00:00:00Z", salt: "a" });
  await run({ cache: "kept" });
  expect(registry.unchanged).toBe(0);
  registry.asked = [];
  expect((await run({ cache: "kept" })).discovered).toMatchObject([{ result: "unchanged" }]);
  expect(registry.unchanged).toBe(1);
  expect(registry.asked).toEqual(["GET /v2/acme/web/tags/list?n=1000", "HEAD /v2/acme/web/manifests/1.2.0"]);
});

it("a plan stores nothing and says what would be stored", async () => {
  registry.push("acme/web", "1.2.0", { created: "2026-01-01T00:00:00Z", salt: "a" });
  const { discovered } = await run({ plan: "true" });
  expect(discovered).toMatchObject([{ result: "planned", version: "1.2.0" }]);
  expect(bare.git("for-each-ref", "refs/glu")).toBe("");
});

it("a registry that is out of order is no green run, and stops nothing else", async () => {
  registry.push("acme/web", "1.2.0", { created: "2026-01-01T00:00:00Z", salt: "a" });
  await run();
  await registry[Symbol.asyncDispose]();
  const { exitCode, discovered, results } = await run();
  registry = await RegistryServer.start();
  expect(exitCode).toBe(4);
  expect(discovered).toMatchObject([{ result: "failed" }]);
  expect(results).toEqual(["testing unchanged", "staging unchanged"]);
});
