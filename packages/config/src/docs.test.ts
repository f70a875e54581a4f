import { readFileSync } from "node:fs";
import { configurableGates, eventNames, type Pipeline } from "@glu/core";
import { editors } from "@glu/editors";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { discoveryFolders } from "./discovery-folders.ts";
import { configJsonSchema, type JsonSchema } from "./json-schema.ts";
import { parseConfig } from "./parse-config.ts";
import { createTemplates, filterNames } from "./templates/create-templates.ts";

const page = readFileSync(new URL("../../../docs/configuration.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/^```yaml glu\n([\s\S]*?)^```$/gm)].map(([, text]) => text ?? "");
const offer = { editors, gates: configurableGates };
const schema = configJsonSchema(offer);
const validate = new Ajv2020({ strictRequired: false, allowUnionTypes: true }).compile(schema);

function read(text: string): Pipeline {
  const folders = new Map(discoveryFolders(text).map((folder) => [folder, ["frontend", "backend"]]));
  return parseConfig({ file: "glu.yaml", text, ...offer, folders });
}

const variables = {
  app: "frontend",
  env: "staging",
  version: { sha: "0123456789abcdef0123456789abcdef01234567" },
  images: {
    web: { tag: "1.0.0", digest: "sha256:00", ref: "ghcr.io/acme/frontend:1.0.0@sha256:00" },
    worker: { tag: "1.0.0", digest: "sha256:01", ref: "ghcr.io/acme/worker:1.0.0@sha256:01" },
  },
  vars: {},
  context: { BRANCH: "main" },
};

describe("docs/configuration.md", () => {
  it("has every YAML block read by this test", () => {
    expect(examples.length).toBeGreaterThan(6);
    expect(examples.length).toBe([...page.matchAll(/^```ya?ml/gm)].length);
  });

  it.each(examples)("has an example that the parser and the schema accept: %#", (text) => {
    expect(read(text).apps.size).toBeGreaterThan(0);
    expect(validate(parse(text, { merge: true })) ? [] : validate.errors).toEqual([]);
  });

  it.each(examples)("has an example whose templates render: %#", async (text) => {
    const templates = await createTemplates();
    for (const { write } of read(text).apps.values()) {
      for (const { options } of write) {
        const texts = JSON.stringify(options).match(/\{\{.*?\}\}/g) ?? [];
        for (const one of texts) expect(templates.render(one.replaceAll('\\"', '"'), variables)).not.toContain("{{");
      }
    }
  });

  it("names every key of the schema, every event, gate, kind of write and filter", () => {
    const keys = new Set<string>();
    const walk = (node: unknown): void => {
      if (typeof node !== "object" || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        if (key === "properties") for (const name of Object.keys(value as JsonSchema)) keys.add(name);
        walk(value);
      }
    };
    walk(schema);
    const words = [...keys, ...eventNames, ...offer.gates.map(({ name }) => name), ...filterNames];
    expect(words.filter((word) => !new RegExp(`[\`.… ]${word}[\`:. ,]`).test(page))).toEqual([]);
  });
});
