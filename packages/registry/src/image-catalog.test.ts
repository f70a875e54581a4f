import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Digest, digest, type HttpMemory, type RememberedAnswer } from "@glu/core";
import { RegistryServer } from "@glu/testing/internal";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Credentials } from "./credentials.ts";
import { createImageCatalog } from "./image-catalog.ts";

const clock = { now: () => Date.now(), random: () => 0, sleep: async () => {} };
const connect = (credentials: Record<string, Credentials> = {}, memory?: HttpMemory) =>
  createImageCatalog({
    credentials: (host) => credentials[host],
    clock,
    timeout: 5000,
    ...(memory === undefined ? {} : { memory }),
  });

/** What is kept from run to run. */
function keep(): HttpMemory & { kept: Map<string, RememberedAnswer> } {
  const kept = new Map<string, RememberedAnswer>();
  return { kept, get: async (url) => kept.get(url), put: async (url, answer) => void kept.set(url, answer) };
}

let registry: RegistryServer;
const servers: Server[] = [];
beforeEach(async () => {
  registry = await RegistryServer.start();
});
afterEach(async () => {
  await registry[Symbol.asyncDispose]();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
const name = () => `${registry.host}/acme/web`;

/** A server that answers as no registry should. */
async function hostile(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("the tags of an image", () => {
  it("are all of them, page after page", async () => {
    const tags = Array.from({ length: 25 }, (_, at) => `1.${at}.0`);
    for (const tag of tags) registry.push("acme/web", tag);
    registry.pageSize = 10;
    expect([...(await connect().tags(name()))].sort()).toEqual([...tags].sort());
    expect(registry.asked).toEqual([
      "GET /v2/acme/web/tags/list?n=1000",
      "GET /v2/acme/web/tags/list?last=1.17.0&n=1000",
      "GET /v2/acme/web/tags/list?last=1.4.0&n=1000",
    ]);
  });

  it("are listed once in a run", async () => {
    registry.push("acme/web", "1.0.0");
    const images = connect();
    await images.tags(name());
    await images.tags(name());
    expect(registry.asked).toHaveLength(1);
  });

  it("are read with a token for this repository", async () => {
    registry.push("acme/web", "1.0.0");
    registry.login = "me:pass";
    await expect(connect().tags(name())).rejects.toMatchObject({ code: "registry/unauthorised" });
    registry.asked = [];
    const images = connect({ [registry.host]: { username: "me", password: "pass" } });
    expect(await images.tags(name())).toEqual(["1.0.0"]);
    await images.resolve(name(), "1.0.0");
    expect(registry.asked.filter((one) => one.startsWith("GET /token"))).toEqual([
      "GET /token?service=fake&scope=repository%3Aacme%2Fweb%3Apull",
    ]);
  });

  it("of an image that is not there is an error, of one without tags an empty list", async () => {
    await expect(connect().tags(name())).rejects.toMatchObject({ code: "registry/not-found" });
    const host = await hostile((_, response) => void response.end('{"name":"a/b","tags":null}'));
    expect(await connect().tags(`${host}/a/b`)).toEqual([]);
  });

  it("of a name with a tag are not asked for", async () => {
    expect(() => connect().tags(`${name()}:1.0.0`)).toThrow(expect.objectContaining({ code: "input/image" }));
  });

  it.each([
    ["another image", "</v2/a/other/tags/list?last=x>"],
    ["itself", "</v2/a/b/tags/list?n=1000>"],
    ["nowhere", "<http://[>"],
  ])("are not read on at %s", async (_, link) => {
    let asked = 0;
    const host = await hostile((_request, response) => {
      asked++;
      response.setHeader("link", `${link}; rel="next"`);
      response.end('{"tags":["1"]}');
    });
    await expect(connect().tags(`${host}/a/b`)).rejects.toMatchObject({ code: "registry/unexpected" });
    expect(asked).toBe(1);
  });

  it("are read on here, whatever host the next page is said to be at", async () => {
    const asked: string[] = [];
    const host = await hostile(({ url = "" }, response) => {
      asked.push(url);
      if (asked.length === 1) response.setHeader("link", '<https://evil.example/v2/a/b/tags/list?last=x>; rel="next"');
      response.end(JSON.stringify({ tags: [`${asked.length}`] }));
    });
    expect(await connect().tags(`${host}/a/b`)).toEqual(["1", "2"]);
    expect(asked).toEqual(["/v2/a/b/tags/list?n=1000", "/v2/a/b/tags/list?last=x"]);
  });

  it("of a registry with small pages are all of them", async () => {
    for (let at = 0; at < 10_000; at++) registry.push("acme/web", `1.${at}.0`);
    registry.pageSize = 50;
    expect(await connect().tags(name())).toHaveLength(10_000);
    expect(registry.asked).toHaveLength(200);
  });

  it("that have no end are given up", async () => {
    let page = 0;
    let perPage = 0;
    const host = await hostile((_, response) => {
      response.setHeader("link", `</v2/a/b/tags/list?last=${++page}>; rel="next"`);
      const tags = perPage === 0 ? ["1"] : Array.from({ length: perPage }, (_, at) => `${page}.${at}`);
      response.end(JSON.stringify({ tags }));
    });
    await expect(connect().tags(`${host}/a/b`)).rejects.toMatchObject({ code: "registry/unexpected" });
    expect(page).toBe(100);
    perPage = 5000;
    page = 0;
    await expect(connect().tags(`${host}/a/b`)).rejects.toMatchObject({ code: "registry/too-many-tags" });
    expect(page).toBe(21);
  });

  it.each(["", "nonsense", "[]", '{"tags":"x"}', "{}"])("are not made of %j", async (body) => {
    const host = await hostile((_, response) => void response.end(body));
    await expect(connect().tags(`${host}/a/b`)).rejects.toMatchObject({ code: "registry/unexpected" });
  });

  it("are asked for on condition, page after page, where an earlier run is remembered", async () => {
    registry.etags = true;
    registry.pageSize = 10;
    registry.login = "me:pass";
    const login = { [registry.host]: { username: "me", password: "pass" } };
    for (let at = 0; at < 25; at++) registry.push("acme/web", `1.${at}.0`);
    const memory = keep();
    const first = await connect(login, memory).tags(name());
    expect([first.length, registry.unchanged]).toEqual([25, 0]);
    expect(await connect(login, memory).tags(name())).toEqual(first);
    expect(registry.unchanged).toBe(3);
    // The second page and what comes after it are others now.
    registry.push("acme/web", "1.18.1");
    expect((await connect(login, memory).tags(name())).length).toBe(26);
    expect(registry.unchanged).toBe(4);
    expect(JSON.stringify([...memory.kept])).not.toMatch(/pass|Bearer/);
  });

  it("are read anew from a registry that does not name its answers, and where what is kept is none", async () => {
    registry.push("acme/web", "1.0.0");
    const memory = keep();
    await connect({}, memory).tags(name());
    expect(memory.kept.size).toBe(0);
    registry.etags = true;
    await connect({}, memory).tags(name());
    for (const text of ["", "{}", "null", '{"tags":[],"link":1}']) {
      for (const [url, { etag }] of memory.kept) memory.kept.set(url, { etag, body: Buffer.from(text) });
      expect(await connect({}, memory).tags(name())).toEqual(["1.0.0"]);
    }
    expect(registry.unchanged).toBe(0);
  });

  it("of a registry that says that nothing has changed without being asked are an error", async () => {
    const host = await hostile((_, response) => void response.writeHead(304).end());
    await expect(connect({}, keep()).tags(`${host}/a/b`)).rejects.toMatchObject({ code: "registry/unexpected" });
  });

  it("may be tens of thousands in one answer; what is larger than a list can be is not read", async () => {
    const tags = Array.from({ length: 90_000 }, (_, at) => `sha-${"0".repeat(60)}-1.${at}.0`);
    const host = await hostile((_, response) => void response.end(JSON.stringify({ tags })));
    expect(await connect().tags(`${host}/a/b`)).toHaveLength(90_000);
    const endless = await hostile((_, response) => void response.end(Buffer.alloc(17 << 20, " ")));
    await expect(connect().tags(`${endless}/a/b`)).rejects.toMatchObject({
      code: "registry/unexpected",
      message: expect.stringContaining("larger than 16 MiB"),
    });
  });

  it("leave out what is no tag", async () => {
    const host = await hostile((_, response) => void response.end('{"tags":["ok","../x","-x","a b",1,null]}'));
    expect(await connect().tags(`${host}/a/b`)).toEqual(["ok"]);
  });
});

it("what a tag points to and what an image says is asked for once in a run, and anew in the next", async () => {
  registry.push("acme/web", "main", { salt: "a" });
  const [images, memory] = [connect({}, keep()), keep()];
  const at = await images.resolve(name(), "main");
  await images.facts(name(), at);
  const asked = registry.asked.length;
  expect(await images.resolve(name(), "main")).toBe(at);
  await images.facts(name(), at);
  expect(registry.asked).toHaveLength(asked);
  const is = registry.push("acme/web", "main", { salt: "b" });
  expect(await connect({}, memory).resolve(name(), "main")).toBe(is);
});

describe("what an image says of itself", () => {
  const revision = "c".repeat(40);
  const created = "2026-01-02T03:04:05.678901Z";
  const read = "2026-01-02T03:04:05.678Z";

  it("stands in its configuration", async () => {
    const at = registry.push("acme/web", "1", { created, revision });
    expect(await connect().facts(name(), at)).toEqual({ createdAt: read, revision });
  });

  it("of several platforms is what the first says, an attestation left out", async () => {
    const at = registry.push("acme/web", "1", { created, revision, platforms: 2 });
    expect(await connect().facts(name(), at)).toEqual({ createdAt: read, revision });
    // Index, platform, configuration.
    expect(registry.asked).toHaveLength(3);
  });

  it("is what its annotations say first, and needs no configuration then", async () => {
    const annotations = {
      "org.opencontainers.image.created": "2025-05-05T00:00:00Z",
      "org.opencontainers.image.revision": "main",
    };
    const at = registry.push("acme/web", "1", { created, revision, annotations });
    expect(await connect().facts(name(), at)).toEqual({ createdAt: "2025-05-05T00:00:00.000Z", revision: "main" });
    expect(registry.asked).toHaveLength(1);
  });

  it.each(["1970-01-01T00:00:00Z", "1980-01-01T00:00:01Z", "0001-01-01T00:00:00Z", "yesterday", ""])(
    "is no time when it is %j",
    async (text) => {
      const at = registry.push("acme/web", "1", { created: text });
      expect(await connect().facts(name(), at)).toEqual({ createdAt: undefined, revision: undefined });
    },
  );

  it("of a chart is what it deploys too", async () => {
    const at = registry.push("acme/charts/web", "1.0.0", {
      chart: { name: "web", version: "1.0.0", appVersion: "7.1" },
    });
    expect(await connect().facts(`${registry.host}/acme/charts/web`, at)).toMatchObject({ appVersion: "7.1" });
  });

  it("is not believed when the bytes are others than the digest says", async () => {
    const at = registry.push("acme/web", "1", { created });
    registry.tamper("acme/web", at);
    await expect(connect().facts(name(), at)).rejects.toMatchObject({ code: "registry/digest-mismatch" });
  });

  it("is an error when it is gone, and when it is no manifest", async () => {
    registry.push("acme/web", "1");
    const nothing = digest(`sha256:${"0".repeat(64)}`);
    await expect(connect().facts(name(), nothing)).rejects.toMatchObject({ code: "registry/not-found" });
    const host = await hostile((_, response) => void response.writeHead(400).end());
    await expect(connect().facts(`${host}/a/b`, nothing as Digest)).rejects.toMatchObject({
      code: "registry/unexpected",
    });
  });
});

describe("a registry that is out of order", () => {
  it.each([429, 500])(
    "by %i is given up for all of its images when it asks to slow down, else for that one",
    async (status) => {
      let asked = 0;
      const host = await hostile(({ url }, response) => {
        asked++;
        if (url?.includes("/fine/")) return void response.end('{"tags":["1"]}');
        response.writeHead(status, { "retry-after": "30" }).end();
      });
      const images = connect();
      const limited = { code: "registry/unreachable", message: expect.stringContaining(`${host} answers ${status}`) };
      await expect(images.tags(`${host}/a/b`)).rejects.toMatchObject(limited);
      expect(asked).toBe(5);
      if (status === 429) await expect(images.tags(`${host}/a/fine/x`)).rejects.toMatchObject(limited);
      else expect(await images.tags(`${host}/a/fine/x`)).toEqual(["1"]);
      expect(asked).toBe(status === 429 ? 5 : 6);
    },
  );

  it("that asks for a long wait is given up at once, and says for how long", async () => {
    const host = await hostile((_, response) => void response.writeHead(429, { "retry-after": "3600" }).end());
    await expect(connect().tags(`${host}/a/b`)).rejects.toMatchObject({
      message: `${host} answers 429 (too many requests) and asks to wait 3600 seconds.`,
    });
  });

  it("because it is not there is given up for all of its images", async () => {
    const gone = await RegistryServer.start();
    const { host } = gone;
    await gone[Symbol.asyncDispose]();
    const slept: number[] = [];
    const counting = { ...clock, sleep: async (time: number) => void slept.push(time) };
    const images = createImageCatalog({ credentials: () => undefined, clock: counting });
    for (const image of ["a", "b", "c"]) {
      await expect(images.tags(`${host}/a/${image}`)).rejects.toMatchObject({ code: "registry/unreachable" });
    }
    expect(slept).toHaveLength(4);
  });

  it("is asked again, and then given up", async () => {
    registry.push("acme/web", "1.0.0");
    registry.broken = 503;
    await expect(connect().tags(name())).rejects.toMatchObject({ code: "registry/unreachable", transient: true });
    expect(registry.asked.length).toBeGreaterThan(1);
  });
});
