import type { Editor, RepoPath } from "@glu/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { editors, json, kustomize, yaml } from "./index.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (file: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(file);

/** The lines that an edit changed, as `-` and `+`; every other line is byte for byte the same. */
function diff<Options>(editor: Editor<Options>, options: Options, path: string, before: string): string[] {
  const result = editor.edit(options, new Map([[path as RepoPath, bytes(before)]]));
  if (result.kind === "refused") return [`${result.code} line ${result.line}: ${result.message}`];
  const after = result.files.get(path as RepoPath);
  const [old, now] = [before.split(/(?<=\n)/), (after === undefined ? before : text(after)).split(/(?<=\n)/)];
  let head = 0;
  while (head < old.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  return [
    ...old.slice(head, old.length - tail).map((line) => `-${line.trimEnd()}`),
    ...now.slice(head, now.length - tail).map((line) => `+${line.trimEnd()}`),
  ];
}

const helmValues = `# Default values for web.
replicaCount: 1   # overridden in production

image:
  repository: ghcr.io/acme/web
  pullPolicy: IfNotPresent
  # Overrides the image tag whose default is the chart appVersion.
  tag: ""

imagePullSecrets: []
nameOverride: ''

podAnnotations: {}

  # odd comment
podAnnotations2:
  "prometheus.io/scrape": "true"
  example.com/build: 'abc'   # ci

service: {type: ClusterIP, port: 80}
env:
    - name: LOG_LEVEL
      value: info
    -   name: VERSION
        value: "1.2"

command: ["sh", "-c",
  "echo hi"]
script: |
  #!/bin/sh
  # not a comment
  echo "tag: $TAG"

tolerations: []
`;

const compose = `version: "3.9"
x-logging: &logging
  driver: json-file
  options: { max-size: "10m" }

services:
  web:
    image: ghcr.io/acme/web:1.0
    logging: *logging
    ports:
    - "80:80"
    - 8443:443
    environment:
      <<: &env { TZ: UTC, LANG: C }
      DEBUG: off
  db:
    image: "postgres:16"   # keep in step with the operator
    environment: *env
`;

const manifests = `---
# Source: web/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - {name: http, port: 80, targetPort: http}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app.kubernetes.io/name: web}
spec:
  replicas: 2
  template:
    spec:
      containers:
      - name: web
        image: ghcr.io/acme/web:1.0 # {"$imagepolicy": "flux-system:web"}
        env:
        - {name: A, value: "1"}
      - name: proxy
        image: >-
          envoyproxy/envoy:v1.30
        args: [--log-level, info]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data:
  app.properties: |
    a=1

    b=2
  version: "1.0"
`;

const kustomization = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization

resources:
- ../../base

patches:
- target: {kind: Deployment}
  patch: |-
    - op: replace
      path: /spec/replicas
      value: 3

images:
# the application
- name: ghcr.io/acme/backend
  newTag: "1.41"   # by hand
- name: redis
  newName: registry.acme.example:5000/redis
  newTag: 7.2-alpine

labels:
- pairs: {team: a}
`;

const packageJson = `{
  "name": "web",
  "version": "1.0.0",
  "config": { "replicas": 2, "debug": false },
  "files": ["a", "b"],
  "images": [
    { "name": "web", "tag": "1.0" },
    { "name": "api", "tag": "1.0" }
  ]
}
`;

describe("in a Helm values file", () => {
  const set = (values: Record<string, string>, create = false) =>
    diff(yaml, { yaml: "values.yaml", set: values, create }, "values.yaml", helmValues);

  it.each<[string, string, string[]]>([
    ["image.tag", "1.10", ['-  tag: ""', '+  tag: "1.10"']],
    [
      "replicaCount",
      "3",
      ["-replicaCount: 1   # overridden in production", "+replicaCount: 3   # overridden in production"],
    ],
    ["nameOverride", "web", ["-nameOverride: ''", "+nameOverride: 'web'"]],
    [
      'podAnnotations2["prometheus.io/scrape"]',
      "false",
      ['-  "prometheus.io/scrape": "true"', '+  "prometheus.io/scrape": "false"'],
    ],
    [
      'podAnnotations2["example.com/build"]',
      "0123456",
      ["-  example.com/build: 'abc'   # ci", "+  example.com/build: '0123456'   # ci"],
    ],
    ["service.port", "8080", ["-service: {type: ClusterIP, port: 80}", "+service: {type: ClusterIP, port: 8080}"]],
    ["env[name=VERSION].value", "1.3", ['-        value: "1.2"', '+        value: "1.3"']],
    ["env[0].value", "off", ["-      value: info", '+      value: "off"']],
    ["command[2]", "exit", ['-  "echo hi"]', '+  "exit"]']],
    ["script", "exit 1\n", ["-  #!/bin/sh", "-  # not a comment", '-  echo "tag: $TAG"', "+  exit 1"]],
  ])("%s becomes %j and nothing else changes", (selector, value, lines) => {
    expect(set({ [selector]: value })).toEqual(lines);
  });

  it.each<[string, string[]]>([
    ["image.digest", ["+  digest: v"]],
    ["podAnnotations.commit", ["-podAnnotations: {}", "+podAnnotations: {commit: v}"]],
    ["service.name", ["-service: {type: ClusterIP, port: 80}", "+service: {type: ClusterIP, port: 80, name: v}"]],
    ["env[name=NEW].value", ["+    - name: NEW", "+      value: v"]],
    ["ingress.host", ["+ingress:", "+  host: v"]],
  ])("%s is made", (selector, lines) => {
    expect(set({ [selector]: "v" }, true)).toEqual(lines);
  });
});

describe("in a Compose file", () => {
  const set = (selector: string, value: string) =>
    diff(yaml, { yaml: "compose.yaml", set: { [selector]: value }, create: false }, "compose.yaml", compose);

  it.each<[string, string, string[]]>([
    [
      "services.web.image",
      "ghcr.io/acme/web:1.1",
      ["-    image: ghcr.io/acme/web:1.0", "+    image: ghcr.io/acme/web:1.1"],
    ],
    [
      "services.db.image",
      "postgres:17",
      [
        '-    image: "postgres:16"   # keep in step with the operator',
        '+    image: "postgres:17"   # keep in step with the operator',
      ],
    ],
    ["services.web.ports[1]", "22:22", ["-    - 8443:443", '+    - "22:22"']],
    ["services.web.environment.DEBUG", "on", ["-      DEBUG: off", '+      DEBUG: "on"']],
    [
      "x-logging.driver",
      "local",
      [
        'edit/anchor line 3: "x-logging.driver" lies under the anchor &logging, which is used elsewhere: that would change, too.',
      ],
    ],
    [
      "services.db.environment.TZ",
      "CET",
      ['edit/alias line 18: "services.db.environment" is an alias (*env): a change there would change the anchor.'],
    ],
    [
      "services.web.environment.TZ",
      "CET",
      ['edit/no-key line 14: "services.web.environment.TZ" is not there. It comes only through the merge key "<<".'],
    ],
  ])("%s becomes %j or is refused", (selector, value, lines) => {
    expect(set(selector, value)).toEqual(lines);
  });
});

describe("in Kubernetes manifests", () => {
  const set = (selector: string, value: string) =>
    diff(yaml, { yaml: "all.yaml", set: { [selector]: value }, create: false }, "all.yaml", manifests);

  it.each<[string, string, string[]]>([
    ["Deployment/web:spec.replicas", "4", ["-  replicas: 2", "+  replicas: 4"]],
    [
      "Deployment/web:spec.template.spec.containers[name=web].image",
      "ghcr.io/acme/web:1.1",
      [
        '-        image: ghcr.io/acme/web:1.0 # {"$imagepolicy": "flux-system:web"}',
        '+        image: ghcr.io/acme/web:1.1 # {"$imagepolicy": "flux-system:web"}',
      ],
    ],
    [
      "spec.template.spec.containers[name=proxy].image",
      "envoyproxy/envoy:v1.31",
      ["-          envoyproxy/envoy:v1.30", "+          envoyproxy/envoy:v1.31"],
    ],
    [
      "Service/web:spec.ports[name=http].port",
      "81",
      ["-  - {name: http, port: 80, targetPort: http}", "+  - {name: http, port: 81, targetPort: http}"],
    ],
    ['ConfigMap/web:data["app.properties"]', "a=2\n\nb=2\n", ["-    a=1", "+    a=2"]],
    ["metadata.name", "x", ['edit/ambiguous line undefined: 3 documents have "metadata.name".']],
  ])("%s becomes %j or is refused", (selector, value, lines) => {
    expect(set(selector, value)).toEqual(lines);
  });
});

describe("in a kustomization", () => {
  const digest = `sha256:${"ab".repeat(32)}`;
  const set = (image: string, name: string) =>
    diff(kustomize, { kustomize: ".", image, name, create: false }, "kustomization.yaml", kustomization);

  it.each<[string, string, string[]]>([
    [
      "ghcr.io/acme/backend:1.42",
      "ghcr.io/acme/backend",
      ['-  newTag: "1.41"   # by hand', '+  newTag: "1.42"   # by hand'],
    ],
    [
      `ghcr.io/acme/backend:1.42@${digest}`,
      "ghcr.io/acme/backend",
      ['-  newTag: "1.41"   # by hand', `+  digest: "${digest}"   # by hand`],
    ],
    [`registry.acme.example:5000/redis@${digest}`, "redis", ["-  newTag: 7.2-alpine", `+  digest: ${digest}`]],
  ])("%s of %s", (image, name, lines) => {
    expect(set(image, name)).toEqual(lines);
  });
});

describe("in a JSON file", () => {
  it.each<[string, string, string[]]>([
    ["version", "1.1.0", ['-  "version": "1.0.0",', '+  "version": "1.1.0",']],
    [
      "config.replicas",
      "3",
      ['-  "config": { "replicas": 2, "debug": false },', '+  "config": { "replicas": 3, "debug": false },'],
    ],
    ["images[name=api].tag", "1.1", ['-    { "name": "api", "tag": "1.0" }', '+    { "name": "api", "tag": "1.1" }']],
  ])("%s becomes %j and nothing else changes", (selector, value, lines) => {
    expect(
      diff(json, { json: "package.json", set: { [selector]: value }, create: false }, "package.json", packageJson),
    ).toEqual(lines);
  });
});

describe("the editors", () => {
  it("are named by the key that their options have", () => {
    for (const { kind, options } of editors)
      expect(Object.keys((z.toJSONSchema(options) as { properties: object }).properties)).toContain(kind);
    expect(editors.map(({ kind }) => kind)).toEqual(["yaml", "kustomize", "json"]);
  });

  it("accept options with templates in them, and nothing unknown, empty or not a string", () => {
    const accepts = <Options>(editor: Editor<Options>, options: unknown) => editor.options.safeParse(options).success;
    expect(
      accepts(yaml, { yaml: "apps/{{ app }}/values.yaml", set: { "{{ app }}.tag": "{{ images.web.tag }}" } }),
    ).toBe(true);
    expect(accepts(kustomize, { kustomize: "apps/{{ app }}", image: "{{ images.web.ref }}" })).toBe(true);
    expect(accepts(yaml, { yaml: "a.yaml", set: {} })).toBe(false);
    expect(accepts(yaml, { yaml: "a.yaml", set: { a: 1.1 } })).toBe(false);
    expect(accepts(yaml, { yaml: "a.yaml", set: { a: "1" }, crate: true })).toBe(false);
    expect(accepts(json, { json: "", set: { a: "1" } })).toBe(false);
  });

  it("give a JSON Schema in which create and an entry's name may be left out", () => {
    expect(z.toJSONSchema(kustomize.options, { io: "input" })).toMatchObject({
      required: ["kustomize", "image"],
      additionalProperties: false,
    });
    expect(z.toJSONSchema(yaml.options, { io: "input" })).toMatchObject({
      required: ["yaml", "set"],
      properties: { set: { minProperties: 1 } },
    });
  });
});
