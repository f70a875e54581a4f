import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CiContext, ConfigFinding } from "@glu/core";
import { readCliInputs, validate } from "@glu/inputs";
import type { PageReport } from "@glu/report";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../clock.ts";
import type { Surroundings } from "../surroundings.ts";
import { runValidate } from "./validate.ts";

function workingCopy(files: Record<string, string>): Surroundings {
  const cwd = mkdtempSync(join(tmpdir(), "glu-validate-"));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  return {
    env: {},
    cwd,
    temp: cwd,
    clock: systemClock,
    context: { host: "terminal", repository: "" } as CiContext,
  } as Surroundings;
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
    message: `There is no glu.yaml or glu.config.ts in ${surroundings.cwd}.`,
    fix: expect.not.stringContaining("branch"),
  });
});

/** What is found in a config whose apps write this, beside files. */
async function findings(write: string, files: Record<string, string>, environments = "{ staging: {} }") {
  const config = `version: 1
environments: ${environments}
apps:
  web:
    images: { web: ghcr.io/acme/web }
    write: ${write}
`;
  const outcome = await run(workingCopy({ "glu.yaml": config, ...files }));
  return (outcome.report as unknown as { data: { findings: ConfigFinding[] } }).data.findings;
}

const values = { "values.yaml": "a: ''\nb: ''\nc: ''\n" };

test("a note hides no error of the same place, and every value is told", async () => {
  const found = await findings(
    `[{ yaml: values.yaml, set: { a: "{{ vars.X }}", missing: "1", b: "{{ images.web.tagg }}" } }, { yaml: none.yaml, set: { a: "1" } }]`,
    values,
  );
  expect(found.map(({ level, code }) => [level, code])).toEqual([
    ["note", "template/missing-variable"],
    ["error", "template/missing-variable"],
    ["error", "edit/no-key"],
    ["error", "edit/no-file"],
  ]);
});

describe("a template that no artifact can fill in", () => {
  test.each([
    ["imags.web.tag", "images.web.tag"],
    ["images.web.tagg", "images.web.tag"],
    ["images.api.tag", "images.web.tag"],
    ["enviroment.name", "environment.name"],
    ["env.name", "environment.name"],
    ["version.shaa", "version.sha"],
    ["artifact.idd", "artifact.id"],
  ])("is an error, and %s is told to be %s", async (name, meant) => {
    const [found] = await findings(`[{ yaml: values.yaml, set: { a: "{{ ${name} }}" } }]`, values);
    expect(found).toMatchObject({ level: "error", code: "template/missing-variable" });
    expect(found?.fix).toMatch(new RegExp(`^There are: (?:.*, )?${meant.replaceAll(".", "\\.")}[,.]`));
  });

  test.each(["vars.X", "context.CI_X", ".SHA", "version.tag", "version.url"])("is not one with %s", async (name) => {
    expect(await findings(`[{ yaml: values.yaml, set: { a: "{{ ${name} }}" } }]`, values)).toMatchObject([
      { level: "note" },
    ]);
  });
});

test("one place that two environments write is an error, however it is spelt", async () => {
  const two = "{ staging: {}, production: {} }";
  const kustomization = { "base/kustomization.yaml": "images:\n  - name: ghcr.io/acme/web\n    newTag: x\n" };
  await expect(
    findings(`[{ kustomize: base, image: "{{ images.web.ref }}" }]`, kustomization, two),
  ).rejects.toMatchObject({
    code: "config/same-place",
    message: expect.stringContaining("web in staging and by web in"),
  });
  for (const [write, files] of [
    [`[{ kustomize: base, image: "{{ images.web.name | append: ':' | append: artifact.id }}" }]`, kustomization],
    [`[{ yaml: "{{ artifact.id | slice: 0, 0 }}values.yaml", set: { a: "{{ env }}" } }]`, values],
  ] as const) {
    const found = await findings(write, files, two);
    expect(found).toMatchObject([{ level: "error", environment: "production", code: "config/same-place" }]);
    expect(found[0]?.message).toContain("web in staging");
  }
});

test("a symlink is what promote takes it for", async () => {
  const config = `version: 1
environments: { staging: {} }
apps:
  web: { write: [{ yaml: link.yaml, set: { a: "1" } }, { yaml: folder/values.yaml, set: { a: "1" } }] }
`;
  const surroundings = workingCopy({ "glu.yaml": config, "real/values.yaml": "a: ''\n" });
  symlinkSync("real/values.yaml", join(surroundings.cwd, "link.yaml"));
  symlinkSync("real", join(surroundings.cwd, "folder"));
  const { data } = (await run(surroundings)).report as unknown as { data: { findings: ConfigFinding[] } };
  expect(data.findings.map(({ code }) => code)).toEqual(["edit/not-a-file", "edit/no-file"]);
});

test("a discover folder that is not there is told, and a config without apps is warned of", async () => {
  const config = (discover: string) => `version: 1
environments: { staging: {} }
discover: ${discover}
defaults: { write: [{ yaml: values.yaml, set: { a: "1" } }] }
`;
  await expect(run(workingCopy({ "glu.yaml": config("servces/*") }))).rejects.toMatchObject({
    code: "config/unknown-folder",
    at: { line: 3 },
  });
  const none = await run(workingCopy({ "glu.yaml": config("apps/*"), "apps/README.md": "" }));
  expect(none).toMatchObject({ exitCode: 0, notices: [expect.stringContaining("declares no app")] });
});

test("what only a manifest can tell is noted where manifests count, and an error where they do not", async () => {
  const file = (allow: string) => `version: 1
environments: { staging: {} }
apps:
  web:
    ${allow}
    write: [{ yaml: values.yaml, set: { tag: "{{ manifest.chart.version }}" } }]
`;
  const found = async (allow: string) => {
    const outcome = await run(workingCopy({ "glu.yaml": file(allow), "values.yaml": "tag: ''\n" }));
    return (outcome.report as unknown as { data: { findings: ConfigFinding[] } }).data.findings;
  };
  expect(await found("manifests: { allow: staging }")).toMatchObject([{ level: "note" }]);
  expect(await found("images: {}")).toMatchObject([
    { level: "error", code: "template/missing-variable", fix: expect.stringContaining("allow: [staging]") },
  ]);
});

test("gates are looked into as well, and told with their line", async () => {
  const config = `version: 1
environments:
  staging:
    gates:
      - http: { url: "https://status.test/{{ ap }}", json: { path: "$.state[", exists: true } }
apps:
  web: { write: [{ yaml: values.yaml, set: { a: "1" } }] }
`;
  const { report, exitCode } = await run(workingCopy({ "glu.yaml": config, ...values }));
  const { headline, data } = report as PageReport & { data: { findings: ConfigFinding[] } };
  expect([headline, exitCode]).toEqual(["glu.yaml has 2 errors", 2]);
  expect(data.findings).toMatchObject([
    { line: 5, code: "config/gate", message: expect.stringMatching(/^environments\.staging\.gates\[0\]\.http: /) },
    { line: 5, app: "web", code: "template/missing-variable", fix: "There are: app." },
  ]);
});
