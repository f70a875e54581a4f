import { artifactSchemaId, freezeSchema } from "@glu/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { jsonSchema, published } from "./json-schemas.ts";

function checker(name: string) {
  const schema = published.find((candidate) => candidate.name === name);
  if (schema === undefined) throw new Error(`no schema ${name}`);
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(jsonSchema(schema)));
}

const artifact = {
  schema: artifactSchemaId,
  id: "20261121t070000z-0123456789ab",
  app: "frontend",
  created: "2026-11-21T07:00:00Z",
  committedAt: "2026-11-21T07:00:00Z",
  version: { repositoryName: "acme/frontend", sha: "0".repeat(40), event: "push" },
};

describe("the published JSON Schemas", () => {
  it.each(published.map(({ name }) => name))("%s is a schema by the standard's own rules", (name) => {
    expect(() => checker(name)).not.toThrow();
  });

  it("accept an artifact, and refuse one with a field that does not exist or a bad id", () => {
    const check = checker("artifact");
    expect(check(artifact), JSON.stringify(check.errors)).toBe(true);
    expect(check({ ...artifact, imags: {} })).toBe(false);
    expect(check({ ...artifact, id: "latest" })).toBe(false);
  });

  it("agree with the code on a freeze", () => {
    const check = checker("freeze");
    const freeze = {
      schema: "glu.freeze.v1",
      scope: "all",
      reason: "holidays",
      actor: { name: "ada", verified: true },
      at: "2026-12-24T00:00:00Z",
      request: "1",
    };
    for (const value of [freeze, { ...freeze, scope: 1 }, { ...freeze, until: "tomorrow" }]) {
      expect(check(value)).toBe(freezeSchema.safeParse(value).success);
    }
  });
});
