import { readFileSync } from "node:fs";
import { programGates, UserError } from "@glu/core";
import { editors } from "@glu/editors";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { withoutLines } from "../test/without-lines.ts";
import { discoveryFolders } from "./discovery-folders.ts";
import { parseConfig } from "./parse-config.ts";
import { printConfig } from "./print-config.ts";
import type { ConfigSource } from "./source/read-source.ts";

const page = readFileSync(new URL("../../../docs/configuration.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/^```yaml glu\n([\s\S]*?)^```$/gm)].map(([, text]) => text ?? "");
const folders = new Map([["apps", ["frontend", "backend"]]]);
const read = (source: ConfigSource, file = "glu.config.ts") =>
  parseConfig({ file, ...source, editors, gates: programGates, folders });

/** What a program would give that says the same. */
const asData = (text: string): unknown => JSON.parse(JSON.stringify(parse(text, { merge: true })));

function errorOf(data: unknown): UserError {
  try {
    read({ data });
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("it is valid");
}

describe("a config as data", () => {
  it("has examples to compare", () => expect(examples.length).toBeGreaterThan(6));

  it.each(examples)("is the same pipeline as the YAML that says the same: %#", (text) => {
    expect(withoutLines(read({ data: asData(text) }))).toEqual(withoutLines(read({ text })));
    expect(discoveryFolders({ data: asData(text) })).toEqual(discoveryFolders(text));
  });

  it.each(examples)("prints as YAML that is the same pipeline, and as the same bytes again: %#", (text) => {
    for (const source of [{ text }, { data: asData(text) }]) {
      const printed = printConfig(source);
      expect(withoutLines(read({ text: printed }))).toEqual(withoutLines(read({ text })));
      expect(printConfig({ text: printed })).toBe(printed);
      expect(printed).not.toMatch(/x-|&|<</);
    }
  });

  it("prints a function of it as a reference that reads as the same gate, and that a glu.yaml may not have", () => {
    const reference = { name: "quietHours", index: 0, source: "0123456789ab", timeout: "10s" };
    const data = {
      version: 1,
      environments: { staging: { gates: [{ function: reference }] } },
      apps: { web: { write: [{ json: "a.json", set: { a: "{{ artifact.id }}" } }] } },
    };
    const pipeline = read({ data });
    expect([...pipeline.environments.values()][0]?.gates).toMatchObject([{ name: "function", options: reference }]);
    expect(withoutLines(read({ text: printConfig({ data }) }))).toEqual(withoutLines(pipeline));
    const yaml = { text: printConfig({ data }), file: "glu.yaml", editors, gates: programGates.slice(0, -1) };
    expect(() => parseConfig(yaml)).toThrow(expect.objectContaining({ code: "config/unknown-gate" }));
  });

  it.each([
    ["config/unknown-key", "environments.staging.polcy", { environments: { staging: { polcy: {} } } }],
    ["config/unknown-environment", "environments.staging.from", { environments: { staging: { from: "stagin" } } }],
    ["config/type", "environments.staging.tier", { environments: { staging: { tier: 1 } } }],
    ["config/missing-key", "environments", { environments: undefined }],
    ["config/unknown-editor", "apps.web.write[0].yml", { apps: { web: { write: [{ yml: "a" }] } } }],
    ["config/no-write", "apps.web", { apps: { web: {} } }],
    ["config/unknown-key", "apps", { apps: JSON.parse('{"__proto__": {}}') }],
  ])("with a mistake is an error %s that names %s", (code, path, wrong) => {
    const right = {
      version: 1,
      environments: { staging: {} },
      apps: { web: { write: [{ json: "a", set: { a: "b" } }] } },
    };
    const error = errorOf({ ...right, ...wrong });
    expect([error.code, error.at]).toEqual([code, { file: "glu.config.ts", path }]);
  });

  it("with several mistakes lists each with its path, in their order", () => {
    const error = errorOf({ version: 2, environments: { a: { tier: "prod" } }, apps: {}, polcy: 1 });
    expect(error.problems.map(({ path }) => path)).toEqual(["version", "environments.a.tier", "polcy"]);
    for (const { path } of error.problems) expect(error.message).toContain(`\n  ${path}: `);
  });

  it.each([null, [], "version: 1", 5, true])("that is %j is an error of ours", (data) => {
    expect(errorOf(data).code).toMatch(/^config\/(?:type|empty)$/);
  });

  it("that is too deep is refused before it is walked", () => {
    const deep = JSON.parse(`${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`);
    expect(errorOf({ version: 1, environments: { a: {} }, apps: { web: { write: [deep] } } }).code).toBe(
      "config/too-deep",
    );
  });
});
