import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evaluates } from "@glu/evaluate";
import { openCallerConfig } from "@glu/git";
import { readCiContext } from "@glu/hosts";
import { type Command, configPrint, promote, readCliInputs, validate } from "@glu/inputs";
import { type PromotionReport, type Report, renderText, toJson } from "@glu/report";
import { artifactForTest, BareFixture, GitServer, plainGitEnvironment, realClock } from "@glu/testing/internal";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Outcome } from "../outcome.ts";
import type { Surroundings } from "../surroundings.ts";
import { runConfigPrint } from "./config-print.ts";
import { runPromote } from "./promote.ts";
import { runValidate } from "./validate.ts";

const program = (...gates: string[]) => `
import { defineConfig, gate } from "@glu/sdk";
import { file } from "./glu/file.ts";
export default defineConfig({
  version: 1,
  environments: { staging: { gates: [${gates.join(", ")}] } },
  apps: { web: { repository: "acme/web", write: [{ json: file, set: { a: "{{ artifact.id }}" } }] } },
});
`;
const files = { "glu/file.ts": 'export const file: string = "a.json";', "a.json": '{ "a": "b" }\n' };
const day = "function daytime({ app, now }) { return { met: now > 0, seen: app + ' may go' }; }";
const night = "async function daytime() { return { met: false, seen: 'is night', clearedBy: 'the morning' }; }";
const broken = "function daytime() { return null.x; }";

const artifact = artifactForTest(1);

let bare: BareFixture;
let server: GitServer;
let cwd: string;
beforeEach(async () => {
  bare = new BareFixture({ seed: files });
  server = await GitServer.start(bare.root);
  cwd = mkdtempSync(join(tmpdir(), "glu-program-"));
  writeFileSync(join(cwd, "artifact.json"), JSON.stringify(artifact));
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  bare[Symbol.dispose]();
  rmSync(cwd, { recursive: true });
});

async function run<C extends Command>(
  command: C,
  runner: (inputs: never, surroundings: Surroundings) => Promise<Outcome>,
  given: Record<string, string>,
): Promise<Outcome> {
  const env = { ...plainGitEnvironment, PATH: process.env.PATH, GLU_USER: "ada" };
  const silent = () => {};
  const logger = { debug: silent, progress: silent, info: silent, notice: silent, warning: silent };
  const context = readCiContext(env, () => undefined);
  const redact = (text: string) => text;
  const callerConfig = openCallerConfig({ env, cwd });
  const surroundings = { env, cwd, temp: cwd, clock: realClock, logger, context, redact, callerConfig };
  const all = { "config-repository": server.url("config.git"), ...given };
  return runner(readCliInputs(command, all, {}) as never, surroundings as unknown as Surroundings);
}

const ask = (more: Record<string, string> = {}) =>
  run(promote, runPromote as never, { app: "web", environment: "staging", artifact: "./artifact.json", ...more });
const tip = () => bare.git("rev-parse", "main");

async function decisionOf(outcome: Promise<Outcome>) {
  const { exitCode, report } = await outcome;
  const [decision] = (report as PromotionReport).decisions;
  return { exitCode, result: decision?.result, gate: decision?.gates.find(({ name }) => name === "function") };
}

describe.runIf(evaluates(process.versions.node))("a config that is a program", () => {
  it("promotes what its function lets pass", async () => {
    bare.push("main", { "glu.config.ts": program(day) });
    expect(await decisionOf(ask())).toMatchObject({
      exitCode: 0,
      result: "promoted",
      gate: { met: true, seen: "daytime: web may go" },
    });
    expect(bare.git("show", "main:a.json")).toContain(artifact.id);
  });

  it.each([
    ["is not met", night, "function/unmet", "daytime: is night"],
    ["throws", broken, "function/threw", "daytime threw TypeError"],
    ["answers nonsense", "function daytime() { return true }", "function/answer", "daytime gave no answer"],
    ["loops", 'gate("daytime", () => { for (;;) {} }, { timeout: "1s" })', "function/too-slow", "within 1s"],
  ])("holds when its function %s, and changes nothing", async (_, gate, code, seen) => {
    bare.push("main", { "glu.config.ts": program(gate) });
    const before = tip();
    const { exitCode, result, gate: found } = await decisionOf(ask());
    expect([exitCode, result, found?.code]).toEqual([3, "held", code]);
    expect(found?.seen).toContain(seen);
    expect(tip()).toBe(before);
  });

  it("is asked by a plan, too", async () => {
    bare.push("main", { "glu.config.ts": program(night) });
    const { gate } = await decisionOf(ask({ plan: "true" }));
    expect(gate?.seen).toBe("daytime: is night");
  });

  it("is that of the default branch, whatever branch is promoted to", async () => {
    bare.push("main", { "glu.config.ts": program(night) });
    bare.push("live", { ...files, "glu.config.ts": program(day) });
    expect(await decisionOf(ask({ ref: "live" }))).toMatchObject({ result: "held" });
    bare.push("main", { "glu.config.ts": program(day) });
    bare.push("live", { "glu.config.ts": program(night) });
    expect(await decisionOf(ask({ ref: "live" }))).toMatchObject({ result: "promoted" });
    expect(bare.git("show", "live:a.json")).toContain(artifact.id);
  });

  it("is validated, and told by path", async () => {
    bare.push("main", { "glu.config.ts": program(day) });
    expect((await run(validate, runValidate as never, {})).exitCode).toBe(0);
    bare.push("main", { "glu.config.ts": program("{ soke: '1h' }") });
    await expect(run(validate, runValidate as never, {})).rejects.toMatchObject({
      code: "config/unknown-gate",
      at: { file: "glu.config.ts", path: "environments.staging.gates[0].soke" },
    });
  });

  it("is printed as YAML, each time the same", async () => {
    bare.push("main", {
      "glu.config.ts": program("{ soak: '1h' }")
        .replace("staging: {", 'test: {}, staging: { from: "test",')
        .replace("json: file", 'json: "{{ env }}.json"'),
    });
    const print = async () => (await run(configPrint, runConfigPrint as never, {})).report as Report;
    const text = renderText(await print(), { color: true, width: 40 });
    expect(text).toBe(`version: 1
environments:
  test: {}
  staging:
    from: test
    gates:
      - soak: 1h
apps:
  web:
    repository: acme/web
    write:
      - json: "{{ env }}.json"
        set:
          a: "{{ artifact.id }}"
`);
    expect(toJson(await print())).toEqual({
      schema: "glu.config.v1",
      result: "printed",
      file: "glu.config.ts",
      yaml: text,
    });
    bare.push("main", { "pipeline.yaml": text });
    const again = (await run(configPrint, runConfigPrint as never, { config: "pipeline.yaml" })).report as Report;
    expect(renderText(again, { color: false, width: 200 })).toBe(text);
  });
});
