import { type AppName, UserError } from "@glu/core";
import { describe, expect, it } from "vitest";
import { offer } from "../test/offer.ts";
import { parseConfig } from "./parse-config.ts";

const write = "[{ json: '{{ app }}.json', set: { a: b } }]";
const read = (text: string) =>
  parseConfig({ file: "glu.yaml", text: `version: 1\nenvironments: { a: {} }\n${text}`, ...offer });
const sourcesOf = (text: string, app = "web") => read(text).apps.get(app as AppName)?.sources;
const withSources = (sources: string) => `apps:
  web:
    images: { web: ghcr.io/acme/web, worker: ghcr.io/acme/worker }
    write: ${write}
    sources: ${sources}
`;

describe("sources of an app", () => {
  it("are read with the defaults of what they do not say", () => {
    const order = { kind: "semver", range: "*", prereleases: false };
    expect(
      sourcesOf(withSources("[{ oci: ghcr.io/acme/web }, { git: acme/x }, { releases: acme/x, on: github }]")),
    ).toEqual([
      { limit: 1, parts: [{ kind: "oci", image: "ghcr.io/acme/web", set: [], order, pattern: undefined, ignore: [] }] },
      { limit: 1, parts: [{ kind: "git", repository: "acme/x", refs: "tags", order, pattern: undefined, ignore: [] }] },
      {
        limit: 1,
        parts: [{ kind: "releases", repository: "acme/x", on: "github", order, pattern: undefined, ignore: [] }],
      },
    ]);
  });

  it("are read with all that they can say", () => {
    const text = `
      - oci: ghcr.io/acme/web
        set: [ghcr.io/acme/worker]
        semver: "^1"
        prereleases: true
        pattern: 'v(.*)'
        ignore: 1.2.3-x
        limit: 5
        with: [{ helm: https://charts.acme.dev, chart: web, build: date }]
      - { git: https://git.example/x.git, branch: main }`;
    expect(sourcesOf(withSources(text))).toEqual([
      {
        limit: 5,
        parts: [
          {
            kind: "oci",
            image: "ghcr.io/acme/web",
            set: ["ghcr.io/acme/worker"],
            order: { kind: "semver", range: "^1", prereleases: true },
            pattern: "v(.*)",
            ignore: ["1.2.3-x"],
          },
          {
            kind: "helm",
            repository: "https://charts.acme.dev",
            chart: "web",
            order: { kind: "build", as: "date" },
            pattern: undefined,
            ignore: [],
          },
        ],
      },
      {
        limit: 1,
        parts: [
          {
            kind: "git",
            repository: "https://git.example/x.git",
            refs: "branch",
            order: { kind: "name", name: "main" },
            pattern: undefined,
            ignore: [],
          },
        ],
      },
    ]);
  });

  it("are those of the most special layer, with the app's name in them", () => {
    const text = `defaults:
  write: ${write}
  images: { web: "ghcr.io/acme/{{ app }}" }
  sources: [{ oci: "ghcr.io/acme/{{ app }}", with: [{ helm: "oci://ghcr.io/charts", chart: "{{ app }}" }] }]
apps:
  web: null
  api: { sources: [{ git: "acme/{{ app }}" }] }
`;
    expect(sourcesOf(text)).toMatchObject([{ parts: [{ image: "ghcr.io/acme/web" }, { chart: "web" }] }]);
    expect(sourcesOf(text, "api")).toMatchObject([{ parts: [{ repository: "acme/api" }] }]);
  });

  it("are none where nothing is said", () => {
    expect(read(`apps: { web: { write: ${write} } }`).apps.get("web" as AppName)).not.toHaveProperty("sources");
  });

  it.each([
    [
      "[{ ocy: ghcr.io/acme/web }]",
      'config/source apps.web.sources[0] must name a kind of source. Did you mean "oci"?',
    ],
    [
      "[{ oci: a/b, helm: https://x }]",
      "config/source apps.web.sources[0]: names two kinds of source, oci and helm. Make them two entries of the list.",
    ],
    [
      "[{ oci: ghcr.io/acme/web, semver: ^1, build: number }]",
      "config/source apps.web.sources[0].build: has two orders, semver and build. Keep one of them.",
    ],
    [
      "[{ oci: ghcr.io/acme/web, tag: main, pattern: x }]",
      "config/source apps.web.sources[0].pattern: has no effect here: tag is one name. Remove pattern.",
    ],
    [
      "[{ git: a/b, build: number, prereleases: true }]",
      "config/source apps.web.sources[0].prereleases: has no effect here: build has none. Remove prereleases.",
    ],
    [
      "[{ oci: ghcr.io/acme/web, semver: foo bar }]",
      'config/range apps.web.sources[0].semver: "foo bar" is no range of semantic versions. Write one such as ^1.2 or >=1 <3.',
    ],
    [
      "[{ oci: ghcr.io/acme/web, semver: 1.1 }]",
      "config/type apps.web.sources[0].semver must be text, but is the number 1.1. Put it in quotes.",
    ],
    ["[{ git: a/b, pattern: '(?=a)' }]", /^config\/pattern apps\.web\.sources\[0\]\.pattern: .* it looks around\./],
    [
      "[{ oci: ghcr.io/acme/other }]",
      /^config\/source-image The app web follows the image ghcr.io\/acme\/other, which it does not declare\./,
    ],
    ["[{ oci: ghcr.io/acme/web, set: ghcr.io/acme/other }]", /^config\/source-image /],
    [
      "[{ oci: ghcr.io/acme/web, set: ghcr.io/acme/web }]",
      /^config\/source-twice A source of web has ghcr.io\/acme\/web twice/,
    ],
    ["[{ git: a/b, with: [{ git: a/c }] }]", /^config\/source-twice A source of web has git twice/],
    ["[{ git: a/b, with: x }]", /^config\/type apps\.web\.sources\[0\]\.with must be a list of sources/],
    [
      "[{ git: a/b, with: [{ helm: https://x.dev }] }]",
      /^config\/missing-key Missing key "chart" in apps\.web\.sources\[0\]\.with\[0\]/,
    ],
    ["[{ helm: 'http://x.dev', chart: web }]", /^config\/chart .* is not protected by TLS/],
    ["[{ git: a/b, branch: main, limit: 2 }]", /^config\/source apps\.web\.sources\[0\]\.limit: has no effect here/],
    ["[{ git: a/b, limit: 0 }]", /^config\/value apps\.web\.sources\[0\]\.limit must be 1 to 50/],
    ["[{ git: a/b, tag: v1 }]", /^config\/unknown-key Unknown key "tag"/],
  ])("are refused: %s", (sources, expected) => {
    try {
      read(withSources(sources));
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      expect(`${error.code} ${error.message} ${error.fix}`).toMatch(expected);
      expect(error.at?.line).toBe(7);
    }
  });

  it.each(["git: 'https://me:hunter2@git.example/x'", "helm: 'https://me:hunter2@x.dev', chart: web"])(
    "never repeat a password: %s",
    (source) => {
      expect(() => read(withSources(`[{ ${source} }]`))).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining("hunter2") }),
      );
    },
  );
});
