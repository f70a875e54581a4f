import { type AppName, type EnvName, UserError } from "@glu/core";
import { describe, expect, it } from "vitest";
import { offer } from "../test/offer.ts";
import { discoveryFolders } from "./discovery-folders.ts";
import { parseConfig } from "./parse-config.ts";

const parse = (text: string, folders?: ReadonlyMap<string, readonly string[]>) =>
  parseConfig({ file: "glu.yaml", text, ...offer, ...(folders === undefined ? {} : { folders }) });
const app = (text: string, name: string) => parse(text).apps.get(name as AppName);
const env = (text: string, name: string) => parse(text).environments.get(name as EnvName);

const example = `version: 1
artifacts: { store: git }
environments:
  staging:
    policy: { event: push, branch: main }
  production:
    from: staging
    tier: production
defaults:
  write:
    - yaml: apps/{{ app }}/envs/{{ env }}/values.yaml
      set:
        image.tag: "{{ images.web.tag }}"
        image.digest: "{{ images.web.digest }}"
apps:
  frontend:
    repository: acme/frontend
    images: { web: ghcr.io/acme/frontend }
  backend:
    images: { web: ghcr.io/acme/backend }
    environments: [staging, production]
    write:
      - kustomize: apps/backend/overlays/{{ env }}
        image: "{{ images.web.ref }}"
`;

const head = "version: 1\nenvironments: { staging: {} }\n";
const write = "[{ yaml: '{{ app }}/{{ env }}.yaml', set: { a: b } }]";

describe("parseConfig", () => {
  it("lets people who merge be the safeguard of production, and not a forge that merges by itself", () => {
    const production = (propose: string) =>
      parse(
        `version: 1\nenvironments: { a: {}, b: { tier: production, from: a, auto: newest, propose: ${propose} } }\napps: {}\n`,
      );
    expect(production("true").environments.get("b" as EnvName)?.auto).toBe("newest");
    expect(() => production("{ auto-merge: true }")).toThrow(/would be promoted by itself/);
  });

  it("takes the strategy pull-request for propose, and commit for what is without", () => {
    const proposed = (text: string) => parse(`version: 1\nenvironments: { a: { ${text} } }\napps: {}\n`);
    const of = (text: string) => proposed(text).environments.get("a" as EnvName)?.propose;
    expect(of("strategy: pull-request")).toEqual({});
    expect(of("strategy: pull-request, propose: { draft: true }")).toEqual({ draft: true });
    expect(of("strategy: commit")).toBeUndefined();
    const own = "propose: { auto-merge: true, title: 'T {{ app }}', body: '{{ plan }}' }";
    expect(of(own)).toEqual({ autoMerge: true, title: "T {{ app }}", body: "{{ plan }}" });
  });

  it("tells nobody unless it is asked to, and takes a deployment for a success when it is verified", () => {
    const of = (text: string) => env(`version: 1\nenvironments: { a: { ${text} } }\napps: {}\n`, "a")?.notify;
    expect(of("tier: production")).toBeUndefined();
    expect(of("notify: {}")).toEqual({ status: false, comment: false, deployment: undefined });
    expect(of("notify: { status: true, deployment: false }")).toEqual({
      status: true,
      comment: false,
      deployment: undefined,
    });
    expect(of("notify: { deployment: true }")?.deployment).toEqual({ success: "verified" });
    const url = "https://{{ app }}.example.org";
    const whole = `notify: { comment: true, deployment: { url: "${url}", name: "{{ env }}-{{ app }}", success: committed } }`;
    expect(of(whole)).toEqual({
      status: false,
      comment: true,
      deployment: { url, name: "{{ env }}-{{ app }}", success: "committed" },
    });
  });

  it.each([
    ["notify: true", "notify"],
    ["notify: { deployments: true }", "deployments"],
    ["notify: { deployment: { url: ftp://x } }", "is no address of a page"],
    ["notify: { deployment: { success: synced } }", "success"],
    ["notify: { comment: 1 }", "comment"],
  ])("refuses %s", (text, seen) => {
    const parsing = () => env(`version: 1\nenvironments: { a: { ${text} } }\napps: {}\n`, "a");
    expect(parsing).toThrow(UserError);
    expect(parsing).toThrow(seen);
  });

  it("reads the example of the documentation into the model", () => {
    const pipeline = parse(example);
    expect(pipeline.file).toBe("glu.yaml");
    expect(pipeline.artifacts).toEqual({ kind: "git", ref: "refs/glu/artifacts" });
    expect([...pipeline.environments.values()]).toEqual([
      {
        name: "staging",
        tier: undefined,
        policy: [{ event: ["push"], branch: ["main"] }],
        accept: [],
        from: undefined,
        auto: undefined,
        gates: [],
        repository: undefined,
        ref: undefined,
      },
      {
        name: "production",
        tier: "production",
        policy: [],
        accept: [],
        from: { mode: "all", environments: ["staging"] },
        gates: [],
        repository: undefined,
        ref: undefined,
      },
    ]);
    expect([...pipeline.apps.values()]).toEqual([
      {
        name: "frontend",
        repository: "acme/frontend",
        images: { web: "ghcr.io/acme/frontend" },
        environments: ["staging", "production"],
        manifests: [],
        write: [
          {
            editor: "yaml",
            line: 11,
            options: {
              yaml: "apps/{{ app }}/envs/{{ env }}/values.yaml",
              set: { "image.tag": "{{ images.web.tag }}", "image.digest": "{{ images.web.digest }}" },
            },
          },
        ],
      },
      {
        name: "backend",
        repository: undefined,
        images: { web: "ghcr.io/acme/backend" },
        environments: ["staging", "production"],
        manifests: [],
        write: [
          {
            editor: "kustomize",
            line: 23,
            options: { kustomize: "apps/backend/overlays/{{ env }}", image: "{{ images.web.ref }}" },
          },
        ],
      },
    ]);
  });

  it("reads a file with a byte order mark and CRLF as the same file without", () => {
    expect(parse(`\ufeff${example.replaceAll("\n", "\r\n")}`)).toEqual(parse(example));
  });

  it("reads from as all of a list, and all or any when it says so", () => {
    const text = (from: string) =>
      `version: 1\nenvironments: { a: {}, b: {}, c: { from: ${from} } }\napps: { web: { write: ${write} } }`;
    expect(env(text("a"), "c")?.from).toEqual({ mode: "all", environments: ["a"] });
    expect(env(text("[a, b]"), "c")?.from).toEqual({ mode: "all", environments: ["a", "b"] });
    expect(env(text("{ all: [b, a] }"), "c")?.from).toEqual({ mode: "all", environments: ["b", "a"] });
    expect(env(text("{ any: [a, b] }"), "c")?.from).toEqual({ mode: "any", environments: ["a", "b"] });
  });

  it("reads one policy or a list, and one pattern or a list", () => {
    const text = `version: 1
environments:
  staging:
    policy: [{ event: [push, "!pr"], tag: "!v*" }, { message: "release:*" }]
    accept: { branch: [main, release/**] }
apps: { web: { write: ${write} } }`;
    expect(env(text, "staging")?.policy).toEqual([
      { event: ["push", "!pr"], tag: ["!v*"] },
      { message: ["release:*"] },
    ]);
    expect(env(text, "staging")?.accept).toEqual([{ branch: ["main", "release/**"] }]);
  });

  it("gives gates the options that their schema reads", () => {
    const text = `version: 1
environments: { a: {}, b: { from: a, gates: [{ soak: 1h30m }] } }
apps: { web: { write: ${write} } }`;
    expect(env(text, "b")?.gates).toEqual([
      { name: "soak", options: "1h30m", at: { path: "environments.b.gates[0].soak", line: 2 } },
    ]);
  });

  it("gives every environment of a freeze a window that is blocked then, before its own gates", () => {
    const [christmas, friday] = [
      { start: "2026-12-19", end: "2027-01-04", zone: "UTC" },
      { rule: "FREQ=WEEKLY;BYDAY=FR", for: "1d", zone: "UTC" },
    ];
    const text = `version: 1
freezes: [{ times: [${JSON.stringify(christmas)}] }, { environments: b, times: [${JSON.stringify(friday)}] }]
environments: { a: {}, b: { from: a, gates: [{ soak: 1h }] }, c: {} }
apps: { web: { write: ${write} } }`;
    const at = (path: string, line = 2) => ({ path, line });
    const windowOf = (block: object, freeze: string) => ({
      name: "window",
      options: { block: [block], freeze },
      at: at(freeze),
    });
    const everywhere = windowOf(christmas, "freezes[0]");
    expect(env(text, "a")?.gates).toEqual([everywhere]);
    expect(env(text, "b")?.gates).toEqual([
      everywhere,
      windowOf(friday, "freezes[1]"),
      { name: "soak", options: "1h", at: at("environments.b.gates[0].soak", 3) },
    ]);
    expect(env(text, "c")?.gates).toEqual([everywhere]);
  });

  it("puts the environments of an app in the order of the pipeline, whatever order it names them in", () => {
    const text = `version: 1
environments: { production: { from: staging }, staging: {}, "7": {}, "3": {} }
apps: { web: { write: ${write} }, api: { environments: [production, staging], write: ${write} } }`;
    expect([...parse(text).environments.keys()]).toEqual(["production", "staging", "7", "3"]);
    expect(app(text, "web")?.environments).toEqual(["staging", "production", "7", "3"]);
    expect(app(text, "api")?.environments).toEqual(["staging", "production"]);
  });

  it("keeps where artifacts are stored", () => {
    const text = (artifacts: string) => `${head}artifacts: ${artifacts}\napps: { web: { write: ${write} } }`;
    expect(parse(text("{ store: file:../artifacts }")).artifacts).toEqual({ kind: "file", path: "../artifacts" });
    expect(parse(text("{ ref: refs/heads/glu }")).artifacts).toEqual({ kind: "git", ref: "refs/heads/glu" });
  });

  it("lets anchors live in x- keys, and merges them, for more apps than the library allows by itself", () => {
    const apps = Array.from(
      { length: 300 },
      (_, index) => `  app-${index}: { <<: *base, repository: acme/app-${index} }`,
    );
    const text = `${head}x-base: &base { write: ${write} }\napps:\n${apps.join("\n")}\n`;
    expect(parse(text).apps.size).toBe(300);
    expect(app(text, "app-7")).toMatchObject({ repository: "acme/app-7", write: [{ editor: "yaml", line: 3 }] });
  });
});

describe("layers", () => {
  const layered = `version: 1
environments: { staging: {}, production: {} }
defaults:
  repository: acme/{{ app }}
  images: { web: "ghcr.io/acme/{{ app }}", side: ghcr.io/acme/side }
  write: [{ yaml: "apps/{{ app }}/{{ env }}.yaml", set: { tag: a } }]
apps:
  team-a-web:
  team-a-api: { environments: [staging], images: { side: quay.io/other/side } }
  other: { repository: other/repo }
  "team-*": { environments: [production] }
  "team-a-*": { write: [{ json: "a/{{ app }}/{{ env }}.json", set: { tag: a } }] }
`;

  it("lets manifests count where the most special layer says, and nowhere without one", () => {
    const manifests = (text: string) => [...parse(text).apps.values()].map((one) => one.manifests);
    expect(manifests(layered)).toEqual([[], [], []]);
    const some = layered
      .replace("defaults:\n", "defaults:\n  manifests: { allow: [production, staging] }\n")
      .replace("  other: { ", "  other: { manifests: { allow: staging }, ");
    expect(manifests(some)).toEqual([["staging", "production"], ["staging", "production"], ["staging"]]);
  });

  it("gives an app what defaults say, then the globs in their order, then what it says itself", () => {
    expect([...parse(layered).apps.keys()]).toEqual(["team-a-web", "team-a-api", "other"]);
    expect(app(layered, "team-a-web")).toMatchObject({
      repository: "acme/team-a-web",
      images: { web: "ghcr.io/acme/team-a-web", side: "ghcr.io/acme/side" },
      environments: ["production"],
      write: [{ editor: "json" }],
    });
    expect(app(layered, "team-a-api")).toMatchObject({
      images: { web: "ghcr.io/acme/team-a-api", side: "quay.io/other/side" },
      environments: ["staging"],
    });
    expect(app(layered, "other")).toMatchObject({
      repository: "other/repo",
      environments: ["staging", "production"],
      write: [{ editor: "yaml" }],
    });
  });
});

describe("discovery", () => {
  const text = `${head}discover: apps/*\ndefaults: { write: ${write} }\napps: { web: { repository: acme/web }, "b*": { repository: "acme/{{ app }}" } }`;

  it("declares an app for every folder, after the declared ones, by name", () => {
    expect(discoveryFolders(text)).toEqual(["apps"]);
    const { apps } = parse(text, new Map([["apps", ["zoo", "web", "bar", "_shared", ".hidden"]]]));
    expect([...apps.keys()]).toEqual(["web", "bar", "zoo"]);
    expect(apps.get("bar" as AppName)?.repository).toBe("acme/bar");
    expect(apps.get("web" as AppName)?.repository).toBe("acme/web");
  });

  it("asks for the folders of every pattern once, and for none when there is nothing to discover", () => {
    expect(discoveryFolders(`${head}discover: ["*", teams/a/*, ./teams/a/*]`)).toEqual(["", "teams/a"]);
    expect(discoveryFolders(example)).toEqual([]);
    expect(discoveryFolders("discover: [")).toEqual([]);
    expect(discoveryFolders("discover: ../*")).toEqual([]);
    expect(discoveryFolders("- discover")).toEqual([]);
  });

  it("says which folder is not there, and which cannot be an app", () => {
    expect(() => parse(text)).toThrow('No folder "apps" in the repository.');
    expect(() => parse(text, new Map([["apps", ["My App"]]]))).toThrow(
      "The folder apps/My App cannot be an app: its name is not one.",
    );
  });
});

describe("size", () => {
  const many = Array.from(
    { length: 500 },
    (_, index) => `  app-${index}:
    repository: acme/app-${index}
    images: { web: ghcr.io/acme/app-${index} }
    write:
      - yaml: apps/app-${index}/envs/{{ env }}/values.yaml
        set: { image.tag: "{{ images.web.tag }}", image.digest: "{{ images.web.digest }}" }
`,
  );
  const text = `version: 1\nenvironments: { staging: {}, production: { from: staging } }\napps:\n${many.join("")}`;

  it("reads 500 apps that each say everything", () => {
    expect(parse(text).apps.size).toBe(500);
  });

  it("refuses what could only be hostile: a huge file, aliases that multiply", () => {
    expect(() => parse(`${head}#${"x".repeat(3_000_000)}`)).toThrow(/characters, and 2097152 are read at most/);
    const levels = Array.from({ length: 9 }, (_, index) => {
      const inner = index === 0 ? "a" : `*l${index - 1}`;
      return `x-${index}: &l${index} [${Array(9).fill(inner).join(", ")}]`;
    });
    expect(() => parse(`${levels.join("\n")}\n${head}`)).toThrow(UserError);
  });
});
