import type { IncomingMessage } from "node:http";
import type { HttpAnswer, HttpQuestion } from "@glu/core";
import { type Environment, openAgent } from "./agent.ts";
import { failureOf, unreachable } from "./failure.ts";
import { readBody } from "./read-body.ts";

/** One request to one address: what it answers, a redirect too. The connection is closed after it. */
export async function askOnce(
  question: HttpQuestion,
  url: URL,
  env: Environment,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  try {
    const incoming = await send(question, url, env, signal);
    const { statusCode = 0, headers } = incoming;
    const bodyless = question.method === "HEAD" || statusCode === 204 || statusCode === 304;
    if (bodyless) incoming.resume();
    return {
      status: statusCode,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      body: bodyless ? "" : await readBody(incoming, url, question.megabytes),
    };
  } catch (error) {
    throw failureOf(error, url, signal);
  }
}

async function send(
  { method, headers, body, ca }: HttpQuestion,
  url: URL,
  env: Environment,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  signal.throwIfAborted();
  const [agent, { request }] = await Promise.all([
    openAgent(url, env),
    url.protocol === "https:" ? import("node:https") : import("node:http"),
  ]);
  return new Promise((resolve, reject) => {
    const asking = request(url, {
      method,
      headers: { "user-agent": "glu", ...headers },
      agent: agent ?? false,
      signal,
      ...(ca === undefined ? {} : { ca }),
    });
    asking.on("error", (error: NodeJS.ErrnoException) => {
      // A proxy's agent has errors without a code.
      reject(error.code === undefined ? unreachable(url, "the connection failed", error) : error);
    });
    asking.on("response", resolve);
    // What a proxy says of a tunnel is no answer of the server.
    asking.on("proxyConnect", ({ statusCode = 200 }: { statusCode?: number }) => {
      if (statusCode !== 200) asking.destroy(unreachable(url, `the proxy answers ${statusCode}`));
    });
    asking.end(body);
  });
}
