import { PrometheusServer, type ServedSeries } from "@glu/testing/internal";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Asking, askedGate } from "./asked-gate.ts";

let server: PrometheusServer;
beforeEach(async () => {
  server = await PrometheusServer.start();
});
afterEach(async () => {
  expect(server.violations).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const minute = 60_000;
const asked = (given: object, asking: Asking = {}) =>
  askedGate("prometheus", { url: server.url, query: "errors", max: 1, retries: 0, timeout: "1s", ...given }, asking);
const series = (at: ServedSeries["at"], pod = "a"): ServedSeries => ({ metric: { pod }, at });

it("every time that a range can last is one that a server gives", async () => {
  server.serve(
    "errors",
    series(() => "0"),
  );
  for (const over of ["1s", "10s", "90s", "10m", "1h", "1d", "30d", "400d"]) {
    expect(await asked({ over }, { releasedAgo: 500 * 86_400_000 }), over).toMatchObject({ met: true });
  }
});

it("a release is bad when one series was bad once since it, and not for what was before", async () => {
  const now = Date.now();
  const bad = (ago: number) => series((time) => (Math.abs(time - (now - ago) / 1000) < 20 ? "5" : "0"), "b");
  server.serve(
    "errors",
    series(() => "0"),
    bad(8 * minute),
  );
  expect(await asked({ over: "10m" }, { now, releasedAgo: 20 * minute })).toMatchObject({
    outcome: "refused",
    code: "prometheus/value",
    seen: expect.stringMatching(/^\{pod="b"\} was 5 at /),
  });
  expect(await asked({ over: "10m" }, { now, releasedAgo: 6 * minute })).toMatchObject({
    outcome: "held",
    code: "prometheus/waiting",
  });
  expect(await asked({ over: "10m" }, { now })).toMatchObject({ outcome: "held", code: "prometheus/value" });
});

it("a series that begins late and one that ends early hold together", async () => {
  const now = Date.now();
  const half = (now - 5 * minute) / 1000;
  const old = series((time) => (time <= half ? "0" : undefined), "old");
  server.serve(
    "errors",
    old,
    series((time) => (time > half ? "0" : undefined), "new"),
  );
  expect(await asked({ over: "10m" }, { now })).toMatchObject({ met: true });
  server.serve("errors", old);
  expect(await asked({ over: "10m" }, { now })).toMatchObject({ code: "prometheus/no-data", unknown: true });
});

it("a token is sent, and never said", async () => {
  server.token = "s3cret";
  server.serve(
    "errors",
    series(() => "0"),
  );
  const given = { token: { env: "PROM_TOKEN" } };
  expect(await asked(given, { env: { PROM_TOKEN: "s3cret" } })).toMatchObject({ met: true });
  expect(
    await asked(
      { headers: { Authorization: { env: "PROM_TOKEN", prefix: "Bearer " } } },
      { env: { PROM_TOKEN: "s3cret" } },
    ),
  ).toMatchObject({ met: true });
  const denied = await asked(given, { env: { PROM_TOKEN: "0ther" } });
  expect(denied).toMatchObject({ code: "prometheus/denied", unknown: true });
  expect(JSON.stringify(denied)).not.toContain("0ther");
  server.faults = [
    { kind: "status", status: 400, body: '{"status":"error","errorType":"bad_data","error":"you sent s3cret"}' },
  ];
  expect((await asked(given, { env: { PROM_TOKEN: "s3cret" } })).seen).toContain("you sent ***");
});

it.each([
  ["no query", { query: "nonsense" }, undefined, "prometheus/query"],
  ["silence", {}, { kind: "silent" }, "http/timeout"],
  ["an end", {}, { kind: "reset" }, "http/unreachable"],
  ["a page", {}, { kind: "body", body: "<html>" }, "prometheus/not-json"],
  [
    "half an answer",
    {},
    { kind: "body", body: '{"status":"success","data":{"resultType":"vector","result":[{"metric":{}' },
    "prometheus/not-json",
  ],
  ["a login", {}, { kind: "status", status: 302, headers: { location: "https://login.test/" } }, "http/unreachable"],
  ["too much", {}, { kind: "body", body: `"${"x".repeat(4_100_000)}"` }, "http/too-large"],
] as const)("%s is held, and unknown", async (_, given, fault, code) => {
  server.faults = [fault];
  for (const asking of [{}, { releasedAgo: minute }]) {
    server.faults = [fault];
    const { met, outcome, unknown, code: said } = await asked(given, asking);
    expect({ met, outcome, unknown, code: said }).toEqual({ met: false, outcome: "held", unknown: true, code });
  }
});
