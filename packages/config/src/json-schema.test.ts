import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { offer } from "../test/offer.ts";
import { configJsonSchema, type JsonSchema } from "./json-schema.ts";
import { parseConfig } from "./parse-config.ts";

const schema = configJsonSchema(offer);
const validate = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true }).compile(
  schema,
);

const write = "[{ yaml: '{{ app }}/{{ env }}.yaml', set: { a: b } }]";
const withEnvironment = (more: string) =>
  `version: 1\nenvironments: { a: {}, b: { ${more} } }\napps: { web: { write: ${write} } }`;
const withApp = (more: string) => `version: 1\nenvironments: { a: {} }\napps: { web: { ${more} } }`;

const good: string[] = [
  withEnvironment(""),
  withEnvironment("from: a, tier: production, gates: [{ soak: 1h30m }], policy: { event: push }"),
  withEnvironment(
    "from: a, gates: [{ soak: { for: 4h, since: healthy, hours: { from: 09:00, to: 24:00, zone: UTC } } }]",
  ),
  withEnvironment("gates: [{ window: { block: [{ start: 2026-12-19, end: 2027-01-04T08:00, zone: Asia/Kolkata }] } }]"),
  withEnvironment("gates: [{ window: { allow: [{ rule: FREQ=DAILY, for: 1h, zone: UTC, start: 2026-01-01 }] } }]"),
  withEnvironment(
    "gates: [{ rate: { max: 50, per: 1d } }, { actor: { users: [ada], teams: [a/b, c], automation: true } }]",
  ),
  withEnvironment("gates: [{ item: { name: scan, a: b, c: 1, d: true, e: [f], g.h: { min: 0, max: 1.5 } } }]"),
  `version: 1\nfreezes: [{ environments: [a], times: [{ start: 2026-12-19, end: 2027-01-04, zone: UTC, reason: x }] }]\nenvironments: { a: {} }\napps: { web: { write: ${write} } }`,
  withEnvironment("from: [a], accept: [{ branch: [main, '!dev/**'] }, { tag: 'v*', message: ['fix: *'] }]"),
  withEnvironment("from: { any: [a] }, repository: acme/other, ref: main"),
  withEnvironment("from: { all: [a] }, repository: git@example.com:acme/other.git, ref: refs/heads/x"),
  withEnvironment("repository: ssh://git@example.com/acme/other.git"),
  withEnvironment("repository: ../other.git, tier: staging"),
  withApp(`write: ${write}, repository: "acme/{{ app }}", images: { web: "ghcr.io/acme/{{ app }}" }`),
  withApp(`write: ${write}, repository: group/sub/project, images: { a-b: localhost:5000/web }, environments: [a]`),
  withApp(`write: ${write}, manifests: { allow: [a] }`),
  withApp(`write: ${write}, manifests: { allow: a }`),
  withApp("write: [{ kustomize: k, image: i }, { json: j.json, set: { a: b }, create: true }]"),
  withApp(
    `write: ${write}, images: { web: a/b, c: "a/{{ app }}" }, sources: [{ oci: a/b, set: ["a/{{ app }}"], semver: ^1, ignore: [x, "y*"], prereleases: true, limit: 3 }]`,
  ),
  withApp(
    `write: ${write}, images: { web: a/b }, sources: [{ oci: a/b, tag: main, with: [{ helm: "oci://a/b", chart: web }] }]`,
  ),
  withApp(
    `write: ${write}, sources: [{ helm: https://x.dev, chart: "{{ app }}", pattern: "(?P<n>x)" }, { git: acme/x, branch: main }, { git: "https://x.dev/y.git", build: date }, { releases: group/sub/x, on: gitlab }]`,
  ),
  `version: 1\nx-any: [1]\nenvironments: { a: {} }\ndefaults: { write: ${write} }\napps: { web: null, "team-*": {}, "[ab]?": null, "{x,y}": {} }`,
  `version: 1\nartifacts: {}\nenvironments: { a: {} }\ndiscover: "*"\napps: { web: { write: ${write} } }`,
  `version: 1\nartifacts: { store: git, ref: refs/heads/glu }\nenvironments: { a: {} }\ndefaults: { write: ${write} }\napps: {}`,
  `version: 1\nartifacts: { store: "file:/var/artifacts" }\nenvironments: { a: {} }\ndefaults: { write: ${write} }\ndiscover: [./apps/*, "*"]`,
];

// What a schema can know: each is refused by both.
const bad: string[] = [
  "{}",
  "[]",
  "null",
  "version: 2\nenvironments: { a: {} }\napps: {}",
  "version: 1\nenvironments: { a: {} }",
  "version: 1\nenvironments: { all: {} }\napps: {}",
  "version: 1\nenvironments: { A: {} }\napps: {}",
  "version: 1\nenvironments: { a: {} }\napps: { Web: {} }",
  "version: 1\nenvironments: { a: {} }\ndiscover: apps/**",
  "version: 1\nenvironments: { a: {} }\napps: {}\nextra: 1",
  `version: 1\nenvironments: {}\napps: { web: { write: ${write} } }`,
  'version: 1\nenvironments: { a: {} }\napps: { "!x": {} }',
  "version: 1\nenvironments: { a: {} }\ndiscover: apps//*",
  "version: 1\nenvironments: { a: {} }\ndiscover: ../apps/*",
  "version: 1\nenvironments: { a: {} }\ndiscover: /apps/*",
  withApp(`write: ${write}, images: { web_ui: a/b }`),
  withApp(`write: ${write}, images: { WEB: a/b }`),
  "version: 1\nartifacts: { store: 'oci://ghcr.io/a/b' }\nenvironments: { a: {} }\napps: {}",
  "version: 1\nartifacts: { ref: main }\nenvironments: { a: {} }\napps: {}",
  withEnvironment("form: a"),
  withEnvironment("from: []"),
  withEnvironment("from: {}"),
  withEnvironment("from: { all: [a], any: [a] }"),
  withEnvironment("policy: push"),
  withEnvironment("policy: {}"),
  withEnvironment("policy: []"),
  withEnvironment("policy: { event: pull }"),
  withEnvironment("policy: { branch: 1 }"),
  withEnvironment("policy: { branch: '' }"),
  withEnvironment("policy: { branch: '!' }"),
  withEnvironment("gates: [soak]"),
  withEnvironment("gates: [{ soak: soon }]"),
  withEnvironment("gates: [{ sok: 1h }]"),
  withEnvironment("gates: [{}]"),
  withEnvironment("from: a, gates: [{ soak: { for: 4h, hours: { from: '9', to: 24:00, zone: UTC } } }]"),
  withEnvironment("gates: [{ window: { block: [{ start: soon, end: 2027-01-04, zone: UTC }] } }]"),
  withEnvironment("gates: [{ window: { block: [] } }]"),
  withEnvironment("gates: [{ rate: { max: 51, per: 1d } }]"),
  withEnvironment("gates: [{ actor: { users: ['@ada'] } }]"),
  withEnvironment("gates: [{ item: { state: success } }]"),
  withEnvironment("gates: [{ item: { name: scan, a: null } }]"),
  withEnvironment("repository: '-x'"),
  withEnvironment("tier: Production"),
  withApp("write: []"),
  withApp("write: [{ set: { a: b } }]"),
  withApp("write: [{ yaml: a }]"),
  withApp("write: [{ yaml: a, set: { a: 1 } }]"),
  withApp("write: [{ yaml: a, set: { a: b }, more: 1 }]"),
  withApp("write: [{ kustomize: a, image: b, more: 1 }]"),
  withApp(`write: ${write}, images: [a]`),
  withApp(`write: ${write}, images: { web: "a/b@sha256:00" }`),
  withApp(`write: ${write}, images: { "a b": "a/b" }`),
  withApp(`write: ${write}, repository: web`),
  withApp(`write: ${write}, environments: []`),
  withApp(`write: ${write}, manifests: { allow: [] }`),
  withApp(`write: ${write}, manifests: [a]`),
  withApp(`write: ${write}, manifests: {}`),
  withApp(`write: ${write}, sources: []`),
  withApp(`write: ${write}, sources: [{}]`),
  withApp(`write: ${write}, sources: [oci]`),
  withApp(`write: ${write}, sources: [{ releases: a/b }]`),
  withApp(`write: ${write}, sources: [{ releases: a/b, on: gitea }]`),
  withApp(`write: ${write}, sources: [{ git: a/b, tag: x }]`),
  withApp(`write: ${write}, sources: [{ git: a/b, build: x }]`),
  withApp(`write: ${write}, sources: [{ git: a/b, limit: 51 }]`),
  withApp(`write: ${write}, sources: [{ git: a/b, with: [{ git: a/b, limit: 2 }] }]`),
  withApp(`write: ${write}, sources: [{ helm: https://x.dev }]`),
];

const parses = (text: string): boolean => {
  try {
    parseConfig({
      file: "glu.yaml",
      text,
      ...offer,
      folders: new Map([
        ["", []],
        ["apps", []],
      ]),
    });
    return true;
  } catch {
    return false;
  }
};

describe("the published schema", () => {
  it.each(good)("accepts what the parser accepts: %s", (text) => {
    expect(parses(text)).toBe(true);
    expect(validate(parse(text)) ? [] : validate.errors).toEqual([]);
  });

  it.each(bad)("refuses with the parser: %s", (text) => {
    expect(parses(text)).toBe(false);
    expect(validate(parse(text))).toBe(false);
  });

  it("describes every property", () => {
    const bare: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== "object" || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        if (key === "properties") {
          for (const [name, property] of Object.entries(value as Record<string, JsonSchema>)) {
            const described = property.description;
            if (typeof described !== "string" || described === "") bare.push(`${path}.${name}`);
          }
        }
        walk(value, `${path}.${key}`);
      }
    };
    walk(schema, "");
    expect(bare).toEqual([]);
  });

  it("is draft 2020-12, and the same each time", () => {
    expect(schema.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
    expect(JSON.stringify(configJsonSchema(offer))).toBe(JSON.stringify(schema));
  });

  it("spells out each gate and kind of write once", () => {
    const text = JSON.stringify(schema);
    for (const word of ["Applications of Argo CD", "What a query of Prometheus must give", '"kustomize":{']) {
      expect([word, text.split(word).length - 1]).toEqual([word, 1]);
    }
  });

  it("offers only the kinds of write and the gates that there are", () => {
    const text = JSON.stringify(configJsonSchema({ editors: offer.editors.slice(0, 1), gates: [] }));
    expect(text).toContain('"yaml"');
    expect(text).not.toMatch(/"kustomize":|"json":|"soak":|"oci:"/);
  });
});
