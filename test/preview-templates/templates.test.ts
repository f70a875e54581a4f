import { OutsideError } from "@glu/core";
import { describe, expect, it } from "vitest";
import { morning } from "../../packages/core/src/test-kit/previews.ts";
import { bytes, filesOf, templateOf, text, upIn, worldOf } from "./world.ts";

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { template: { spec: { containers: [{ name: web, image: "{{ images.web.ref }}" }] } } }
`;
const namespaceFile = "preview-namespace.yaml";
const code = (name: string) => expect.objectContaining({ code: name });

describe("manifests", () => {
  it.each([
    ["a ClusterRole", "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: a }\n"],
    [
      "a CRD in a List",
      "apiVersion: v1\nkind: List\nitems: [{ apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: { name: a } }]\n",
    ],
    ["an object of another namespace", "apiVersion: v1\nkind: Secret\nmetadata: { name: a, namespace: production }\n"],
    ["the Namespace of another", "apiVersion: v1\nkind: Namespace\nmetadata: { name: production }\n"],
  ])("that have %s are refused", async (_, manifest) => {
    const world = await worldOf(templateOf({ "web.yaml": manifest }));
    await expect(upIn(world)).rejects.toThrow(code("preview/namespace"));
    expect(world.repository.commits).toHaveLength(1);
  });

  it("that have a file in the place of the Namespace, and not that in it, are refused", async () => {
    const world = await worldOf(templateOf({ [namespaceFile]: deployment }));
    await expect(upIn(world)).rejects.toThrow(code("preview/manifest"));
  });
});

describe("values alone", () => {
  it("are filled in, and no Namespace is put beside them", async () => {
    const world = await worldOf(
      templateOf({
        "values.yaml": "# of previews\nimage: { tag: '{{ pull.sha }}' }\nhost: {{ preview.host }}\n",
        "more.yaml": "",
      }),
    );
    const { files } = await upIn(world);
    expect(Object.keys(files)).toEqual(["values.yaml", "more.yaml"]);
    expect(files["values.yaml"]).toMatch(
      /^# of previews\nimage: \{ tag: '[0-9a-f]{40}' \}\nhost: web-pr-7\.preview\.example\.com\n$/,
    );
  });

  it("beside a manifest are a mistake, as is a manifest without an apiVersion", async () => {
    const beside = await worldOf(templateOf({ "values.yaml": "a: 1\n", "web.yaml": deployment }));
    await expect(upIn(beside)).rejects.toThrow(code("preview/manifest"));
    const half = await worldOf(templateOf({ "web.yaml": "kind: Deployment\nmetadata: { name: web }\n" }));
    await expect(upIn(half)).rejects.toThrow(code("preview/manifest"));
  });
});

describe("a kustomization", () => {
  const root =
    "# ours\nnamespace: {{ preview.namespace }}\nresources:\n  - web.yaml   # the app\n  - ../../base/web\nimages:\n  - name: web\n";
  const elsewhere = { "base/web/kustomization.yaml": "resources: [role.yaml]\n", "base/web/role.yaml": deployment };

  it("names what lies elsewhere in the repository as seen from the preview, and the Namespace; no other byte changes", async () => {
    const world = await worldOf(templateOf({ "kustomization.yaml": root, "web.yaml": deployment }, elsewhere));
    const { files } = await upIn(world);
    expect(Object.keys(files).sort()).toEqual(["kustomization.yaml", namespaceFile, "web.yaml"]);
    expect(files["kustomization.yaml"]).toBe(
      "# ours\nnamespace: web-pr-7\nresources:\n  - web.yaml   # the app\n  - ../../../base/web\n  - preview-namespace.yaml\nimages:\n  - name: web\n",
    );
  });

  it("has parts, which name what lies elsewhere as seen from where they are written", async () => {
    const parts = {
      "kustomization.yaml": "namespace: web-pr-7\nresources: [parts/web]\n",
      "parts/web/kustomization.yaml": "resources:\n- ../../../../base/web\n- ../../web.yaml\n",
      "web.yaml": deployment,
    };
    const { files } = await upIn(await worldOf(templateOf(parts, elsewhere)));
    expect(files["parts/web/kustomization.yaml"]).toBe("resources:\n- ../../../../../base/web\n- ../../web.yaml\n");
    expect(files["kustomization.yaml"]).toBe("namespace: web-pr-7\nresources: [parts/web, preview-namespace.yaml]\n");
  });

  it.each([
    ["no resources", "namePrefix: a-\n", "namePrefix: a-\nresources:\n  - preview-namespace.yaml\n"],
    [
      "an empty list of them",
      "resources: []\nnamePrefix: a-\n",
      "resources: [preview-namespace.yaml]\nnamePrefix: a-\n",
    ],
    ["a list in one line", "resources: [web.yaml]\r\n", "resources: [web.yaml, preview-namespace.yaml]\r\n"],
    [
      "nothing after resources",
      "resources:\nnamePrefix: a-\n",
      "resources:\n  - preview-namespace.yaml\nnamePrefix: a-\n",
    ],
  ])("with %s gets its Namespace", async (_, before, after) => {
    const { files } = await upIn(await worldOf(templateOf({ Kustomization: before, "web.yaml": deployment })));
    expect(files.Kustomization).toBe(after);
  });

  it("that has its own Namespace stays as it is", async () => {
    const own = "apiVersion: v1\nkind: Namespace\nmetadata: { name: '{{ preview.namespace }}' }\n";
    const before = { "kustomization.yaml": "resources: [ns.yaml]\n", "ns.yaml": own };
    const { files } = await upIn(await worldOf(templateOf(before)));
    expect(Object.keys(files).sort()).toEqual(["kustomization.yaml", "ns.yaml"]);
    expect(files["kustomization.yaml"]).toBe(before["kustomization.yaml"]);
  });

  it("may have files that are no manifests, and patches without a name of their own", async () => {
    const files = {
      "kustomization.yml":
        "configMapGenerator: [{ name: a, files: [app.properties] }]\npatches: [{ path: patch.yaml }]\n",
      "app.properties": "a=1\n",
      "patch.yaml": "- { op: replace, path: /a, value: 1 }\n",
    };
    expect(Object.keys((await upIn(await worldOf(templateOf(files)))).files)).toContain("app.properties");
  });

  it.each([
    ["another namespace", "namespace: production\n", "preview/namespace"],
    ["what lies elsewhere, and says no namespace", "resources: [../../base/web]\n", "preview/namespace"],
    ["an address, and says no namespace", "resources: ['https://example.com/a.yaml']\n", "preview/namespace"],
    ["what is out of the repository", "namespace: web-pr-7\nresources: [../../../etc]\n", "preview/kustomization"],
    ["a file that is not there", "resources: [nothing.yaml]\n", "preview/kustomization"],
    ["a folder that is not there", "namespace: web-pr-7\nresources: [../../nothing]\n", "preview/elsewhere"],
    ["a file from elsewhere", "namespace: web-pr-7\nresources: [../../base/web/role.yaml]\n", "preview/elsewhere"],
    [
      "a patch from elsewhere",
      "namespace: web-pr-7\npatches: [{ path: ../../base/web/role.yaml }]\n",
      "preview/elsewhere",
    ],
    ["two documents", "resources: []\n---\nresources: []\n", "preview/kustomization"],
    ["no mapping", "- a\n", "preview/kustomization"],
    ["a mistake", "resources: [\n", "preview/kustomization"],
  ])("with %s is refused, and nothing is written", async (_, content, expected) => {
    const world = await worldOf(templateOf({ "kustomization.yaml": content, "web.yaml": deployment }, elsewhere));
    await expect(upIn(world)).rejects.toThrow(code(expected));
    expect(world.repository.commits).toHaveLength(1);
  });

  it("that takes from elsewhere is refused where previews live somewhere else, and the way out is told", async () => {
    const template = {
      ...templateOf({ "kustomization.yaml": root, "web.yaml": deployment }, elsewhere),
      isBeside: false,
    };
    await expect(upIn(await worldOf(template))).rejects.toThrow(
      expect.objectContaining({ code: "preview/elsewhere", fix: expect.stringContaining("render: kustomize") }),
    );
  });
});

describe("what is different for one pull request", () => {
  const over = (files: Record<string, string>) => ({ from: "overrides/7", files: filesOf(files) });

  it("merges with the values, and takes the place of a manifest", async () => {
    const common =
      "# all\nreplicas: 1\ningress: { host: '{{ preview.host }}', tls: true }\nlist: [1, 2]\ngone: 1 # once\n";
    const template = {
      ...templateOf({ "values.yaml": common }),
      overrides: over({ "values.yaml": "ingress: { tls: false }\nlist: [3]\ngone: null\nnew: '{{ preview.key }}'\n" }),
    };
    const { files } = await upIn(await worldOf(template));
    expect(files["values.yaml"]).toBe(
      "# all\nreplicas: 1\ningress: { host: 'web-pr-7.preview.example.com', tls: false }\nlist: [ 3 ]\ngone: null\nnew: 'pr-7'\n",
    );
    const other = deployment.replace("name: web }", "name: other }");
    const manifest = { ...templateOf({ "web.yaml": deployment }), overrides: over({ "web.yaml": other }) };
    expect((await upIn(await worldOf(manifest))).files["web.yaml"]).toContain("name: other }");
  });

  it("reads what YAML 1.1 reads, and writes each value as it stands", async () => {
    const common = "a: yes\nb: 2026-01-01\nc: 0777\nd: '1'\ne: 12345678901234567890\nf: ~\ng: &x { h: 1 }\ni: *x\n";
    const template = {
      ...templateOf({ "values.yaml": common.replace(/g:.*\n.*\n/, "") }),
      overrides: over({ "values.yaml": "z: no\n" }),
    };
    const { files } = await upIn(await worldOf(template));
    expect(files["values.yaml"]).toBe("a: yes\nb: 2026-01-01\nc: 0777\nd: '1'\ne: 12345678901234567890\nf: ~\nz: no\n");
    const shared = { ...templateOf({ "values.yaml": common }), overrides: over({ "values.yaml": "g: { h: 2 }\n" }) };
    expect((await upIn(await worldOf(shared))).files["values.yaml"]).toMatch(/g:\n {2}h: 2\ni:\n {2}h: 1\n$/);
  });

  it.each([
    ["a file that the template has not", { "value.yaml": "a: 1\n" }],
    ["a manifest for values", { "values.yaml": deployment }],
  ])("is refused for %s", async (_, files) => {
    const template = { ...templateOf({ "values.yaml": "a: 1\n" }), overrides: over(files as Record<string, string>) };
    await expect(upIn(await worldOf(template))).rejects.toThrow(code("preview/override"));
  });
});

describe("what a program makes", () => {
  const made = (content: string) => ({ build: async () => bytes(content) });

  it("is one file, each object of it in the namespace, which is beside it", async () => {
    const world = await worldOf(
      templateOf({ "kustomization.yaml": "resources: [web.yaml]\n", "web.yaml": deployment }),
    );
    const built = `# Source
apiVersion: v1
kind: Service
metadata:
  name: a
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Secret
    metadata: { namespace: web-pr-7, name: c }
  - kind: Secret
    apiVersion: v1
    metadata: { name: "d" }
`;
    Object.assign(world, { builder: made(built) });
    const { files } = await upIn(world, { render: "kustomize" });
    expect(Object.keys(files).sort()).toEqual(["manifests.yaml", namespaceFile]);
    expect(files["manifests.yaml"]).toBe(
      built
        .replace("  name: a", '  namespace: "web-pr-7"\n  name: a')
        .replace("{name: b}", '{namespace: "web-pr-7", name: b}')
        .replace('{ name: "d" }', '{namespace: "web-pr-7",  name: "d" }'),
    );
  });

  it.each([
    [
      "a ClusterRole",
      "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: a }\n",
      "preview/namespace",
    ],
    ["another namespace", "apiVersion: v1\nkind: Secret\nmetadata: { name: a, namespace: b }\n", "preview/namespace"],
    ["no object", "a: 1\n", "preview/manifest"],
    ["an empty namespace", "apiVersion: v1\nkind: Secret\nmetadata: { name: a, namespace: }\n", "preview/manifest"],
  ])("is refused with %s", async (_, content, expected) => {
    const world = await worldOf(templateOf({ "kustomization.yaml": "resources: []\n" }));
    Object.assign(world, { builder: made(content) });
    await expect(upIn(world, { render: "kustomize" })).rejects.toThrow(code(expected));
    expect(world.repository.commits).toHaveLength(1);
  });

  it("is not made of what would have to be fetched, or is not there", async () => {
    for (const [content, expected] of [
      ["resources: ['https://github.com/acme/base?ref=v1']\n", "preview/elsewhere"],
      ["resources: [github.com/acme/base]\n", "preview/elsewhere"],
      ["resources: [../../../x]\n", "preview/kustomization"],
    ]) {
      const world = await worldOf(templateOf({ "kustomization.yaml": content ?? "" }));
      await expect(upIn(world, { render: "kustomize" })).rejects.toThrow(code(expected ?? ""));
    }
    const none = await worldOf(templateOf({ "web.yaml": deployment }));
    await expect(upIn(none, { render: "kustomize" })).rejects.toThrow(code("preview/kustomization"));
  });

  it("fails as the program does, and nothing is written", async () => {
    const world = await worldOf(templateOf({ "kustomization.yaml": "resources: []\n" }));
    const build = async () => {
      throw new OutsideError("preview/slow-build", "It took long.", {});
    };
    Object.assign(world, { builder: { build } });
    await expect(upIn(world, { render: "kustomize" })).rejects.toThrow(code("preview/slow-build"));
    expect(world.repository.commits).toHaveLength(1);
  });
});

describe("a chart", () => {
  it.each([
    [{ name: "web", repository: "https://charts.example.com" }],
    [{ name: "web", repository: "https://charts.example.com", version: "^1" }],
    [{ name: "--post-renderer=x", repository: "https://charts.example.com", version: "1.0.0" }],
    [{ name: "web", repository: "file:///etc", version: "1.0.0" }],
    [{ name: "https://github.com/acme/chart.git?path=/x" }],
    [{ name: "oci://ghcr.io/acme/web", version: "--x" }],
    [{ name: "chart", release: "Not A Name" }],
    [{ name: "../../../outside" }],
    [{ name: "chart", valueFiles: ["nothing.yaml"] }],
  ])("such as %j is refused", async (chart) => {
    const world = await worldOf(templateOf({ "values.yaml": "a: 1\n", "chart/Chart.yaml": "name: web\n" }));
    await expect(upIn(world, { render: "helm", chart })).rejects.toThrow(code("preview/chart"));
    expect(world.repository.commits).toHaveLength(1);
  });

  it("in the template is no template of Glu, and Helm gets its values in their order: those of the manifest first", async () => {
    const template = {
      ...templateOf({
        "chart/Chart.yaml": "name: web\n",
        "chart/templates/a.yaml": "{{ .Values.a }}\n",
        "values.yaml": "host: {{ preview.host }}\nname: {{ manifest.values.name }}\n",
        "more.yaml": deployment,
      }),
      manifest: {
        from: ".gimlet/preview.yaml",
        manifest: {
          app: "web",
          env: "staging",
          preview: true,
          values: { name: "a", tag: "{{ .SHA }}", deep: [{ branch: "{{ .BRANCH | sanitizeDNSName }}" }] },
        },
      },
    };
    const world = await worldOf(template);
    const seen: unknown[] = [];
    const build = async ({ files, run }: { files: ReadonlyMap<string, Uint8Array>; run: unknown }) => {
      seen.push(run, Object.fromEntries([...files].map(([path, content]) => [path, text(content)])));
      return bytes("apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n");
    };
    Object.assign(world, { builder: { build } });
    const { files, preview } = await upIn(world, { render: "helm", chart: { name: "chart" } }, { branch: "Feature/X" });
    expect(seen).toEqual([
      {
        by: "helm",
        release: "web",
        namespace: "web-pr-7",
        values: ["values/0.yaml", "values/1.yaml"],
        chart: { folder: "chart" },
      },
      {
        "values/0.yaml": expect.stringMatching(
          /^\{"name":"a","tag":"[0-9a-f]{40}","deep":\[\{"branch":"feature-x-[0-9a-f]{12}"\}\]\}$/,
        ),
        "values/1.yaml": "host: web-pr-7.preview.example.com\nname: a\n",
        "chart/Chart.yaml": "name: web\n",
        "chart/templates/a.yaml": "{{ .Values.a }}\n",
      },
    ]);
    expect(Object.keys(files).sort()).toEqual(["manifests.yaml", "more.yaml", namespaceFile]);
    expect(preview?.head).toBeDefined();
  });

  it("of the app's manifest is taken where the config names none, and never a folder", async () => {
    const manifest = (chart: { name: string; repository?: string; version?: string }) => ({
      from: ".gimlet/preview.yaml",
      manifest: { app: "web", env: "staging", preview: true, chart },
    });
    const own = { from: ".gimlet/preview.yaml", files: new Map<string, Uint8Array>() };
    const chart = { name: "onechart", repository: "https://chart.onechart.dev", version: "0.38.0" };
    const world = await worldOf({ ...own, manifest: manifest(chart) });
    let run: unknown;
    Object.assign(world, {
      builder: {
        build: async (build: { run: unknown }) => {
          run = build.run;
          return bytes("apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n");
        },
      },
    });
    await upIn(world, { render: "helm" });
    expect(run).toMatchObject({ chart });
    const folder = await worldOf({ ...own, manifest: manifest({ name: "chart" }) });
    await expect(upIn(folder, { render: "helm" })).rejects.toThrow(code("preview/chart"));
    const none = await worldOf(templateOf({ "values.yaml": "a: 1\n" }));
    await expect(upIn(none, { render: "helm" })).rejects.toThrow(code("preview/chart"));
  });
});

describe("a template that changes", () => {
  it("makes the next event an update, also where its change leaves no trace in the files; run again nothing changes", async () => {
    const template = (base: string) =>
      templateOf({ "kustomization.yaml": "resources: [../../base]\n" }, { "base/kustomization.yaml": base });
    const world = await worldOf(template("resources: []\n"));
    Object.assign(world, {
      builder: { build: async () => bytes("apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n") },
    });
    const first = await upIn(world, { render: "kustomize" });
    expect(first.state).toBe("created");
    expect(await upIn(world, { render: "kustomize" })).toMatchObject({ state: "unchanged", commit: undefined });
    world.template = template("resources: [] # more\n");
    world.pulls.set(7, { updatedAt: morning + 60_000 });
    const second = await upIn(world, { render: "kustomize" });
    expect(second.state).toBe("updated");
    expect(second.preview?.template.hash).not.toBe(first.preview?.template.hash);
    expect(await upIn(world, { render: "kustomize" })).toMatchObject({ state: "unchanged", commit: undefined });
  });

  it("has another hash with another override, chart or manifest", async () => {
    const values = templateOf({ "values.yaml": "a: 1\n" });
    const manifest = { from: "m.yaml", manifest: { app: "web", env: "staging", preview: true } };
    const all = [
      values,
      { ...values, overrides: { from: "o/7", files: filesOf({ "values.yaml": "# none\n" }) } },
      { ...values, manifest },
    ];
    const hashes = await Promise.all(all.map(async (one) => (await upIn(await worldOf(one))).preview?.template.hash));
    expect(new Set(hashes).size).toBe(all.length);
  });
});
