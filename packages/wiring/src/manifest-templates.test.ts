import { createTemplates, parseConfig } from "@glu/config";
import {
  appName,
  configurableGates,
  type Manifest,
  noOutside,
  noProposing,
  noStatuses,
  type PromotePorts,
  promote,
  requestId,
} from "@glu/core";
import { editors } from "@glu/editors";
import { artifactForTest, FakeClock, MemoryArtifactStore, MemoryRepository } from "@glu/testing/internal";
import { expect, it } from "vitest";

const files = {
  "apps/web/staging.yaml": "# kept\nvalue: old # and this\n",
  "apps/other/staging.yaml": "value: of another app\n",
  ".glu/web/other.json": "{}\n",
};

/** A promotion of an artifact with a manifest, by its policy, into a file that a template of it is written to. */
async function promoted(options: { manifest?: Partial<Manifest>; value?: string; path?: string; allow?: string }) {
  const { manifest, value = "{{ artifact.id }}", path = "apps/web/{{ env }}.yaml", allow = "[staging]" } = options;
  const text = `version: 1
environments: { staging: {}, production: {} }
apps:
  web:
    manifests: { allow: ${allow} }
    write: [{ yaml: ${JSON.stringify(path)}, set: { value: ${JSON.stringify(value)} } }]
`;
  const clock = new FakeClock();
  const memory = new MemoryRepository({ seed: { "glu.yaml": text, ...files }, clock });
  const store = new MemoryArtifactStore();
  const environments = manifest === undefined ? [] : [{ app: "web", env: "staging", ...manifest }];
  const artifact = artifactForTest(1, { environments });
  await store.put(artifact, []);
  const silent = () => {};
  await using repository = memory.open();
  const pipeline = parseConfig({ file: "glu.yaml", text, editors, gates: configurableGates });
  const ports: PromotePorts = {
    repository,
    loadPipeline: async () => pipeline,
    repositoryOf: () => repository,
    storesOf: () => [store],
    readArtifactFile: async () => "",
    editors,
    gates: configurableGates,
    outside: noOutside,
    proposing: noProposing,
    statuses: noStatuses,
    templates: await createTemplates(),
    clock,
    logger: { debug: silent, progress: silent, info: silent, notice: silent, warning: silent },
    source: undefined,
  };
  const { decisions } = await promote(
    {
      apps: [appName("web")],
      environments: ["staging"],
      artifact: "latest",
      reason: undefined,
      plan: false,
      overwrite: false,
      set: false,
      commitMessage: undefined,
      author: undefined,
      request: requestId("r"),
      again: false,
      actor: { name: "ada", verified: true },
    },
    ports,
  );
  const [decision] = decisions;
  const after = (decision?.changes ?? []).map((change) => [change.path, new TextDecoder().decode(change.after)]);
  return { decision, result: decision?.result, gates: decision?.gates ?? [], written: Object.fromEntries(after) };
}

const web = "apps/web/staging.yaml";
const written = (value: string) => ({ [web]: `# kept\nvalue: ${value} # and this\n` });

it.each<[string, Partial<Manifest>, string]>([
  ["{{ manifest.chart.version }}", { chart: { name: "onechart", version: "0.38.0" } }, "0.38.0"],
  ["{{ manifest.chart.version }}", { chart: { name: "onechart", version: "1.10" } }, '"1.10"'],
  ["{{ manifest.namespace }}", { namespace: "my-team" }, "my-team"],
  ["{{ manifest.values.replicas }}", { values: { replicas: 2 } }, '"2"'],
  ["{{ manifest.values.ingress.host }}", { values: { ingress: { host: "a.example.com" } } }, "a.example.com"],
  ["{{ manifest.values.hosts[1] }}", { values: { hosts: ["a", "b"] } }, "b"],
  ["{{ manifest.values.size }}", { values: { size: "large" } }, "large"],
  ["{{ manifest.values.on }}", { values: { on: "on" } }, '"on"'],
  ["{{ manifest.values.a }}", { values: { a: "x: y # z" } }, '"x: y # z"'],
  ["{{ manifest.values.a }}", { values: { a: "*anchor" } }, '"*anchor"'],
  ['{{ manifest.values.none | default: "d" }}', { values: {} }, "d"],
  ['{{ manifest.values.a | default: "d" }}', { values: { a: "{{ .SHA }}" } }, "d"],
])("%s of %j is written as %s", async (value, manifest, expected) => {
  const { result, written: found } = await promoted({ value, manifest });
  expect(result).toBe("promoted");
  expect(found[web]?.replaceAll("'", '"')).toBe(written(expected)[web]);
});

it("a value that is a template with lines of its own stays one value", async () => {
  const { result, written: found } = await promoted({
    value: "{{ manifest.values.a }}",
    manifest: { values: { a: "x\nadmin: true\n---\nkind: Evil" } },
  });
  expect(result).toBe("promoted");
  expect(found[web]).toMatch(/^# kept\nvalue: "/);
  expect(found[web]).not.toMatch(/^(?:admin|---|kind)/m);
});

it.each<[string, string, Partial<Manifest> | undefined, string, RegExp]>([
  [
    "where manifests do not count",
    "{{ manifest.namespace }}",
    { namespace: "a" },
    "[production]",
    /allow: \[staging\]/,
  ],
  ["where there is none", "{{ manifest.namespace }}", undefined, "[staging]", /the input manifests/],
  ["that the manifest does not have", "{{ manifest.values.b }}", { values: { a: "1" } }, "[staging]", /manifest/],
  [
    "that is a template itself",
    "{{ manifest.values.a }}",
    { values: { a: "{{ .SHA }}" } },
    "[staging]",
    /not filled in/,
  ],
  ["of its policy", "{{ manifest.policy.branch }}", { policy: { branch: "main" } }, "[staging]", /\S/],
  ["of what every object inherits", "{{ manifest.values.constructor }}", { values: {} }, "[staging]", /\S/],
])("a value %s is missing, and it is said what to do", async (_what, value, manifest, allow, fix) => {
  const { result, gates } = await promoted({ value, allow, ...(manifest === undefined ? {} : { manifest }) });
  expect(result).toBe("refused");
  expect(gates[0]).toMatchObject({ code: "template/missing-variable", clearedBy: expect.stringMatching(fix) });
});

it.each<[string, string, string]>([
  ["{{ manifest.values.path }}", "../web.yaml", "input/path"],
  ["apps/{{ manifest.values.path }}/staging.yaml", "../../etc", "input/path"],
  ["{{ manifest.values.path }}", "/etc/passwd", "input/path"],
  ["{{ manifest.values.path }}", ".git/config", "input/path"],
  ["{{ manifest.values.path }}", ".glu/web/other.json", "edit/forbidden-path"],
  ["{{ manifest.values.path }}", ".GLU/web/other.json", "edit/forbidden-path"],
  ["{{ manifest.values.path }}/web/staging.yaml", ".glu", "edit/forbidden-path"],
  ["{{ manifest.values.path }}", "glu.yaml", "edit/forbidden-path"],
  ["{{ manifest.values.path }}", ".github/workflows/promote.yml", "edit/forbidden-path"],
  ["apps/{{ manifest.values.path }}/staging.yaml", "other/../../.glu/web", "input/path"],
])("a manifest cannot lead the path %s to %s: %s", async (path, value, code) => {
  const { result, gates, written: found } = await promoted({ path, manifest: { values: { path: value } } });
  expect([result, found]).toEqual(["refused", {}]);
  expect(gates.filter(({ met }) => !met)).toMatchObject([{ code }]);
});
