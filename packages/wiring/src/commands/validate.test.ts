import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CiContext } from "@glu/core";
import { readCliInputs, validate } from "@glu/inputs";
import type { PageReport } from "@glu/report";
import { expect, onTestFinished, test } from "vitest";
import type { Surroundings } from "../surroundings.ts";
import { runValidate } from "./validate.ts";

function workingCopy(files: Record<string, string>): Surroundings {
  const cwd = mkdtempSync(join(tmpdir(), "glu-validate-"));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(cwd, path), text);
  return { env: {}, cwd, temp: cwd, context: { host: "terminal", repository: "" } as CiContext } as Surroundings;
}

const run = (surroundings: Surroundings) => runValidate(readCliInputs(validate, {}, {}), surroundings);

test("one of a kind is counted in the singular", async () => {
  const file = `version: 1
environments: { staging: {} }
apps:
  web:
    write: [{ yaml: values.yaml, set: { tag: "{{ artifact.id }}" } }]
`;
  const valid = await run(workingCopy({ "glu.yaml": file, "values.yaml": "tag: ''\n" }));
  expect((valid.report as PageReport).headline).toBe("glu.yaml is valid: 1 app, 1 environment");
  const invalid = await run(workingCopy({ "glu.yaml": file }));
  expect((invalid.report as PageReport).headline).toBe("glu.yaml: 1 place cannot be written");
});

test("a working copy without configuration is named itself, not a branch", async () => {
  const surroundings = workingCopy({});
  await expect(run(surroundings)).rejects.toMatchObject({
    code: "config/not-found",
    message: `There is no glu.yaml in ${surroundings.cwd}.`,
    fix: expect.not.stringContaining("branch"),
  });
});
