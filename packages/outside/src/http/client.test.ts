import type { RequestListener } from "node:http";
import { createServer } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import type { HttpQuestion, OutsideError } from "@glu/core";
import { describe, expect, it } from "vitest";
import { openHttpClient } from "./client.ts";
import { startProxy } from "./test-kit/proxy.ts";
import { startServer } from "./test-kit/server.ts";

const never = new AbortController().signal;

function ask(url: string, more: Partial<HttpQuestion> = {}, env: Record<string, string> = {}, signal = never) {
  const question: HttpQuestion = { method: "GET", url, headers: {}, body: undefined, ...more };
  return openHttpClient({ env }).ask(question, signal);
}

/** Why it was not answered. */
async function failure(asking: Promise<unknown>): Promise<OutsideError> {
  const error = await asking.then(
    () => new Error("it was answered"),
    (error: unknown) => error,
  );
  expect(error).toMatchObject({ name: "GluError", kind: "outside", fix: expect.any(String) });
  return error as OutsideError;
}

const text =
  (body: string | Buffer, status = 200, headers: Record<string, string> = {}): RequestListener =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };

describe("an answer", () => {
  it.each([200, 201, 204, 301, 401, 404, 429, 500, 503])("is one with any status, such as %i", async (status) => {
    await using server = await startServer(text("", status, { "retry-after": "3", "X-Two": "b" }));
    const answer = await ask(server.url);
    expect(answer).toMatchObject({ status, headers: { "retry-after": "3", "x-two": "b" }, body: "" });
  });

  it("has what was asked: method, path, headers and what was posted", async () => {
    await using server = await startServer(text("ok"));
    await ask(`${server.url}/a%2Fb?c=d`, { method: "POST", headers: { authorization: "Bearer x" }, body: "ü" });
    await ask(`${server.url}/h`, { method: "HEAD" });
    expect(server.asked).toMatchObject([
      {
        line: "POST /a%2Fb?c=d",
        headers: { authorization: "Bearer x", "user-agent": "glu", "content-length": "2" },
        body: "ü",
      },
      { line: "HEAD /h" },
    ]);
  });

  it.each([
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ])("that is packed as %s is unpacked", async (coding, pack) => {
    await using server = await startServer(text(pack(Buffer.from('{"a":"ü"}')), 200, { "content-encoding": coding }));
    expect((await ask(server.url)).body).toBe('{"a":"ü"}');
    expect(await ask(server.url, { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
  });

  it("may hold what is no UTF-8, and begin with a byte order mark", async () => {
    await using server = await startServer(text(Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff])));
    expect((await ask(server.url)).body).toBe("a\ufffd");
  });

  it("has a megabyte and no more", async () => {
    await using server = await startServer((request, response) =>
      response.end("x".repeat(Number(request.url?.slice(1)))),
    );
    expect((await ask(`${server.url}/1000000`)).body).toHaveLength(1_000_000);
    expect(await failure(ask(`${server.url}/1000001`))).toMatchObject({ code: "http/too-large", transient: false });
    expect((await ask(`${server.url}/1000001`, { megabytes: 2 })).body).toHaveLength(1_000_001);
    expect((await failure(ask(`${server.url}/2000001`, { megabytes: 2 }))).message).toContain("larger than 2 MB");
  });
});

describe("what is no answer", () => {
  it("is one that never ends", async () => {
    let isClosed: Promise<void> | undefined;
    await using server = await startServer((_, response) => {
      isClosed = new Promise((resolve) => response.on("close", resolve));
      const more = () => {
        while (response.write("x".repeat(10_000)));
      };
      response.on("drain", more);
      more();
    });
    expect((await failure(ask(server.url))).code).toBe("http/too-large");
    // The connection is not left open.
    await isClosed;
  });

  it("is one that unpacks to more than a megabyte", async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    await using server = await startServer(text(bomb, 200, { "content-encoding": "gzip" }));
    expect((await failure(ask(server.url))).code).toBe("http/too-large");
  });

  it("is none at all: its time ends, before the headers and in the middle of the body", async () => {
    await using server = await startServer((request, response) => {
      if (request.url === "/body") response.write("begun");
      stop.abort();
    });
    let stop = new AbortController();
    expect(await failure(ask(server.url, {}, {}, stop.signal))).toMatchObject({
      code: "http/timeout",
      transient: true,
    });
    stop = new AbortController();
    expect((await failure(ask(`${server.url}/body`, {}, {}, stop.signal))).code).toBe("http/timeout");
    expect((await failure(ask(server.url, {}, {}, stop.signal))).code).toBe("http/timeout");
    expect(server.asked).toHaveLength(2);
  });

  it.each(["/headers", "/body"])("is one that breaks off: %s", async (path) => {
    await using server = await startServer((request, response) => {
      if (request.url === "/headers") return void request.socket.resetAndDestroy();
      response.writeHead(200, { "content-length": "100" });
      response.write("begun", () => request.socket.resetAndDestroy());
    });
    expect(await failure(ask(server.url + path))).toMatchObject({ code: "http/unreachable", transient: true });
  });

  it("is one of a server that is not there", async () => {
    const gone = await startServer(text(""));
    await gone[Symbol.asyncDispose]();
    const error = await failure(ask(`${gone.url}/x?key=s3cret`));
    expect(error).toMatchObject({ code: "http/unreachable", transient: true });
    expect(error.message).toBe(`${gone.url}/x cannot be reached: ECONNREFUSED.`);
  });

  it.each([
    ["no gzip", { "content-encoding": "gzip" }, "plain"],
    ["half a gzip", { "content-encoding": "gzip" }, gzipSync(Buffer.from("x".repeat(1000))).subarray(0, 20)],
    ["no brotli", { "content-encoding": "br" }, "plain"],
    ["packed as nobody knows", { "content-encoding": "snappy" }, "plain"],
  ])("is one that is %s", async (_what, headers, body) => {
    await using server = await startServer(text(body, 200, headers));
    expect(await failure(ask(server.url))).toMatchObject({ code: "http/broken", transient: false });
  });

  it("is one that is not HTTP", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.end("SSH-2.0-OpenSSH_9.9\r\n");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    expect((await failure(ask(`http://127.0.0.1:${port}/`))).code).toBe("http/broken");
    server.close();
  });

  it("is one to HTTPS from a server that speaks none", async () => {
    await using server = await startServer(text("ok"));
    expect((await failure(ask(server.url.replace("http:", "https:")))).code).toBe("http/unreachable");
  });
});

describe("a redirect", () => {
  const to =
    (status: number, location: string): RequestListener =>
    (request, response) => {
      if (request.url === "/end") response.end("there");
      else response.writeHead(status, { location }).end();
    };
  const secret = { authorization: "Bearer s3cret", "x-key": "s3cret" };

  it.each([301, 302, 303, 307, 308])("%i is followed on the same server with the headers", async (status) => {
    await using server = await startServer(to(status, "/end"));
    expect(await ask(server.url, { headers: secret })).toMatchObject({ status: 200, body: "there" });
    expect(server.asked[1]?.headers).toMatchObject(secret);
  });

  it.each([301, 302, 303, 307, 308])("%i is followed to another server without any of the headers", async (status) => {
    await using other = await startServer(text("elsewhere"));
    await using server = await startServer(to(status, `${other.url}/end`));
    expect((await ask(server.url, { headers: secret })).body).toBe("elsewhere");
    expect(JSON.stringify(other.asked)).not.toContain("s3cret");
    expect(other.asked).toHaveLength(1);
  });

  it("that comes back to the first server does not bring the headers back", async () => {
    let home = "";
    await using other = await startServer((_, response) => response.writeHead(302, { location: `${home}/end` }).end());
    await using server = await startServer((request, response) => to(302, other.url)(request, response));
    home = server.url;
    expect((await ask(server.url, { headers: secret })).body).toBe("there");
    expect(server.asked[1]?.headers.authorization).toBeUndefined();
  });

  it("of what was posted becomes a GET, or is posted again to the same server only", async () => {
    const post = { method: "POST", body: "s3cret" } as const;
    await using other = await startServer(text("elsewhere"));
    await using see = await startServer(to(303, "/end"));
    await ask(see.url, post);
    expect(see.asked[1]).toMatchObject({ line: "GET /end", body: "" });
    await using again = await startServer(to(307, "/end"));
    await ask(again.url, post);
    expect(again.asked[1]).toMatchObject({ line: "POST /end", body: "s3cret" });
    await using away = await startServer(to(308, other.url));
    expect((await failure(ask(away.url, post))).code).toBe("http/redirect");
    expect(other.asked).toEqual([]);
  });

  it.each(["file:///etc/passwd", "ftp://x.test/", "http://a:b@x.test/", "http://[", "javascript:alert(1)"])(
    "to %s is not followed",
    async (location) => {
      await using server = await startServer(to(302, location));
      expect((await failure(ask(server.url))).code).toBe("http/redirect");
    },
  );

  it("in a circle ends", async () => {
    await using server = await startServer(to(302, "/again"));
    expect((await failure(ask(server.url))).code).toBe("http/redirect");
    expect(server.asked).toHaveLength(6);
  });

  it("without a place is an answer", async () => {
    await using server = await startServer(text("choose", 302));
    expect(await ask(server.url)).toMatchObject({ status: 302, body: "choose" });
  });
});

describe("a proxy", () => {
  it("of the environment is used, and is not where no_proxy says so", async () => {
    await using server = await startServer(text("ok"));
    await using proxy = await startProxy();
    expect((await ask(`${server.url}/x`, {}, { http_proxy: proxy.url })).body).toBe("ok");
    expect(proxy.asked).toEqual([`GET ${server.url}/x`]);
    await ask(server.url, {}, { http_proxy: proxy.url, no_proxy: "127.0.0.1" });
    expect(proxy.asked).toHaveLength(1);
  });

  it("that refuses a tunnel gives no answer of the server's, and its password is not said", async () => {
    const refusing = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end("HTTP/1.1 403 Forbidden\r\n\r\n"));
    });
    await new Promise<void>((resolve) => refusing.listen(0, "127.0.0.1", resolve));
    const { port } = refusing.address() as { port: number };
    const env = { https_proxy: `http://user:s3cret@127.0.0.1:${port}` };
    const error = await failure(ask("https://status.test/", {}, env));
    expect(error).toMatchObject({ code: "http/unreachable" });
    expect(error.message).toBe("https://status.test/ cannot be reached: the proxy answers 403.");
    refusing.close();
  });

  it("that hangs up is no answer", async () => {
    const silent = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end());
    });
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as { port: number };
    const asking = ask("https://status.test/", {}, { https_proxy: `http://user:s3cret@127.0.0.1:${port}` });
    expect(await failure(asking)).toMatchObject({ code: "http/unreachable", transient: true });
    silent.close();
  });

  it("of another kind is refused without its password", async () => {
    const error = await failure(ask("https://status.test/", {}, { all_proxy: "socks5://user:s3cret@p:1" }));
    expect(error.code).toBe("http/proxy");
    expect(error.message).not.toContain("s3cret");
  });
});
