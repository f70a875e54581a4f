import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseConfig } from "@glu/config";
import { programGates } from "@glu/core";
import { editors } from "@glu/editors";
import { Evaluator, evaluates } from "@glu/evaluate";
import { sdkTypes } from "@glu/evaluate/sdk-types";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Block, blocks, filesOn, nameOf, root } from "./pages.ts";

const programs = blocks.filter(({ language, tags }) => language === "ts" && tags.includes("glu"));
const pathOf = ({ tags }: Block) => tags.find((tag) => tag.startsWith("path="))?.slice("path=".length);

/** What a program's page puts beside it. */
const beside = ({ page }: Block): [string, string][] =>
  blocks.flatMap((block) => {
    const path = block.page === page && block.language === "ts" ? pathOf(block) : undefined;
    return path === undefined ? [] : [[path, block.text]];
  });

const folder = mkdtempSync(join(tmpdir(), "glu-programs-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the compiler says in a folder. */
const compiled = (place: string): string =>
  spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", place], {
    encoding: "utf8",
    cwd: place,
  }).stdout;

/** What the compiler says of programs, each in a folder of its own. */
function complaints(all: readonly Record<string, string>[]): string {
  const place = mkdtempSync(join(folder, "compiled-"));
  for (const [index, files] of all.entries()) {
    for (const [path, text] of Object.entries(files)) {
      const file = join(place, String(index), path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
  const compilerOptions = {
    strict: true,
    noEmit: true,
    module: "nodenext",
    target: "es2023",
    lib: ["es2023"],
    types: [],
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
    exactOptionalPropertyTypes: true,
    paths: { "@glu/sdk": [join(root, "packages/sdk/src/index.ts")] },
  };
  writeFileSync(join(place, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(place, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["**/*.ts"] }));
  return compiled(place);
}

/** A folder as the page tells to make it: nothing is installed, and the types are those that Glu prints. */
function asThePageSays(files: Record<string, string>): string {
  const place = mkdtempSync(join(folder, "page-"));
  const tsconfig = filesOn("docs/typescript.md").get("tsconfig.json") ?? "";
  const all = { ...files, "tsconfig.json": tsconfig, "package.json": '{ "type": "module" }', "glu/sdk.d.ts": sdkTypes };
  mkdirSync(join(place, "glu"));
  for (const [path, text] of Object.entries(all)) writeFileSync(join(place, path), text);
  return compiled(place);
}

describe("the types that glu config types prints", () => {
  it("take every program in the documentation, where nothing is installed", () => {
    for (const block of programs) {
      const files = { ...Object.fromEntries(beside(block)), "glu.config.ts": block.text };
      expect([nameOf(block), asThePageSays(files)]).toEqual([nameOf(block), ""]);
    }
  });

  it("refuse what is misspelt, and know what a gate is told", () => {
    const program = (gate: string) => `import { defineConfig, gate } from "@glu/sdk";
export default defineConfig({ version: 1, environments: { a: { gates: [${gate}] } }, apps: {} });`;
    expect(asThePageSays({ "glu.config.ts": program("{ soak: '1h' }") })).toBe("");
    expect(asThePageSays({ "glu.config.ts": program("{ soke: '1h' }") })).toContain("'soke' does not exist");
    const asks = (what: string) => program(`gate("a", ({ ${what} }) => ({ met: true, seen: String(${what}) }))`);
    expect(asThePageSays({ "glu.config.ts": asks("artifact") })).toBe("");
    expect(asThePageSays({ "glu.config.ts": asks("artefact") })).toContain("'artefact' does not exist");
  });
});

describe("the types of the SDK", () => {
  it("take every program in the documentation", () => {
    expect(programs.length).toBeGreaterThan(2);
    const all = programs.map((block) => ({ ...Object.fromEntries(beside(block)), "glu.config.ts": block.text }));
    expect(complaints(all)).toBe("");
  });

  it("take whatever glu.yaml in the documentation says", () => {
    const yamls = blocks.filter(({ language, tags }) => language === "yaml" && tags.includes("glu"));
    expect(yamls.length).toBeGreaterThan(6);
    const all = yamls.map(({ text }) => {
      const config = parse(text, { merge: true }) as Record<string, unknown>;
      for (const key of Object.keys(config)) if (key.startsWith("x-")) delete config[key];
      const call = `export default defineConfig(${JSON.stringify(config)});`;
      return { "glu.config.ts": `import { defineConfig } from "@glu/sdk";\n${call}\n` };
    });
    expect(complaints(all)).toBe("");
  });

  it.each([
    ["a misspelt key", "{ version: 1, enviroments: {} }"],
    ["another version", "{ version: 2, environments: {} }"],
    ["an event that there is not", '{ version: 1, environments: { a: { policy: { event: "psh" } } } }'],
    ["a gate that there is not", "{ version: 1, environments: { a: { gates: [{ soke: '1h' }] } } }"],
    ["a function that answers otherwise", "{ version: 1, environments: { a: { gates: [() => true] } } }"],
    [
      "a kind of write that there is not",
      '{ version: 1, environments: {}, defaults: { write: [{ yml: "a", set: {} }] } }',
    ],
  ])("refuse %s", (_, config) => {
    const program = `import { defineConfig } from "@glu/sdk";\nexport default defineConfig(${config});\n`;
    expect(complaints([{ "glu.config.ts": program }])).toMatch(/^0\/glu\.config\.ts\(2,/);
  });
});

describe.runIf(evaluates(process.versions.node)).each(programs.map((block) => [nameOf(block), block] as const))(
  "%s",
  (_, block) => {
    it("is a config that Glu reads", async () => {
      using evaluator = new Evaluator({ node: { path: process.execPath, version: process.versions.node } });
      const files = { ...Object.fromEntries(beside(block)), "glu.config.ts": block.text };
      const data = await evaluator.evaluate({ entry: "glu.config.ts", files });
      const pipeline = parseConfig({ file: "glu.config.ts", data, editors, gates: programGates });
      expect(pipeline.apps.size).toBeGreaterThan(0);
      const context = { app: "frontend", artifact: { items: [] }, now: Date.parse("2026-11-21T20:30:00Z") };
      for (const { gates } of pipeline.environments.values()) {
        for (const { name, options } of gates.filter((gate) => gate.name === "function")) {
          const answer = await evaluator.call(options as never, context, new AbortController().signal);
          expect([name, answer]).toEqual([
            "function",
            expect.objectContaining({ met: false, seen: expect.any(String), clearedBy: expect.any(String) }),
          ]);
        }
      }
    });
  },
);
