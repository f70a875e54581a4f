import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { proxyOf } from "@glu/core";
import { type Environment, openAgent } from "./agent.ts";
import { failureOf, unreachable } from "./failure.ts";

/** Statuses whose answer has no body: a `Response` takes none with them. */
const bodyless = new Set([204, 205, 304]);

/**
 * `fetch` through the proxy that the environment names for a URL, as far as it is used here: a text or bytes as body,
 * redirects are answers and never followed.
 * @throws TypeError as `fetch` does, whose cause says why; OutsideError `http/proxy` for a proxy that is none of HTTP
 */
export async function fetchByProxy(url: URL, init: RequestInit | undefined, env: Environment): Promise<Response> {
  const { method = "GET", body, redirect, signal } = init ?? {};
  if (redirect !== "manual") throw new Error("a redirect is not followed through a proxy");
  const agent = await openAgent(url, env);
  const { request } = url.protocol === "https:" ? await import("node:https") : await import("node:http");
  const headers = Object.fromEntries(new Headers(init?.headers));
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    const asking = request(url, {
      method,
      headers: { "accept-encoding": "gzip", ...headers },
      agent: agent ?? false,
      ...(signal ? { signal } : {}),
    });
    asking.on("error", (error) => {
      // As `fetch` says that its time is over: it throws the signal's own reason.
      if (signal?.aborted) reject(signal.reason);
      else reject(new TypeError("fetch failed", { cause: deadProxy(error, url, env) ?? causeOf(error, url) }));
    });
    asking.on("response", resolve);
    // What a proxy says of a tunnel is no answer of the server.
    asking.on("proxyConnect", ({ statusCode = 200 }: { statusCode?: number }) => {
      if (statusCode !== 200) asking.destroy(new Error(`the proxy answers ${statusCode}`));
    });
    asking.end(body ?? undefined);
  });
  return answerOf(incoming, method);
}

function answerOf(incoming: IncomingMessage, method: string): Response {
  const { statusCode: status = 502, headersDistinct } = incoming;
  const headers = new Headers();
  for (const [name, values] of Object.entries(headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  if (bodyless.has(status) || method === "HEAD") {
    incoming.resume();
    return new Response(null, { status, headers });
  }
  const isZipped = /^(?:x-)?gzip$/i.test(headers.get("content-encoding") ?? "");
  const source = isZipped ? unzipped(incoming) : incoming;
  if (isZipped) headers.delete("content-encoding");
  return new Response(Readable.toWeb(source) as ReadableStream, { status, headers });
}

function unzipped(incoming: IncomingMessage): Readable {
  const plain = createGunzip();
  // An answer that is cut off is one that cannot be unpacked.
  incoming.on("error", (error) => plain.destroy(error));
  return incoming.pipe(plain);
}

/** Where a proxy is asked first, it alone can be out of reach. Its address is said without its name and password. */
function deadProxy(error: Error, url: URL, env: Environment): Error | undefined {
  const code = "code" in error ? String(error.code) : "";
  const proxy = proxyOf(url, env);
  if (proxy === undefined || !URL.canParse(proxy) || !neverConnected.test(code)) return undefined;
  return Object.assign(new Error(`the proxy ${new URL(proxy).host} cannot be reached (${code})`), { code });
}

const neverConnected = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/** Only the code of a system's error, since its text may hold the address of a proxy with its password. */
function causeOf(error: Error, url: URL): unknown {
  if (!("code" in error)) return /^the proxy answers \d+$/.test(error.message) ? error : new Error("the proxy failed");
  const told = failureOf(error, url, new AbortController().signal);
  return Object.assign(
    new Error(told === error ? "the connection failed" : unreachable(url, String(error.code)).message),
    {
      code: error.code,
    },
  );
}
