import { describe, expect, it } from "vitest";
import { UserError } from "../errors.ts";
import { configurableGates } from "../gates/gates.ts";
import type { RepoPath } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import type { Templates } from "../ports/templates.ts";
import { environment, pipelineOf } from "../test-kit/memory.ts";
import { checkGates } from "./check-gates.ts";

const now = Date.parse("2026-11-28T12:00:00Z");

/** `{{ name }}` of what is there, one level or several deep. */
const templates: Templates = {
  render: (template, variables) =>
    template.replaceAll(/\{\{ ?(.*?) ?\}\}/g, (_, name: string) => {
      const value = name.split(".").reduce<unknown>((all, part) => (all as Record<string, unknown>)?.[part], variables);
      if (typeof value === "string") return value;
      throw new UserError("template/missing-variable", `names ${name}`, { seen: name, fix: "There are others." });
    }),
};

function check(
  gates: Environment["gates"],
  {
    apps = ["web"],
    imageless = [],
    files = {},
    ...more
  }: Partial<Environment> & { apps?: string[]; imageless?: string[]; files?: Record<string, string> } = {},
) {
  const content = new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]));
  const tip = {
    read: async (paths: readonly RepoPath[]) =>
      new Map(
        paths.flatMap((path) => {
          const found = content.get(path);
          return found === undefined ? [] : [[path, { kind: "file" as const, executable: false, content: found }]];
        }),
      ),
  };
  const production = environment("production", { gates, ...more });
  const pipeline = pipelineOf(apps, [environment("staging"), production]);
  for (const app of pipeline.apps.values()) if (imageless.includes(app.name)) app.images = {};
  return checkGates(pipeline, { gates: configurableGates, templates, tip, now });
}

const http = (more: object, index = 0) => ({
  name: "http",
  options: { url: "https://status.test/", ...more },
  at: { path: `environments.production.gates[${index}].http`, line: 7 + index },
});

it("a JSON path that is none is found before anything is promoted, with its place", async () => {
  const json = ["$.a", "$.checks["].map((path) => ({ path, exists: true }));
  expect(await check([{ name: "soak", options: "1h" }, http({ json }, 1)])).toMatchObject([
    {
      level: "error",
      environment: "production",
      code: "config/gate",
      message: expect.stringMatching(/^environments\.production\.gates\[1\]\.http: "\$\.checks\[" is no JSON path: /),
      path: "glu.yaml",
      line: 8,
    },
  ]);
});

it.each(["$", "$.a.b[0]", "$..ok", "$.a[?@.state != 'ok']", "$['a b'][*]"])("%s is a JSON path", async (path) => {
  expect(await check([http({ json: [{ path, exists: true }] })])).toEqual([]);
});

describe("under verify", () => {
  const prometheus = (more: object) => ({
    name: "prometheus",
    options: { url: "https://prometheus.test", query: "up", min: 1, ...more },
  });
  const verified = (...gates: { name: string; options: object }[]) =>
    check([], { verify: { gates, within: 600_000, onFailure: "hold" } });

  it("a gate is looked into as well, and its place told", async () => {
    expect(await verified(prometheus({ max: 0 }), prometheus({ query: 'up{a="{{ ap }}"}' }))).toMatchObject([
      { message: "environments.production.verify.gates[0].prometheus: no number can be at least 1 and at most 0." },
      { code: "template/missing-variable", message: expect.stringContaining("verify.gates[1].prometheus") },
    ]);
  });

  it("what takes longer than a release has would fail every one", async () => {
    expect(await verified(prometheus({ over: "8m", after: "3m" }))).toMatchObject([
      { level: "error", message: expect.stringContaining("it takes 11m, and a release has 10m until it must be met") },
    ]);
    expect(await verified(prometheus({ over: "8m", after: "2m" }))).toEqual([]);
    expect(await check([prometheus({ over: "8h" })])).toEqual([]);
    // It begins when health sees the release there, and has its time then.
    const health = { name: "health", options: { status: { context: "deploy" } } };
    expect(await verified(prometheus({ over: "8m", after: "3m" }), health)).toEqual([]);
  });
});

describe("a template of a gate", () => {
  it.each([
    [http({ url: "https://status.test/{{ ap }}" }), "ap"],
    [http({ headers: { "X-App": "{{ images.api.tag }}", Authorization: { env: "TOKEN" } } }), "images.api.tag"],
    [http({ method: "POST", body: "{{ nothing }}" }), "nothing"],
    [http({ method: "POST", body: { a: [{ b: "{{ deep }}" }] } }), "deep"],
    [{ name: "health", options: { flux: { name: "{{ ap }}", kubectl: true } } }, "ap"],
    [{ name: "health", options: { argocd: { url: "https://a.test/{{ b }}", application: "web" } } }, "b"],
    [{ name: "command", options: { run: ["./x"], variables: { A: "{{ enviroment.name }}" } } }, "enviroment.name"],
    [
      { name: "workflow", options: { repository: "a/b", inputs: { image: "{{ images.web.reff }}" } } },
      "images.web.reff",
    ],
  ])("that no artifact can fill in is an error: %#", async (use, name) => {
    expect(await check([use])).toMatchObject([
      {
        level: "error",
        code: "template/missing-variable",
        message: expect.stringContaining(`names ${name}`),
        fix: "There are others.",
      },
    ]);
  });

  it("that an artifact may fill in is noted, and what every artifact has is neither", async () => {
    const use = http({ url: "https://status.test/{{ app }}/{{ images.web.tag }}?of={{ vars.REGION }}" });
    expect(await check([use])).toMatchObject([{ level: "note", code: "template/missing-variable" }]);
  });

  it("is told once for all apps, and of which it is so when it is not all", async () => {
    const apps = ["web", "api", "job"];
    const [all, ...more] = await check([http({ url: "https://status.test/{{ ap }}" })], { apps });
    expect(more).toEqual([]);
    expect(all).toMatchObject({ message: expect.not.stringContaining("web") });
    const [some] = await check([http({ url: "https://status.test/{{ images.web.tag }}" })], {
      apps,
      imageless: ["api", "job"],
    });
    expect(some).toMatchObject({ message: expect.stringMatching(/of api and job\.$/) });
  });
});

describe("what a gate asks", () => {
  it.each([
    [http({ url: "https://status.test:99999/{{ app }}" }), "is no address"],
    [http({ headers: { "X-A": "naïve ☃ {{ app }}" } }), "the header X-A cannot hold"],
    [http({ json: { path: "$.a", min: 5, max: 1 } }), "$.a: no value"],
    [http({ json: { path: "$.a", equals: "ok", min: 1 } }), "$.a: no value"],
    [http({ json: { path: "$.a", equals: "down", matches: "o*" } }), "$.a: no value"],
    [http({ json: { path: "$.a", equals: 7, max: 6 } }), "$.a: no value"],
  ])("that nothing can fulfil is an error: %#", async (use, said) => {
    expect(await check([use])).toMatchObject([
      { level: "error", code: "config/gate", message: expect.stringContaining(said) },
    ]);
  });

  it("that something can fulfil is none", async () => {
    const json = [
      { path: "$.a", equals: "7", max: 7 },
      { path: "$.a", min: 1, max: 1 },
      { path: "$.a", matches: "1*", min: 10 },
      { path: "$.a", equals: null, exists: true },
    ];
    expect(await check([http({ json })])).toEqual([]);
  });
});

describe("a window", () => {
  const rule = (text: string, more = {}) => ({ rule: text, for: "1h", zone: "UTC", ...more });
  const window = (options: object) => ({ name: "window", options });

  it("with a rule that never starts is an error", async () => {
    const never = rule("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30");
    for (const options of [{ allow: [never] }, { block: [never] }]) {
      expect(await check([window(options)])).toMatchObject([
        { level: "error", code: "config/gate", message: expect.stringContaining('BYMONTHDAY=30" never starts') },
      ]);
    }
  });

  it.each([
    [{ allow: [{ start: "2020-01-01", end: "2020-01-02", zone: "UTC" }] }],
    [{ block: [rule("FREQ=DAILY", { for: "1d" })] }],
    [{ allow: [rule("FREQ=DAILY;UNTIL=20200101T000000Z")] }],
  ])("that does not open any more is noted: %#", async (options) => {
    expect(await check([window(options)])).toMatchObject([
      { level: "note", code: "config/gate", message: expect.stringContaining("does not open within ten years") },
    ]);
  });

  it("that opens, if late, is as it should be, and so is a block that is over", async () => {
    const leap = { allow: [rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")] };
    const over = { block: [{ start: "2020-01-01", end: "2020-01-02", zone: "UTC" }] };
    expect(await check([window(leap), window(over)])).toEqual([]);
  });
});

describe("an actor", () => {
  const actor = (more = {}) => ({ name: "actor", options: { users: ["ada"], ...more } });

  it("where promotions start by themselves holds every one of them, which is noted", async () => {
    for (const more of [{ policy: [{ branch: ["main"] }] }, { auto: "newest" as const }]) {
      expect(await check([actor()], more)).toMatchObject([
        { level: "note", code: "config/gate", message: expect.stringContaining("only people may promote") },
      ]);
    }
  });

  it("that lets automation pass, or where nothing starts by itself, is as it should be", async () => {
    expect(await check([actor({ automation: true })], { auto: "newest" })).toEqual([]);
    expect(await check([actor()])).toEqual([]);
  });
});

describe("a workflow of the same repository", () => {
  const use = { name: "workflow", options: { file: "smoke.yml" } };
  const good = "run-name: ${{ inputs.glu-key }}\non:\n  workflow_dispatch:\n    inputs: { glu-key: {} }\n";

  it.each([
    [{}, "smoke.yml is not in .github/workflows"],
    [{ ".github/workflows/smoke.yml": "on: push\n" }, "has no workflow_dispatch"],
    [{ ".gitea/workflows/smoke.yml": "on: workflow_dispatch\n" }, "has no glu-key"],
  ])("that could not be started or found again is noted: %#", async (files, said) => {
    expect(await check([use], { files })).toMatchObject([
      { level: "note", code: "config/gate", message: expect.stringContaining(said) },
    ]);
  });

  it("that can be started is as it should be, and one elsewhere is not looked for", async () => {
    expect(await check([use], { files: { ".github/workflows/smoke.yml": good } })).toEqual([]);
    expect(await check([{ name: "workflow", options: { file: "smoke.yml", repository: "acme/tests" } }])).toEqual([]);
    expect(await check([{ name: "workflow", options: { file: "smoke.yml", ref: "tests" } }])).toEqual([]);
  });
});
