import { configurableGates, usualPreviews } from "@glu/core";
import { editors } from "@glu/editors";
import { describe, expect, it } from "vitest";
import { parseConfig } from "./parse-config.ts";

const read = (previews: string, app = "{ template: 'preview/{{ app }}' }") =>
  parseConfig({
    ...{ file: "glu.yaml", editors, gates: configurableGates },
    text: `version: 1
environments: { staging: {} }
${previews}
defaults:
  preview: ${app}
  write: [{ yaml: "{{ app }}.yaml", set: { tag: "{{ images.web.tag }}" } }]
apps: { web: {} }
`,
  });

describe("previews", () => {
  it("are as they usually are but for what the file says", () => {
    const text = "previews: { idle: 12h, on-limit: evict-idle, limit: 5, links: { Logs: https://logs.example.com } }";
    const { previews, apps } = read(text);
    const said = { idle: 43_200_000, onLimit: "evict-idle", limit: 5, links: { Logs: "https://logs.example.com" } };
    expect(previews).toEqual({ ...usualPreviews, ...said });
    expect([...apps.values()][0]?.preview).toEqual({ template: "preview/web", from: "config" });
    expect(read("").previews).toBeUndefined();
    expect(read("previews: { deployments: false, health: 'https://x' }").previews).toMatchObject({
      deployments: false,
      health: "https://x",
    });
    const app = "{ template: p, seed: per-sha, health: 'https://{{ preview.host }}' }";
    expect([...read("", app).apps.values()][0]?.preview).toMatchObject({
      seed: "per-sha",
      health: "https://{{ preview.host }}",
    });
  });

  it.each([".glu", ".github/workflows", ".gitlab-ci.yml", "glu.yaml", "CODEOWNERS"])(
    "are not written to %s",
    (folder) => {
      const code = "config/forbidden-path";
      expect(() => read(`previews: { folder: ${folder} }`)).toThrow(
        expect.objectContaining({ code, at: expect.objectContaining({ file: "glu.yaml", line: 3 }) }),
      );
    },
  );

  it("of an app say what makes them, and what is different", () => {
    const [app] = [
      ...read(
        "",
        "{ template: 't/{{ app }}', render: helm, chart: { name: ../chart, value-files: a.yaml }, overrides: 'o/{{ app }}', manifest: m.yaml }",
      ).apps.values(),
    ];
    expect(app?.preview).toEqual({
      ...{ template: "t/web", from: "config", render: "helm", overrides: "o/web", manifest: "m.yaml" },
      chart: { name: "../chart", valueFiles: ["a.yaml"] },
    });
    const [own] = [...read("", "{ render: helm, manifest: .gimlet/preview.yaml }").apps.values()];
    expect(own?.preview).toEqual({ from: "config", render: "helm", manifest: ".gimlet/preview.yaml" });
  });

  it.each([
    "{ host: a.example.com }",
    "{ manifest: m.yaml }",
    "{ template: t, chart: { name: chart } }",
    "{ template: t, render: helm }",
    "{ render: helm, manifest: m.yaml, chart: { name: chart } }",
    "{ template: t, render: helm, chart: { name: web, repository: 'https://charts.example.com' } }",
    "{ template: t, render: helm, chart: { name: web, repository: 'https://me:x@charts.example.com', version: 1.0.0 } }",
    "{ template: t, render: helm, chart: { name: --x } }",
    "{ template: t, render: jsonnet }",
  ])("of an app are not made by %s", (app) => {
    expect(() => read("", app)).toThrow(expect.objectContaining({ code: "config/value" }));
  });

  it.each([
    ["previews: { idle: 0s }", "config/value"],
    ["previews: { limit: 0 }", "config/value"],
    ["previews: { folder: ../x }", "config/path"],
    ["previews: { forks: always }", "config/value"],
    ["previews: { ttl: 3d }", "config/unknown-key"],
  ])("%s is %s", (text, code) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code }));
  });
});
