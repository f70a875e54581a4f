import { Agent as HttpAgent } from "node:http";
import { proxyOf } from "@glu/core";
import type { Environment } from "../process/environment.ts";
import { WireUnfit } from "./wire-unfit.ts";

/** One connection at a time, kept open between requests. */
const keep = { keepAlive: true, maxSockets: 1, scheduling: "lifo" } as const;

/**
 * What opens the connection to a URL: directly, or through the proxy that the environment names
 * (`https_proxy`, `http_proxy`, `all_proxy`, `no_proxy`, as curl reads them).
 * @throws WireUnfit for a proxy of another kind than HTTP
 */
export async function openAgent(url: string, env: Environment): Promise<HttpAgent> {
  const secure = url.startsWith("https:");
  const proxy = proxyOf(new URL(url), env);
  if (proxy === undefined) {
    // OpenSSL takes five milliseconds to load.
    const { Agent } = secure ? await import("node:https") : { Agent: HttpAgent };
    return new Agent(keep);
  }
  if (!/^https?:\/\//.test(proxy)) throw new WireUnfit(`The proxy ${proxy.split(":")[0]}://… is none of HTTP.`);
  if (secure) {
    const { HttpsProxyAgent } = await import("https-proxy-agent");
    return new HttpsProxyAgent(proxy, keep) as unknown as HttpAgent;
  }
  const { HttpProxyAgent } = await import("http-proxy-agent");
  return new HttpProxyAgent(proxy, keep) as unknown as HttpAgent;
}
