import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openHttpClient } from "./client.ts";
import { startProxy } from "./test-kit/proxy.ts";
import { startServer } from "./test-kit/server.ts";

// Needs openssl, to make an authority that nobody trusts, and the compiled package.
let folder: string;
let pair: { key: string; cert: string };
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "glu-tls-"));
  const args = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1";
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  execFileSync("openssl", [...args.split(" "), "-keyout", key, "-out", cert], { stdio: "ignore" });
  pair = { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
});
afterAll(() => rmSync(folder, { recursive: true }));

const client = new URL("../../build/index.js", import.meta.url).href;

/** Asks in a process of its own: Node reads the authorities when it starts. */
async function askIn(env: Record<string, string>, url: string): Promise<string> {
  const program = `
    const { openHttpClient } = await import(${JSON.stringify(client)});
    const question = { method: "GET", url: ${JSON.stringify(url)}, headers: {} };
    const asking = openHttpClient({ env: process.env }).ask(question, new AbortController().signal);
    process.stdout.write(await asking.then(({ body }) => body, ({ code, message }) => code + " " + message));`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], { env });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  await once(child, "close");
  return said;
}

it("a server is trusted when NODE_EXTRA_CA_CERTS names its authority, also through a proxy's tunnel", async () => {
  await using server = await startServer((_, response) => response.end("hello"), pair);
  await using proxy = await startProxy();
  expect(await askIn({}, server.url)).toMatch(/^http\/certificate .*cannot be trusted: DEPTH_ZERO_SELF_SIGNED_CERT/);
  const trust = { NODE_EXTRA_CA_CERTS: join(folder, "cert.pem") };
  expect(await askIn(trust, server.url)).toBe("hello");
  expect(await askIn({ ...trust, https_proxy: proxy.url }, server.url)).toBe("hello");
  expect(proxy.asked).toEqual([`CONNECT ${server.url.slice("https://".length)}`]);
});

it("so is one that is asked with fetch", async () => {
  await using server = await startServer((_, response) => response.end("hello"), pair);
  await using proxy = await startProxy();
  const program = `
    const { fetchByProxy } = await import(${JSON.stringify(new URL("./fetch-by-proxy.js", new URL("http/", client)).href)});
    const asking = fetchByProxy(new URL(${JSON.stringify(server.url)}), { redirect: "manual" }, process.env);
    process.stdout.write(await asking.then((it) => it.text(), ({ cause }) => cause.code));`;
  const ask = async (env: Record<string, string>) => {
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program], { env });
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
    });
    await once(child, "close");
    return said;
  };
  expect(await ask({ https_proxy: proxy.url })).toBe("DEPTH_ZERO_SELF_SIGNED_CERT");
  expect(await ask({ HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: join(folder, "cert.pem") })).toBe("hello");
  expect(await ask({ all_proxy: proxy.url, NODE_EXTRA_CA_CERTS: join(folder, "cert.pem") })).toBe("hello");
});

it("so is one whose authority is given with the question, which goes to no other host", async () => {
  await using server = await startServer((_, response) => response.end("hello"), pair);
  await using proxy = await startProxy();
  const away = (_: unknown, response: ServerResponse) => response.writeHead(302, { location: server.url }).end();
  await using redirecting = await startServer(away, pair);
  const ask = (url: string, env = {}) =>
    openHttpClient({ env }).ask(
      { method: "GET", url, headers: {}, body: undefined, ca: pair.cert },
      new AbortController().signal,
    );
  expect((await ask(server.url)).body).toBe("hello");
  expect((await ask(server.url, { https_proxy: proxy.url })).body).toBe("hello");
  await expect(ask(redirecting.url)).rejects.toMatchObject({ code: "http/certificate" });
});
