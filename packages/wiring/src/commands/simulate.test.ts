import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CiContext } from "@glu/core";
import { readCliInputs, simulate } from "@glu/inputs";
import { type Report, renderMarkdown, renderText, toJson } from "@glu/report";
import { expect, onTestFinished, test } from "vitest";
import type { Surroundings } from "../surroundings.ts";
import { runSimulate } from "./simulate.ts";

const config = `version: 1
environments:
  staging: { policy: { event: push, branch: main } }
  production: { from: staging, auto: newest, gates: [ { soak: 2h } ] }
defaults:
  write:
    - yaml: apps/{{ app }}/{{ env }}.yaml
      set: { image.tag: "{{ images.web.tag }}" }
apps:
  web: { images: { web: ghcr.io/acme/web } }
`;
const head = "version: 1\nstart: 2026-11-01T09:00:00Z\n";

function folder(files: Record<string, string>): Surroundings {
  const cwd = mkdtempSync(join(tmpdir(), "glu-simulate-"));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  const values = 'image:\n  tag: "none"\n';
  const all = { "glu.yaml": config, "apps/web/staging.yaml": values, "apps/web/production.yaml": values, ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  // No Git, no network, no environment: nothing but the folder.
  return { env: {}, cwd, temp: cwd, context: { host: "terminal", repository: "" } as CiContext } as Surroundings;
}

const run = (surroundings: Surroundings, given = {}) =>
  runSimulate(readCliInputs(simulate, { events: "events.yaml", ...given }, {}), surroundings);

test("events are played on the folder as it lies there, and nothing in it changes", async () => {
  const events = `${head}reconcile: 1h\nend: 3h\nevents:\n  - build: { app: web, version: 1.1.0 }\n`;
  const surroundings = folder({ "events.yaml": events });
  const outcome = await run(surroundings);
  const report = outcome.report as Report;
  expect(outcome.exitCode).toBe(0);
  expect(toJson(report)).toMatchObject({
    schema: "glu.simulation.v1",
    result: "played",
    start: "2026-11-01T09:00:00.000Z",
    end: "2026-11-01T12:00:00.000Z",
    steps: [
      {
        at: "2026-11-01T09:00:00.000Z",
        what: "build web 1.1.0 of main",
        event: 0,
        error: null,
        moves: [
          { environment: "staging", version: "1.1.0", result: "promoted" },
          { environment: "production", result: "held", until: "2026-11-01T11:00:00.000Z" },
        ],
      },
      { at: "2026-11-01T11:00:00.000Z", what: "scheduled run", event: null, moves: [{ result: "promoted" }] },
    ],
    running: [
      { app: "web", environment: "staging", version: "1.1.0" },
      { app: "web", environment: "production", version: "1.1.0" },
    ],
  });
  const [first = ""] = renderText(report, { color: false, width: 200 }).split("\n", 1);
  expect(first).toContain("1 event, 2026-11-01");
  expect(first).toContain("2 promoted, 1 held");
  expect(renderMarkdown(report, { flavor: "github" })).toContain("has been upstream for 0s of 2h");
  expect(readFileSync(join(surroundings.cwd, "apps/web/staging.yaml"), "utf8")).toContain("none");
});

test("JSON is read as well, and what an event says is data in every form", async () => {
  const reason = "<b>*x*</b> | ::error::";
  const events = [{ build: { app: "web", version: "1.1.0" } }, { freeze: { environment: "all", reason } }];
  const text = JSON.stringify({ version: 1, start: "2026-11-01T09:00:00Z", events });
  const { report } = await run(folder({ "events.json": text }), { events: "events.json" });
  const markdown = renderMarkdown(report as Report, { flavor: "github" });
  expect(markdown).not.toContain("<b>");
  expect(JSON.stringify(toJson(report as Report))).toContain(reason);
});

test.each([
  ["a mistake in the file", "  - build: { app: web, verison: 1 }\n", "config/unknown-key", 4, 24],
  ["an app that is not declared", "  - reconcile: {}\n  - build: { app: wbe }\n", "config/unknown-app", 5, 5],
  ["a version that was not built", "  - promote: { app: web, artifact: x1 }\n", "simulation/unknown-version", 4, 5],
])("%s is told with its place", async (_, events, code, line, column) => {
  await expect(run(folder({ "events.yaml": `${head}events:\n${events}` }))).rejects.toMatchObject({
    code,
    exitCode: 2,
    at: { file: "events.yaml", line, column },
  });
});

test("a mistake in the config is the config's", async () => {
  const files = { "events.yaml": `${head}events:\n  - reconcile: {}\n`, "glu.yaml": "version: 2\n" };
  await expect(run(folder(files))).rejects.toMatchObject({ at: { file: "glu.yaml", line: 1 } });
});

test("files that are not there are named", async () => {
  await expect(run(folder({}))).rejects.toMatchObject({ code: "simulation/events-unreadable", exitCode: 2 });
  const surroundings = folder({ "events.yaml": `${head}events:\n  - reconcile: {}\n` });
  await expect(run(surroundings, { config: "other.yaml" })).rejects.toMatchObject({ code: "config/not-found" });
});

test("what was proposed is counted in the first line", async () => {
  const events = `${head}events:\n  - build: { app: web, version: 1.1.0 }\n`;
  const proposing = config.replace("gates: [ { soak: 2h } ]", "propose: true");
  const { report } = await run(folder({ "glu.yaml": proposing, "events.yaml": events }));
  expect((report as Report & { headline: string }).headline).toContain("1 promoted, 1 proposed");
});

test("what is verified upstream is told, goes further only then, and goes back when it fails", async () => {
  const url = "https://staging.example.org/healthz";
  const verify = `, verify: { gates: [ { http: { url: "${url}", retries: 0 } } ], within: 30m, on-failure: rollback } }`;
  const verified = config
    .replace("branch: main } }", `branch: main }${verify}`)
    .replace(", gates: [ { soak: 2h } ]", "");
  const events = `${head}reconcile: 10m
end: 2h
events:
  - answer: { url: "${url}", status: 503 }
  - build: { app: web, version: 1.1.0 }
  - after: 15m
    answer: { url: "${url}", status: 200 }
  - after: 1h
    build: { app: web, version: 1.2.0 }
  - answer: { url: "${url}", status: 503 }
`;
  const outcome = await run(folder({ "glu.yaml": verified, "events.yaml": events }));
  const told = toJson(outcome.report as Report) as unknown as {
    steps: { moves: { version: string; environment: string; result: string }[] }[];
    running: unknown;
  };
  const moves = told.steps.flatMap((step) =>
    step.moves.map((one) => `${one.version} ${one.environment} ${one.result}`),
  );
  expect(moves).toEqual([
    "1.1.0 staging promoted",
    "1.1.0 staging healthy",
    "1.1.0 production promoted",
    "1.2.0 staging promoted",
    "1.2.0 staging failed",
    "1.1.0 staging promoted",
    "1.2.0 staging held",
    // The server that is down fails what it went back to as well, which stays.
    "1.1.0 staging failed",
  ]);
  expect(told.running).toMatchObject([
    { environment: "staging", version: "1.1.0" },
    { environment: "production", version: "1.1.0" },
  ]);
});

test("times are read as commands read them: also what the clock of a place shows", async () => {
  const events = [
    "version: 1",
    "start: 2026-10-24T09:00[Europe/Berlin]",
    "events:",
    "  - build: { app: web, version: 1.1.0 }",
    "  - freeze: { environment: production, reason: night, until: '2026-10-25T08:00:00[Europe/Berlin]' }",
    "  - at: 2026-10-25T08:00[Europe/Berlin]",
    "    reconcile: {}",
  ].join("\n");
  const report = (await run(folder({ "events.yaml": events }))).report as Report;
  // The clock was set back in between.
  expect(toJson(report)).toMatchObject({
    start: "2026-10-24T07:00:00.000Z",
    end: "2026-10-25T07:00:00.000Z",
  });
  const { steps } = toJson(report) as unknown as { steps: { moves: { environment: string; result: string }[] }[] };
  expect(steps.map(({ moves }) => moves.map(({ environment, result }) => `${environment} ${result}`))).toEqual([
    ["staging promoted", "production held"],
    ["production held"],
    ["production promoted", "production expired"],
  ]);
});

test.each([
  ["start: 2026-10-25T02:30[Europe/Berlin]", 2, "is twice", "  - reconcile: {}"],
  ["start: 2026-03-01T00:00Z", 4, "never is", "  - { at: '2026-03-29T02:30[Europe/Berlin]', reconcile: {} }"],
  [
    "start: 2026-03-01T00:00Z",
    4,
    "is no time zone",
    "  - freeze: { environment: all, reason: r, until: '2026-03-29T02:30[Europe/Nowhere]' }",
  ],
])("a time that is none is told at its line: %s, %i %s", async (start, line, message, event) => {
  const text = `version: 1\n${start}\nevents:\n${event}\n`;
  await expect(run(folder({ "events.yaml": text }))).rejects.toMatchObject({
    code: "input/time",
    message: expect.stringContaining(message),
    at: { file: "events.yaml", line },
  });
});
