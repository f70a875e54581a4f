import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { HttpMemory, RememberedAnswer } from "@glu/core";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { createChartIndexes } from "./chart-indexes.ts";
import { cutChart } from "./cut-chart.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/charts`, asked };
}

const clock = { now: () => Date.now(), random: () => 0, sleep: async () => {} };
const connect = (memory?: HttpMemory) => createChartIndexes({ clock, ...(memory === undefined ? {} : { memory }) });

const hex = "ab".repeat(32);
/** As `helm repo index` writes it. */
const index = `apiVersion: v1
entries:
  web:
  - apiVersion: v2
    appVersion: "1.10"
    created: "2026-01-02T03:04:05.678901234+01:00"
    description: |-
      Text with
        web:
      in it
    digest: ${hex}
    name: web
    urls:
    - https://charts.acme.dev/web-1.10.0.tgz
    version: 1.10.0
  - created: "2026-01-01T00:00:00Z"
    name: web
    version: 1.9.0
  - name: web
    removed: true
    version: 1.8.0
  - name: without a version
  web-extra:
  - version: 9.0.0
generated: "2026-01-02T03:04:05Z"
`;

describe("the versions of a chart", () => {
  it("stand in the index of its repository, which is read once in a run", async () => {
    const { url, asked } = await serve((_, response) => void response.end(index));
    const charts = connect();
    expect(await charts.versions(`${url}/`, "web")).toEqual([
      { version: "1.10.0", digest: `sha256:${hex}`, createdAt: "2026-01-02T02:04:05.678Z", appVersion: "1.10" },
      { version: "1.9.0", digest: undefined, createdAt: "2026-01-01T00:00:00.000Z", appVersion: undefined },
    ]);
    expect((await charts.versions(url, "web-extra")).map(({ version }) => version)).toEqual(["9.0.0"]);
    expect(asked.map((request) => request.url)).toEqual(["/charts/index.yaml"]);
  });

  it("are those of that chart only", async () => {
    const { url } = await serve((_, response) => void response.end(index));
    await expect(connect().versions(url, "we")).rejects.toMatchObject({ code: "chart/not-found" });
  });

  it("are read from an index in another style", async () => {
    const { url } = await serve((_, response) => void response.end(JSON.stringify(parse(index))));
    expect((await connect().versions(url, "web")).map(({ version }) => version)).toEqual(["1.10.0", "1.9.0"]);
  });

  it("are read from JSON as they stand there, with numbers and flags of its own", async () => {
    const entries = {
      web: [{ version: "1.1.0", appVersion: "7" }, { version: "1.2.0", removed: true }, { version: 1 }],
    };
    const { url } = await serve((_, response) => void response.end(JSON.stringify({ entries })));
    expect(await connect().versions(url, "web")).toMatchObject([{ version: "1.1.0", appVersion: "7" }]);
    const { url: flow } = await serve((_, response) => void response.end("{entries: {web: [{version: 1.3.0}]}}"));
    expect((await connect().versions(flow, "web")).map(({ version }) => version)).toEqual(["1.3.0"]);
  });

  it("are asked for on condition where an earlier answer is remembered", async () => {
    const kept = new Map<string, RememberedAnswer>();
    const memory: HttpMemory = {
      get: async (key) => kept.get(key),
      put: async (key, answer) => void kept.set(key, answer),
    };
    const statuses: number[] = [];
    const { url, asked } = await serve((request, response) => {
      const status = request.headers["if-none-match"] === '"one"' ? 304 : 200;
      statuses.push(status);
      response.writeHead(status, { etag: '"one"' }).end(status === 200 ? index : undefined);
    });
    const first = await connect(memory).versions(url, "web");
    expect(await connect(memory).versions(url, "web")).toEqual(first);
    expect(statuses).toEqual([200, 304]);
    expect(asked[0]?.headers["if-none-match"]).toBeUndefined();
  });

  it.each([
    [404, "", "chart/no-index"],
    [401, "", "chart/no-index"],
    // A server that says so without being asked on condition.
    [304, "", "chart/no-index"],
    [200, "entries: [", "chart/malformed"],
    [200, "<html>", "chart/not-found"],
    [200, "entries:\n  web: 1\n", "chart/not-found"],
    [200, "a: &a [x]\nentries:\n  web: [*a, *a]", "chart/malformed"],
  ])("are not made of %i %j", async (status, body, code) => {
    const { url } = await serve((_, response) => void response.writeHead(status).end(body));
    await expect(connect().versions(url, "web")).rejects.toMatchObject({ code });
  });
});

describe("the part of an index about one chart", () => {
  it("says of it what the whole says, whatever is around it", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}[a-z0-9]$/);
    const text = fc.oneof(fc.string(), fc.constantFrom("entries:\n  web:\n", "  web:", "a\n  b:\n- c", "# x"));
    const entry = fc.record({ version: fc.string(), description: text, annotations: fc.dictionary(name, text) });
    fc.assert(
      fc.property(fc.dictionary(name, fc.array(entry, { minLength: 1, maxLength: 3 }), { minKeys: 1 }), (entries) => {
        // The style of Go's libraries: a list as far to the left as its key.
        const yaml = stringify({ apiVersion: "v1", entries, generated: "x" }, { indentSeq: false });
        for (const chart of Object.keys(entries)) {
          const cut = cutChart(yaml, chart);
          if (cut !== undefined) expect(parse(cut)).toEqual(parse(yaml).entries[chart]);
        }
        expect(Object.keys(entries).some((chart) => cutChart(yaml, chart) !== undefined)).toBe(true);
      }),
    );
  });
});
