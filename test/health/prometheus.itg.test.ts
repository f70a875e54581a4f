import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { programInPath } from "@glu/testing/internal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Asking, askedGate } from "./asked-gate.ts";

// A real Prometheus that scrapes a page of this test every half second.

const page = `# TYPE errors gauge
errors{app="web",pod="a"} 0.01
errors{app="web",pod="b"} 0.02
errors{app="a\\"b\\nü"} 7
none{app="web"} NaN
`;

let root: string;
let target: Server;
let prometheus: ChildProcess;
let url: string;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "glu-prometheus-"));
  target = createServer((_, response) => response.setHeader("content-type", "text/plain; version=0.0.4").end(page));
  target.listen(0, "127.0.0.1");
  await once(target, "listening");
  const address = `127.0.0.1:${(target.address() as AddressInfo).port}`;
  const scrape = `global: { scrape_interval: 500ms, scrape_timeout: 400ms }\nscrape_configs: [{ job_name: web, static_configs: [{ targets: ["${address}"] }] }]\n`;
  writeFileSync(join(root, "prometheus.yml"), scrape);
  const port = await freePort();
  url = `http://127.0.0.1:${port}/base`;
  const args = [
    `--config.file=${join(root, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(root, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    `--web.external-url=http://127.0.0.1:${port}/base`,
    "--query.lookback-delta=2s",
  ];
  prometheus = spawn(programInPath("prometheus"), args, { stdio: "ignore", cwd: root });
  for (let tries = 0; ; tries++) {
    const gate = await askedGate("prometheus", { url, query: "up", equals: 1, retries: 0 });
    if (gate.met) break;
    if (tries > 100) throw new Error(`it does not scrape: ${gate.seen}`);
    await setTimeout(200);
  }
});

afterAll(async () => {
  if (prometheus?.exitCode === null) {
    prometheus.kill("SIGTERM");
    await once(prometheus, "exit");
  }
  target?.close();
  rmSync(root, { recursive: true, force: true });
});

const asked = (given: object, asking: Asking = {}) => askedGate("prometheus", { url, retries: 0, ...given }, asking);

describe("a real Prometheus", () => {
  it.each<[string, object, object]>([
    [
      "every series",
      { query: 'errors{app="web"}', max: 0.02 },
      { met: true, seen: "each of 2 series is from 0.01 to 0.02, and at most 0.02 is wanted" },
    ],
    [
      "one that is not good",
      { query: 'errors{app="web"}', max: 0.015 },
      { met: false, code: "prometheus/value", seen: expect.stringContaining('pod="b"') },
    ],
    ["a scalar", { query: 'scalar(sum(errors{app="web"}))', below: 0.031 }, { met: true }],
    ["a sum", { query: 'sum(errors{app="{{ app }}"})', above: 0.029 }, { met: true }],
    ["nothing", { query: "no_such_thing", max: 1 }, { met: false, code: "prometheus/no-data" }],
    ["nothing, which is good", { query: 'errors{app="web"} > 1', max: 1, empty: "met" }, { met: true }],
    ["NaN", { query: "none", max: 1 }, { met: false, code: "prometheus/no-data" }],
    ["0 by 0", { query: "vector(0) / 0", max: 1 }, { met: false, code: "prometheus/no-data" }],
    [
      "1 by 0",
      { query: "vector(1) / 0", max: 1 },
      { met: false, code: "prometheus/value", seen: expect.stringContaining("+Inf") },
    ],
    ["a text", { query: '"hello"', max: 1 }, { met: false, code: "prometheus/result" }],
    ["the samples of a time", { query: 'errors{pod="a"}[2s]', max: 1 }, { met: true }],
    [
      "what is no query",
      { query: "sum(", max: 1 },
      { met: false, code: "prometheus/query", unknown: true, seen: expect.stringContaining("bad_data: ") },
    ],
    [
      "what cannot be joined",
      { query: "errors + on(app) errors", max: 1 },
      { met: false, code: "prometheus/query", seen: expect.stringContaining("execution: ") },
    ],
    ["no API", { query: "up", max: 1, url: "http://127.0.0.1:1/nobody" }, { code: "http/unreachable" }],
  ])("is asked for %s", async (_, given, said) => {
    expect(await asked(given)).toMatchObject({ outcome: "held", ...said });
  });

  it("reads a template's value as a text, whatever is in it", async () => {
    const { renderQuery } = await import("../../packages/core/src/gates/prometheus/query.ts");
    const query = renderQuery('errors{app="{{ app }}"}', () => 'a"b\nü');
    expect(await asked({ query, equals: 7 })).toMatchObject({ met: true });
    const harmless = renderQuery('errors{app="{{ app }}"}', () => 'x"} or vector(7) #');
    expect(await asked({ query: harmless, equals: 7 })).toMatchObject({ code: "prometheus/no-data" });
  });

  it("is asked over a time, which has to pass", async () => {
    const releasedAgo = () => ({ releasedAgo: Date.now() - began });
    const began = Date.now();
    const given = { query: 'errors{app="web"}', max: 0.02, over: "3s" };
    expect(await asked(given, releasedAgo())).toMatchObject({
      met: false,
      outcome: "held",
      code: "prometheus/waiting",
    });
    expect(await asked({ ...given, max: 0.01 }, releasedAgo())).toMatchObject({
      outcome: "refused",
      code: "prometheus/value",
    });
    await setTimeout(Math.max(0, began + 3100 - Date.now()));
    expect(await asked(given, releasedAgo())).toMatchObject({ met: true, seen: expect.stringContaining("for 3s") });
    // Before it was started there is nothing.
    expect(await asked({ ...given, over: "10m" })).toMatchObject({
      met: false,
      code: "prometheus/no-data",
      clearsAt: expect.any(String),
    });
    expect(await asked({ query: "errors[2s]", max: 1, over: "3s" })).toMatchObject({ code: "prometheus/query" });
    expect(await asked({ query: "1", max: 1, over: "90d" })).toMatchObject({ met: true });
  });
});
