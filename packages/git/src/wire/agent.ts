import { Agent as HttpAgent } from "node:http";
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

/** The proxy for a URL; undefined for none. Only the lower-case `http_proxy` counts, since a CGI sets the other. */
export function proxyOf(url: URL, env: Environment): string | undefined {
  const named = url.protocol === "https:" ? env.https_proxy || env.HTTPS_PROXY : env.http_proxy;
  const proxy = named || env.all_proxy || env.ALL_PROXY;
  if (proxy === undefined || proxy === "" || isExcluded(url, env.no_proxy || env.NO_PROXY || "")) return undefined;
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}

/** `no_proxy`: `*`, or names that match a host and everything below it, each with a port or without. */
function isExcluded({ hostname, port, protocol }: URL, list: string): boolean {
  const at = port || (protocol === "https:" ? "443" : "80");
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === "*") return true;
    const bare = /:.*:/.test(entry) && !entry.startsWith("[") ? `[${entry}]` : entry;
    const [, name = "", only] = /^\*?\.?\[?(.*?)\]?(?::(\d+))?$/.exec(bare.toLowerCase()) ?? [];
    if (name === "" || (only !== undefined && only !== at)) return false;
    return host === name || host.endsWith(`.${name}`);
  });
}
