import type { RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { fetchByProxy } from "./fetch-by-proxy.ts";
import { startProxy } from "./test-kit/proxy.ts";
import { startServer } from "./test-kit/server.ts";

const manual = { redirect: "manual" } as const;
const answering =
  (status: number, headers: Record<string, string | string[]>, body: string | Buffer = ""): RequestListener =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };

it("what is asked and what is answered go through the proxy as they are", async () => {
  await using server = await startServer(answering(201, { "x-two": ["a", "b"], "content-type": "text/plain" }, "ü"));
  await using proxy = await startProxy();
  const init = {
    ...manual,
    method: "POST",
    headers: { authorization: "Bearer x", "user-agent": "glu" },
    body: '{"a":1}',
  };
  const answer = await fetchByProxy(new URL(`${server.url}/a%2Fb?c=d`), init, { http_proxy: proxy.url });
  expect([answer.status, answer.headers.get("x-two"), await answer.text()]).toEqual([201, "a, b", "ü"]);
  expect(proxy.asked).toEqual([`POST ${server.url}/a%2Fb?c=d`]);
  expect(server.asked).toMatchObject([
    { line: "POST /a%2Fb?c=d", body: '{"a":1}', headers: { authorization: "Bearer x", "user-agent": "glu" } },
  ]);
});

it("a proxy's own name and password go to the proxy", async () => {
  let shown: string | undefined;
  await using proxy = await startServer((request, response) => {
    shown = request.headers["proxy-authorization"];
    response.end("seen");
  });
  const env = { http_proxy: `http://ada:p%40ss@127.0.0.1:${proxy.port}` };
  expect(await (await fetchByProxy(new URL("http://git.test/"), manual, env)).text()).toBe("seen");
  expect(shown).toBe(`Basic ${Buffer.from("ada:p@ss").toString("base64")}`);
});

it("a packed answer is unpacked, and one without a body is one", async () => {
  await using server = await startServer((request, response) => {
    const zipped = { "content-encoding": "gzip" };
    if (request.url === "/zip") answering(200, zipped, gzipSync("hello"))(request, response);
    else if (request.url === "/cut") answering(200, zipped, gzipSync("hello").subarray(0, 12))(request, response);
    else answering(Number(request.url?.slice(1)), { location: "http://elsewhere.test/" })(request, response);
  });
  await using proxy = await startProxy();
  const ask = (path: string, method = "GET") =>
    fetchByProxy(new URL(`${server.url}/${path}`), { ...manual, method }, { http_proxy: proxy.url });
  expect(await (await ask("zip")).text()).toBe("hello");
  expect(await (await ask("zip", "HEAD")).text()).toBe("");
  await expect((await ask("cut")).text()).rejects.toThrow();
  for (const status of [204, 301, 304, 404, 503]) {
    const answer = await ask(String(status));
    expect([answer.status, await answer.text()]).toEqual([status, ""]);
  }
});

it("why it failed is said as fetch says it, without the proxy's password", async () => {
  const closed = await startServer(() => {});
  await closed[Symbol.asyncDispose]();
  const url = new URL("http://git.test/");
  const failure = (env: Record<string, string>, signal?: AbortSignal) =>
    fetchByProxy(url, { ...manual, ...(signal ? { signal } : {}) }, env).then(
      () => expect.fail("it was answered"),
      (error: Error & { code?: string }) => error,
    );
  const error = await failure({ http_proxy: `http://ada:s3cret@127.0.0.1:${closed.port}` });
  expect(error).toMatchObject({ name: "TypeError", cause: { code: "ECONNREFUSED" } });
  expect(String(error.cause)).toContain(`the proxy 127.0.0.1:${closed.port} cannot be reached (ECONNREFUSED)`);
  expect(JSON.stringify([error.message, String(error.cause), error.stack])).not.toContain("s3cret");
  expect(await failure({ http_proxy: "socks5://127.0.0.1:1" })).toMatchObject({ code: "http/proxy" });
  await using silent = await startServer(() => {});
  const signal = AbortSignal.timeout(20);
  expect(await failure({ http_proxy: silent.url }, signal)).toMatchObject({ name: "TimeoutError" });
});

it("a tunnel that the proxy refuses is no answer of the server", async () => {
  await using proxy = await startServer(answering(200, {}));
  // It knows no CONNECT, and closes the connection.
  const asking = fetchByProxy(new URL("https://git.test/"), manual, { https_proxy: proxy.url });
  await expect(asking).rejects.toMatchObject({ name: "TypeError" });
});
