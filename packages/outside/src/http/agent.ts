import type { Agent } from "node:http";
import { OutsideError, proxyOf } from "@glu/core";

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
