import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type ManifestBuild, type ManifestBuilder, repoPath } from "@glu/core";
import { manifests } from "@glu/editors";
import { openManifestBuilder } from "@glu/outside/builds";
import { DockerRegistry } from "@glu/testing/internal";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { execute } from "../e2e/process.ts";
import { bytes, filesOf, templateOf, text, upIn, worldOf } from "./world.ts";

// The real programs make what previews deploy, and read what is written for them to build.

let temp: string;
beforeAll(() => {
  temp = mkdtempSync(join(tmpdir(), "glu-programs-"));
});
afterAll(() => rmSync(temp, { recursive: true, force: true }));

/** The folder of a program of the PATH. */
function find(program: string): string {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${program} is not on the PATH: .ci/tools/${program} installs it.`);
  return found;
}

/** A PATH that has these programs, and what they need, alone. */
function pathOf(...programs: string[]): string {
  const folder = mkdtempSync(join(temp, "path-"));
  for (const program of programs) symlinkSync(find(program), join(folder, program));
  return folder;
}

const builderOn = (path: string, more: Partial<Parameters<typeof openManifestBuilder>[0]> = {}): ManifestBuilder =>
  openManifestBuilder({ env: { PATH: path, HOME: temp }, temp, redact: (one) => one, ...more });

const buildOf = (files: Record<string, string>, run: ManifestBuild["run"]): ManifestBuild => ({
  files: new Map(Object.entries(files).map(([path, content]) => [repoPath(path), bytes(content)])),
  run,
});
const kustomize = (files: Record<string, string>, folder = "templates/web") =>
  buildOf(files, { by: "kustomize", folder });
const code = (name: string) => expect.objectContaining({ code: name });
const objects = (content: string | undefined) =>
  manifests.objectsIn("made", bytes(content ?? "")).map(({ kind, name, namespace }) => `${kind} ${namespace}/${name}`);

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web }] }
`;
const base = {
  "base/web/kustomization.yaml": "resources: [web.yaml, ../common]\n",
  "base/web/web.yaml": deployment,
  "base/common/kustomization.yaml": "resources: [config.yaml]\n",
  "base/common/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: common, namespace: production }\n",
};
const overlay = {
  "kustomization.yaml": `namespace: {{ preview.namespace }}
resources: [../../base/web]
images: [{ name: web, newName: ghcr.io/acme/web, digest: {{ images.web.digest }} }]
configMapGenerator: [{ name: env, envs: [app.env] }]
`,
  "app.env": "HOST={{ preview.host }}\n",
};

describe.each([["kustomize"], ["kubectl"]])("%s", (program) => {
  it("builds a template with what it takes from elsewhere, always the same", async () => {
    const world = await worldOf(templateOf(overlay, base));
    Object.assign(world, { builder: builderOn(pathOf(program)) });
    const { files, state } = await upIn(world, { render: "kustomize" });
    expect(Object.keys(files).sort()).toEqual(["manifests.yaml", "preview-namespace.yaml"]);
    expect(objects(files["manifests.yaml"])).toEqual([
      "ConfigMap web-pr-7/common",
      expect.stringMatching(/^ConfigMap web-pr-7\/env-/),
      "Deployment web-pr-7/web",
    ]);
    expect(files["manifests.yaml"]).toContain(`image: ghcr.io/acme/web@sha256:${"a".repeat(64)}`);
    expect(files["manifests.yaml"]).toContain("HOST: web-pr-7.preview.example.com");
    expect(state).toBe("created");
    expect(await upIn(world, { render: "kustomize" })).toMatchObject({ state: "unchanged" });
  });

  it("builds the folder of a preview as it is written where whatever deploys it builds", async () => {
    const world = await worldOf(templateOf(overlay, base));
    const { files } = await upIn(world);
    const tree = {
      ...base,
      ...Object.fromEntries(Object.entries(files).map(([path, one]) => [`previews/web/pr-7/${path}`, one ?? ""])),
    };
    const built = text(await builderOn(pathOf(program)).build(kustomize(tree, "previews/web/pr-7")));
    expect(objects(built).sort()).toEqual([
      "ConfigMap web-pr-7/common",
      expect.stringMatching(/^ConfigMap web-pr-7\/env-/),
      "Deployment web-pr-7/web",
      "Namespace undefined/web-pr-7",
    ]);
  });

  it("reaches no file outside of what it is given, says why it fails, and leaves nothing behind", async () => {
    const before = readdirSync(temp).filter((name) => name.startsWith("glu-build-"));
    const outside = join(temp, "secret.yaml");
    writeFileSync(outside, deployment);
    const builder = builderOn(pathOf(program));
    for (const reference of [outside, "../../../../secret.yaml", "../secret.yaml"]) {
      const files = {
        "templates/web/kustomization.yaml": `resources: ["${reference}"]\n`,
        "templates/secret.yaml": deployment,
      };
      await expect(builder.build(kustomize(files))).rejects.toThrow(code("preview/build"));
    }
    expect(readdirSync(temp).filter((name) => name.startsWith("glu-build-"))).toEqual(before);
  });

  it("runs no plugin, and fetches nothing by Git", async () => {
    const builder = builderOn(pathOf(program, "git"));
    const exec = {
      "templates/web/kustomization.yaml": "generators: [exec.yaml]\n",
      "templates/web/exec.yaml":
        "apiVersion: v1\nkind: Run\nmetadata:\n  name: a\n  annotations: { config.kubernetes.io/function: 'exec: { path: ./run.sh }' }\n",
      "templates/web/run.sh": `#!/bin/sh\ntouch ${temp}/ran\n`,
    };
    await expect(builder.build(kustomize(exec))).rejects.toThrow(code("preview/build"));
    expect(existsSync(join(temp, "ran"))).toBe(false);
    const remote = { "templates/web/kustomization.yaml": `resources: ["file://${temp}/repository//?ref=main"]\n` };
    await expect(builder.build(kustomize(remote))).rejects.toThrow(code("preview/build"));
  });
});

describe("no program", () => {
  it("is an error that names what is missing", async () => {
    const builder = builderOn(pathOf());
    await expect(builder.build(kustomize({ "templates/web/kustomization.yaml": "resources: []\n" }))).rejects.toThrow(
      expect.objectContaining({ code: "preview/no-program", message: expect.stringContaining("kustomize, kubectl") }),
    );
    const run = { by: "helm", release: "a", namespace: "a", chart: { folder: "chart" }, values: [] } as const;
    await expect(builder.build(buildOf({}, run))).rejects.toThrow(code("preview/no-program"));
  });

  it("may take longer than it has, or make more", async () => {
    const folder = mkdtempSync(join(temp, "path-"));
    writeFileSync(join(folder, "kustomize"), "#!/bin/sh\nexec /bin/sleep 60\n", { mode: 0o755 });
    const slow = builderOn(folder, { limits: { milliseconds: 200, bytes: 1000 } });
    await expect(slow.build(kustomize({}))).rejects.toThrow(code("preview/slow-build"));
    const much = builderOn(pathOf("kustomize"), { limits: { milliseconds: 60_000, bytes: 10 } });
    const files = {
      "templates/web/kustomization.yaml": "resources: [web.yaml]\n",
      "templates/web/web.yaml": deployment,
    };
    await expect(much.build(kustomize(files))).rejects.toThrow(code("preview/too-large"));
  });
});

const chartFiles = {
  "Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.2.3\n",
  "values.yaml": "replicas: 1\nhost: none\nlabels: { tier: web }\n",
  "templates/web.yaml": `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
  labels: {{ toJson .Values.labels }}
data: { host: {{ .Values.host | quote }}, replicas: {{ .Values.replicas | quote }}, namespace: {{ .Release.Namespace }} }
`,
};
const inFolder = (folder: string, files: Record<string, string>) =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]));

describe("helm", () => {
  let charts: Server;
  let registry: DockerRegistry;
  let origin: string;
  const path = () => pathOf("helm");

  beforeAll(async () => {
    const folder = join(temp, "chart");
    for (const [file, content] of Object.entries(chartFiles)) {
      mkdirSync(join(folder, file, ".."), { recursive: true });
      writeFileSync(join(folder, file), content);
    }
    const packages = join(temp, "packages");
    mkdirSync(packages);
    charts = createServer((request, response) => {
      const file = join(packages, request.url ?? "");
      if (!existsSync(file)) return void response.writeHead(404).end();
      response.writeHead(200).end(readFileSync(file));
    });
    await new Promise<void>((resolve) => charts.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(charts.address() as AddressInfo).port}`;
    registry = await DockerRegistry.start("");
    const helm = async (...args: string[]) => {
      const { exitCode, stderr } = await execute("helm", args, { cwd: temp, env: { PATH: path(), HOME: temp } });
      if (exitCode !== 0) throw new Error(`helm ${args[0]}: ${stderr}`);
    };
    await helm("package", folder, "--destination", packages);
    await helm("repo", "index", packages, "--url", origin);
    await helm("push", join(packages, "web-1.2.3.tgz"), `oci://${registry.host}/charts`, "--plain-http");
  });
  afterAll(async () => {
    charts?.close();
    await registry?.[Symbol.asyncDispose]();
  });

  it.each([
    ["of the template", { name: "chart" }, inFolder("chart", chartFiles), {}],
    ["elsewhere in the repository", { name: "../../charts/web" }, {}, inFolder("charts/web", chartFiles)],
    ["of a repository", { name: "web", repository: "origin", version: "1.2.3" }, {}, {}],
  ])("makes a chart %s, with the template's values over the app's", async (_, chart, files, elsewhere) => {
    const template = {
      ...templateOf({ "values.yaml": "host: {{ preview.host }}\n", ...files }, elsewhere),
      overrides: { from: "overrides/7", files: filesOf({ "values.yaml": "labels: { tier: null, pull: '7' }\n" }) },
      manifest: {
        from: "preview.yaml",
        manifest: { app: "web", env: "staging", preview: true, values: { replicas: 3, host: "app" } },
      },
    };
    const world = await worldOf(template);
    Object.assign(world, { builder: builderOn(path()) });
    const placed = "repository" in chart ? { ...chart, repository: origin } : chart;
    const { files: made } = await upIn(world, { render: "helm", chart: placed });
    expect(Object.keys(made).sort()).toEqual(["manifests.yaml", "preview-namespace.yaml"]);
    const [object] = parseAllDocuments(made["manifests.yaml"] ?? "").map((one) => one.toJS());
    expect(object).toMatchObject({
      metadata: { name: "web", namespace: "web-pr-7", labels: { pull: "7" } },
      data: { host: "web-pr-7.preview.example.com", replicas: "3", namespace: "web-pr-7" },
    });
    expect(object.metadata.labels).toEqual({ pull: "7" });
    expect(await upIn(world, { render: "helm", chart: placed })).toMatchObject({ state: "unchanged" });
  });

  it("takes values from elsewhere in the repository below those of the template, as they are", async () => {
    const layers = {
      "base/base-values.yaml": "host: base\nlabels: { note: '{{ pull.sha }}' }\n",
      ...inFolder("charts/web", chartFiles),
    };
    const world = await worldOf(templateOf({ "values.yaml": "host: {{ preview.key }}\n" }, layers));
    Object.assign(world, { builder: builderOn(path()) });
    const chart = { name: "../../charts/web", valueFiles: ["../../base/base-values.yaml", "values.yaml"] };
    const { files } = await upIn(world, { render: "helm", chart });
    const [object] = parseAllDocuments(files["manifests.yaml"] ?? "").map((one) => one.toJS());
    expect(object.data).toMatchObject({ host: "pr-7" });
    expect(object.metadata.labels).toEqual({ note: "{{ pull.sha }}", tier: "web" });
  });

  it("takes a chart from a registry by its address, and tells what that says of a version that it has not", async () => {
    const [key, cert] = [join(temp, "key.pem"), join(temp, "cert.pem")];
    const args = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1";
    execFileSync("openssl", [...args.split(" "), "-keyout", key, "-out", cert], { stdio: "ignore" });
    const secure = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, async (asked, response) => {
      const { status, headers, body } = await fetch(`http://${registry.host}${asked.url}`, {
        ...(asked.method === undefined ? {} : { method: asked.method }),
        headers: { accept: asked.headers.accept ?? "*/*" },
      });
      response.writeHead(status, Object.fromEntries(headers));
      if (body === null) response.end();
      else response.end(Buffer.from(await new Response(body).arrayBuffer()));
    });
    await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
    try {
      const at = `oci://127.0.0.1:${(secure.address() as AddressInfo).port}/charts`;
      const env = { PATH: path(), HOME: temp, SSL_CERT_FILE: cert };
      for (const chart of [
        { name: "web", repository: at, version: "1.2.3" },
        { name: `${at}/web`, version: "1.2.3" },
      ]) {
        const world = await worldOf(templateOf({ "values.yaml": "host: a\n" }));
        Object.assign(world, { builder: builderOn(path(), { env }) });
        expect((await upIn(world, { render: "helm", chart })).files["manifests.yaml"]).toContain('host: "a"');
      }
      const world = await worldOf(templateOf({ "values.yaml": "host: a\n" }));
      Object.assign(world, { builder: builderOn(path(), { env }) });
      const chart = { name: "web", repository: at, version: "9.9.9" };
      await expect(upIn(world, { render: "helm", chart })).rejects.toThrow(
        expect.objectContaining({ code: "preview/build", message: expect.stringContaining("9.9.9") }),
      );
    } finally {
      secure.closeAllConnections();
      secure.close();
    }
  });

  it("leaves out a chart's CRDs and tests, and takes its hooks for objects like any other", async () => {
    const hook = (name: string, on: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, annotations: { helm.sh/hook: ${on} } }\n`;
    const crd =
      "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: a.example.com }\n";
    const more = {
      "templates/migrate.yaml": hook("migrate", "pre-install"),
      "templates/tests/a.yaml": hook("a", "test"),
    };
    const world = await worldOf(templateOf(inFolder("chart", { ...chartFiles, ...more, "crds/a.yaml": crd })));
    Object.assign(world, { builder: builderOn(path()) });
    const { files } = await upIn(world, { render: "helm", chart: { name: "chart" } });
    expect(objects(files["manifests.yaml"])).toEqual(["Pod web-pr-7/migrate", "ConfigMap web-pr-7/web"]);
  });

  it("is refused where its chart makes something of the whole cluster", async () => {
    const wide = {
      ...chartFiles,
      "templates/role.yaml": "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: a }\n",
    };
    const world = await worldOf(templateOf(inFolder("chart", wide)));
    Object.assign(world, { builder: builderOn(path()) });
    await expect(upIn(world, { render: "helm", chart: { name: "chart" } })).rejects.toThrow(code("preview/namespace"));
    expect(world.repository.commits).toHaveLength(1);
  });

  it("makes the same of two files of values and of what they are merged to", async () => {
    const maps = fc.letrec<{ leaf: unknown; node: unknown; map: Record<string, unknown> }>((tie) => ({
      leaf: fc.oneof(
        fc.constantFrom(null, true, "yes", "0777", "1e3", "2026-01-01", "", "a: b", "~", "- x"),
        fc.integer({ min: -1000, max: 1000 }),
      ),
      node: fc.oneof({ depthSize: "small" }, tie("leaf"), fc.array(tie("leaf"), { maxLength: 2 }), tie("map")),
      map: fc.dictionary(fc.constantFrom("a", "b", "c", "on"), tie("node"), { maxKeys: 3 }),
    })).map;
    const chart = {
      "chart/Chart.yaml": chartFiles["Chart.yaml"],
      "chart/values.yaml": "a: { d: 1 }\nb: { a: 1, b: 2 }\n",
      "chart/templates/all.yaml":
        "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { all: {{ toJson .Values | quote }} }\n",
    };
    const builder = builderOn(path());
    const make = async (values: Record<string, string>) => {
      const run = {
        by: "helm",
        release: "a",
        namespace: "a",
        chart: { folder: "chart" },
        values: Object.keys(values),
      } as const;
      return text(await builder.build(buildOf({ ...chart, ...values }, run)));
    };
    await fc.assert(
      fc.asyncProperty(maps, maps, async (lower, upper) => {
        const [below, above] = [lower, upper].map((one) => JSON.stringify(one));
        const merged = manifests.mergeValues("values.yaml", bytes(below ?? ""), bytes(above ?? ""));
        expect(await make({ "values/0.yaml": text(merged) })).toBe(
          await make({ "values/0.yaml": below ?? "", "values/1.yaml": above ?? "" }),
        );
      }),
      { numRuns: 25 },
    );
  });
});
