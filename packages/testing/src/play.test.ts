import { parseDocument } from "@glu/config";
import { type EventFile, eventsSchema, PlayError, play } from "@glu/simulation";
import { describe, expect, it } from "vitest";
import { simulate } from "./index.ts";

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
const values = 'image:\n  tag: "none"\n';
const files = { "apps/web/staging.yaml": values, "apps/web/production.yaml": values };

type Events = EventFile["events"];

/** The timeline of these events, a line for each move: time, place, version, result. */
async function timeline(events: Events, more: Partial<EventFile> = {}, text = config) {
  const start = "2026-11-01T09:00:00Z";
  const file = eventsSchema.parse({ version: 1, start, events, ...more });
  const pipeline = await simulate({
    config: text,
    files,
    start,
    ...(file.reconcile === undefined ? {} : { reconcile: file.reconcile }),
  });
  const steps = await play(pipeline, file);
  const lines = steps.flatMap(({ at, moves }) =>
    moves.map(({ app, environment, version, result }) =>
      [at.slice(11, 16), `${app}/${environment}`, version, result].filter((part) => part !== undefined).join(" "),
    ),
  );
  return { steps, lines };
}

describe("events that are played", () => {
  it("are each followed by a run, and time by scheduled runs that are told of when they move something", async () => {
    const { lines, steps } = await timeline([{ build: { app: "web", version: "1.1.0" } }], {
      reconcile: "1h",
      end: "5h",
    });
    expect(lines).toEqual([
      "09:00 web/staging 1.1.0 promoted",
      "09:00 web/production 1.1.0 held",
      "11:00 web/production 1.1.0 promoted",
    ]);
    expect(steps.map(({ event }) => event)).toEqual([0, undefined]);
    expect(steps[0]?.moves[1]).toMatchObject({
      until: "2026-11-01T11:00:00.000Z",
      why: "has been upstream for 0s of 2h",
    });
  });

  it("tell of pull requests, what people do with them and what became of it", async () => {
    const { lines, steps } = await timeline(
      [
        { build: { app: "web", version: "1.1.0" } },
        { after: "1h", close: { app: "web", environment: "production" } },
        { after: "1h", build: { app: "web", version: "1.2.0" } },
        { after: "1h", merge: { app: "web", environment: "production" } },
        { promote: { app: "web", environment: "production" } },
      ],
      {},
      config.replace("gates: [ { soak: 2h } ]", "propose: true"),
    );
    expect(lines).toEqual([
      "09:00 web/staging 1.1.0 promoted",
      "09:00 web/production 1.1.0 proposed",
      "10:00 web/production 1.1.0 held",
      "11:00 web/staging 1.2.0 promoted",
      "11:00 web/production 1.2.0 proposed",
      "12:00 web/production 1.2.0 unchanged",
    ]);
    expect(steps[3]?.what).toBe("merge the pull request of web for production");
  });

  it("tell of what was overtaken by name", async () => {
    const { lines } = await timeline(
      [
        { build: { app: "web", version: "1.1.0" } },
        { after: "3h", build: { app: "web", version: "1.2.0" } },
        { after: "1h", build: { app: "web", version: "1.3.0" } },
      ],
      { reconcile: "30m", end: "5h" },
    );
    expect(lines.slice(-2)).toEqual(["15:00 web/production 1.2.0 superseded", "15:00 web/production 1.3.0 promoted"]);
  });

  it("hold by pins and freezes, and tell when these end", async () => {
    const { lines } = await timeline(
      [
        { build: { app: "web", version: "1.1.0" } },
        { freeze: { environment: "all", reason: "sale", until: "3h" } },
        { after: "1h", build: { app: "web", version: "1.2.0" } },
      ],
      { reconcile: "1h", end: "3h" },
    );
    expect(lines).toEqual([
      "09:00 web/staging 1.1.0 promoted",
      "09:00 web/production 1.1.0 held",
      "09:00 web/production 1.1.0 held",
      "10:00 web/staging 1.2.0 held",
      "11:00 web/production 1.1.0 held",
      "12:00 web/staging 1.2.0 promoted",
      "12:00 web/production 1.1.0 promoted",
      "12:00 web/production 1.2.0 passed-over",
      "12:00 all/all expired",
      "13:00 web/production 1.2.0 held",
    ]);
  });

  it("find what somebody changed past Glu", async () => {
    const { steps } = await timeline([
      { build: { app: "web", version: "1.1.0" } },
      { edit: { path: "apps/web/staging.yaml", replace: "1.1.0", with: "6.6.6" } },
    ]);
    expect(steps[1]?.moves).toMatchObject([{ environment: "staging", result: "held", version: "1.1.0" }]);
    expect(steps[1]?.moves[0]?.decision?.gates).toContainEqual(
      expect.objectContaining({ name: "drift", code: "drift/changed-by-hand", met: false }),
    );
  });

  it("go on when Glu does not do what one asks for", async () => {
    const { steps } = await timeline([
      { pin: { app: "web", environment: "production", reason: "too early" } },
      { build: { app: "web", version: "1.1.0" } },
    ]);
    expect(steps[0]?.error).toMatchObject({ code: "pin/not-released" });
    expect(steps[1]?.moves).toHaveLength(2);
  });

  it.each<[string, Events, number]>([
    ["config/unknown-app", [{ build: { app: "web" } }, { build: { app: "wbe" } }], 1],
    ["simulation/unknown-version", [{ promote: { app: "web", environment: "staging", artifact: "9.9.9" } }], 0],
    [
      "simulation/back",
      [
        { at: "2026-11-02T09:00:00Z", reconcile: {} },
        { at: "2026-11-01T10:00:00Z", reconcile: {} },
      ],
      1,
    ],
    ["simulation/no-file", [{ edit: { path: "none.yaml", replace: "a", with: "b" } }], 0],
    ["simulation/no-text", [{ edit: { path: "apps/web/staging.yaml", replace: "a\nb", with: "b" } }], 0],
    ["input/time", [1, 2, 3].map(() => ({ after: "999999w".repeat(5), reconcile: {} })), 2],
  ])("stop with %s where one cannot happen", async (code, events, event) => {
    const failed = timeline(events);
    await expect(failed).rejects.toBeInstanceOf(PlayError);
    await expect(failed).rejects.toMatchObject({ event, cause: { code } });
  });
});

describe("a file of events", () => {
  const read = (text: string) => parseDocument({ file: "events.yaml", text }, eventsSchema);
  const head = "version: 1\nstart: 2026-11-01T09:00:00Z\nevents:\n";

  it("is YAML or JSON, and knows where its events stand", () => {
    const { value, placeOf } = read(`${head}  - reconcile: {}\n  - build: { app: web }\n`);
    expect(value.events).toEqual([{ reconcile: {} }, { build: { app: "web" } }]);
    expect(placeOf(["events", 1])).toEqual({ line: 5, column: 5 });
    expect(read(JSON.stringify(value)).value).toEqual(value);
  });

  it.each([
    ["an unknown kind", "  - built: { app: web }\n", 4, 5, /Unknown key "built".*/],
    ["an unknown key", "  - build: { app: web, verison: a }\n", 4, 24, /Unknown key "verison"/],
    ["two kinds", "  - build: { app: web }\n    reconcile: {}\n", 4, 5, /must say one thing/],
    ["no kind", "  - after: 2h\n", 4, 5, /must say what happens/],
    ["two times", "  - { at: 2026-11-01T09:00:00Z, after: 2h, reconcile: {} }\n", 4, 5, /at or after, not both/],
    ["a number as a version", "  - build: { app: web, version: 1.10 }\n", 4, 33, /must be text/],
    ["a day that is in no calendar", "  - { at: 2026-02-30T09:00:00Z, reconcile: {} }\n", 4, 11, /time with its zone/],
    ["no duration", "  - { after: soon, reconcile: {} }\n", 4, 14, /must be a duration/],
  ])("is refused with %s, and where", (_, events, line, column, message) => {
    expect(() => read(head + events)).toThrow(
      expect.objectContaining({ at: { file: "events.yaml", line, column }, message: expect.stringMatching(message) }),
    );
  });
});

describe("what CI attaches", () => {
  const asking = (gate: string) =>
    config
      .replace("gates: [ { soak: 2h } ]", `gates: [ ${gate} ]`)
      .replace("from: staging, auto: newest", "from: staging");
  const start = "2026-11-01T09:00:00Z";
  const scan = "{ item: { name: scan, critical: { max: 0 } } }";

  async function played(config: string, events: Events) {
    const pipeline = await simulate({ config, files, start });
    const steps = await play(pipeline, eventsSchema.parse({ version: 1, start, events }));
    return steps.flatMap(({ error, moves }) => [
      ...(error === undefined ? [] : [error.code]),
      ...moves.map(({ environment, version, result, why }) => `${environment} ${version} ${result}: ${why}`),
    ]);
  }
  const ask = { promote: { app: "web", environment: "production" } };

  it("to an artifact, when it is built or later, is what the gate item asks for", async () => {
    expect(
      await played(asking(scan), [
        { build: { app: "web", version: "1.1.0", items: [{ name: "tests", state: "success" }] } },
        ask,
        { attach: { app: "web", item: { name: "scan", critical: 0 } } },
        ask,
        { build: { app: "web", version: "1.2.0", items: [{ name: "scan", critical: 2 }] } },
        ask,
        { attach: { app: "web", artifact: "1.2.0", item: { name: "scan", critical: 0 } } },
      ]),
    ).toEqual([
      "staging 1.1.0 promoted: all gates are met",
      'production 1.1.0 held: has no item "scan" yet',
      "production 1.1.0 promoted: all gates are met",
      "staging 1.2.0 promoted: all gates are met",
      'production 1.2.0 held: its item "scan" is not as asked: critical is 2, not at most 0',
      "artifact/item-exists",
    ]);
  });

  it("to a version that was not built is a mistake in the file", async () => {
    const events: Events = [{ attach: { app: "web", item: { name: "scan" } } }];
    await expect(played(config, events)).rejects.toMatchObject({ cause: { code: "simulation/unknown-version" } });
  });

  it("as manifests starts a promotion where they count, and is refused as build-artifact refuses it", async () => {
    const manifests = config
      .replace("policy: { event: push, branch: main }", "tier: staging")
      .replace("images: {", "manifests: { allow: [staging] }, images: {");
    expect(
      await played(manifests, [
        {
          build: {
            app: "web",
            version: "1.0.0",
            branch: "x",
            manifests: [{ env: "staging", policy: { branch: "main" } }],
          },
        },
        { build: { app: "web", version: "1.1.0", manifests: [{ env: "staging", policy: { branch: "main" } }] } },
        { build: { app: "web", version: "1.2.0", manifests: [{ env: "staging", gates: [] }] } },
      ]),
    ).toEqual([
      "staging 1.1.0 promoted: all gates are met",
      expect.stringMatching(/^production 1.1.0 held: /),
      "manifest/acts",
    ]);
  });
});

it("who asks by name is answered, also that nothing changes and that it is held as before", async () => {
  const ask = (environment: string) => ({ promote: { app: "web", environment } });
  const { steps } = await timeline([
    { build: { app: "web", version: "1.1.0" } },
    { after: "5m", ...ask("staging") },
    { after: "5m", ...ask("production") },
    { after: "5m", ...ask("production") },
  ]);
  expect(steps.slice(1).map(({ moves }) => moves.map(({ result, why }) => `${result}: ${why}`))).toEqual([
    ["unchanged: already runs 1.1.0, and its files say so"],
    ["held: has been upstream for 10m of 2h"],
    ["held: has been upstream for 15m of 2h"],
  ]);
});
