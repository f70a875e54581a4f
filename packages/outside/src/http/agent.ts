import type { Agent } from "node:http";
import { OutsideError } from "@glu/core";

/** The environment of a process, as an argument. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What opens the connection to a URL: undefined for a direct one, else through the proxy that the environment names
 * (`https_proxy`, `http_proxy`, `all_proxy`, `no_proxy`, as curl reads them).
 * @throws OutsideError `http/proxy`: it is of another kind than HTTP
 */
export async function openAgent(url: URL, env: Environment): Promise<Agent | undefined> {
  const proxy = proxyOf(url, env);
  if (proxy === undefined) return undefined;
  if (!/^https?:\/\//.test(proxy) || !URL.canParse(proxy)) {
    throw new OutsideError("http/proxy", `The proxy ${proxy.split(":")[0]}://… cannot be used: it is none of HTTP.`, {
      fix: "Name an HTTP proxy in https_proxy and http_proxy, or the server in no_proxy.",
    });
  }
  if (url.protocol === "https:") {
    const { HttpsProxyAgent } = await import("https-proxy-agent");
    return new HttpsProxyAgent(proxy) as unknown as Agent;
  }
  const { HttpProxyAgent } = await import("http-proxy-agent");
  return new HttpProxyAgent(proxy) as unknown as Agent;
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
