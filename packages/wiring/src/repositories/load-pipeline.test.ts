import type { RefName, RepoPath, Snapshot } from "@glu/core";
import { evaluates } from "@glu/evaluate";
import { MemoryRepository } from "@glu/testing/internal";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ConfigPlace } from "./config-place.ts";
import { pipelineLoader } from "./load-pipeline.ts";
import { ProgramEvaluator } from "./program-evaluator.ts";

const yaml = (environment: string) =>
  `version: 1\nenvironments: { ${environment}: {} }\napps: { web: { write: [{ json: a.json, set: { a: "b" } }] } }\n`;
const program = (environment: string, before = "") =>
  `${before}\nexport default { version: 1, environments: { ${environment}: {} }, apps: { web: { write: [{ json: "a.json", set: { a: "b" } }] } } };\n`;

async function tipOf(seed: ConstructorParameters<typeof MemoryRepository>[0] & object): Promise<Snapshot> {
  return new MemoryRepository(seed).open("refs/heads/main" as RefName).open();
}

function load(tip: Snapshot, more: Partial<ConfigPlace> = {}) {
  const evaluator = new ProgramEvaluator();
  onTestFinished(() => evaluator[Symbol.dispose]());
  return pipelineLoader({ file: undefined, evaluator, ...more })(tip);
}

const namesOf = async (tip: Snapshot, more?: Partial<ConfigPlace>) => [...(await load(tip, more)).environments.keys()];

describe("the config at a tip", () => {
  it("is glu.yaml", async () => {
    expect(await namesOf(await tipOf({ seed: { "glu.yaml": yaml("staging") } }))).toEqual(["staging"]);
  });

  it("is not one of two", async () => {
    const tip = await tipOf({ seed: { "glu.yaml": yaml("a"), "glu.config.ts": program("b") } });
    await expect(load(tip)).rejects.toMatchObject({ code: "config/two", exitCode: 2 });
    expect(await namesOf(tip, { file: "glu.yaml" as RepoPath })).toEqual(["a"]);
  });

  it("is told to be neither when there is none", async () => {
    await expect(load(await tipOf({ seed: { a: "" } }))).rejects.toMatchObject({
      code: "config/not-found",
      message: "There is no glu.yaml or glu.config.ts at the tip of refs/heads/main.",
    });
    const linked = await tipOf({ seed: { "glu.yaml": { kind: "symlink" } } });
    await expect(load(linked)).rejects.toMatchObject({ message: "A symlink is at glu.yaml, and no file." });
  });
});

describe.runIf(!evaluates(process.versions.node))("a program, on a Node that is too old", () => {
  it("is refused with what to do", async () => {
    const tip = await tipOf({ seed: { "glu.config.ts": program("staging") } });
    await expect(load(tip)).rejects.toMatchObject({ code: "config/node-too-old", exitCode: 2 });
  });
});

describe.runIf(evaluates(process.versions.node))("a program", () => {
  it("is glu.config.ts, or what is named", async () => {
    expect(await namesOf(await tipOf({ seed: { "glu.config.ts": program("staging") } }))).toEqual(["staging"]);
    const elsewhere = await tipOf({ seed: { "glu.yaml": yaml("a"), "deploy/pipeline.ts": program("b") } });
    expect(await namesOf(elsewhere, { file: "deploy/pipeline.ts" as RepoPath })).toEqual(["b"]);
  });

  it("imports what lies under glu/, and nothing else of the repository, nor what is no file", async () => {
    const importing = (path: string) => program("staging", `import { a } from ${JSON.stringify(path)};`);
    const seed = {
      "glu/deep/a.ts": "export const a = 1;",
      "glu/a.test.ts": "export const a = 1;",
      "apps/a.ts": "export const a = 1;",
      "glu/link.ts": { kind: "symlink" as const },
    };
    const tip = (path: string) => tipOf({ seed: { ...seed, "glu.config.ts": importing(path) } });
    expect(await namesOf(await tip("./glu/deep/a.ts"))).toEqual(["staging"]);
    for (const path of ["./apps/a.ts", "./glu/link.ts", "./glu/a.test.ts", "./glu", "./glu/deep/a.js"]) {
      await expect(load(await tip(path))).rejects.toMatchObject({ code: "config/import" });
    }
  });

  it("is evaluated again when one of its files has changed, and only then", async () => {
    const repository = new MemoryRepository({
      seed: {
        "glu.config.ts": program("[name]", 'import { name } from "./glu/name.ts";'),
        "glu/name.ts": 'export const name = "a";',
      },
    });
    const config = repository.open("refs/heads/main" as RefName);
    const evaluator = new ProgramEvaluator();
    onTestFinished(() => evaluator[Symbol.dispose]());
    let evaluated = 0;
    const counting = Object.assign(Object.create(evaluator), {
      evaluate: (files: Parameters<ProgramEvaluator["evaluate"]>[0]) => {
        evaluated += 1;
        return evaluator.evaluate(files);
      },
    });
    const loader = pipelineLoader({ file: undefined, evaluator: counting });
    const names = async () => [...(await loader(await config.open())).environments.keys()];
    expect([await names(), await names(), evaluated]).toEqual([["a"], ["a"], 1]);
    repository.push("refs/heads/main" as RefName, { "glu/name.ts": 'export const name = "b";' });
    expect([await names(), evaluated]).toEqual([["b"], 2]);
  });

  it("is read from the trusted tip, whatever the branch says that the run is about", async () => {
    const trusted = await tipOf({
      seed: { "glu.config.ts": program("trusted", 'import "./glu/a.ts";'), "glu/a.ts": "" },
    });
    const hostile = await tipOf({ seed: { "glu.config.ts": program("hostile"), "glu/a.ts": "throw 1" } });
    expect(await namesOf(hostile, { trusted: async () => trusted })).toEqual(["trusted"]);
    // A branch that has no config of its own.
    expect(await namesOf(await tipOf({ seed: { a: "" } }), { trusted: async () => trusted })).toEqual(["trusted"]);
    const none = await tipOf({ seed: { "glu.yaml": yaml("a") } });
    await expect(load(hostile, { trusted: async () => none })).rejects.toMatchObject({ code: "config/not-found" });
  });

  it("that is larger than a pipeline can be is refused unread", async () => {
    const files = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`glu/${index}.ts`, ""]));
    const many = await tipOf({ seed: { ...files, "glu.config.ts": program("a") } });
    await expect(load(many)).rejects.toMatchObject({ code: "config/too-large" });
    const long = await tipOf({ seed: { "glu/a.ts": `//${"x".repeat(3_000_000)}`, "glu.config.ts": program("a") } });
    await expect(load(long)).rejects.toMatchObject({ code: "config/too-large" });
  });

  it("with a mistake is told by its path", async () => {
    const tip = await tipOf({ seed: { "glu.config.ts": program("staging").replace("{}", '{ from: "nowhere" }') } });
    await expect(load(tip)).rejects.toMatchObject({
      code: "config/unknown-environment",
      at: { file: "glu.config.ts", path: "environments.staging.from" },
    });
  });
});
