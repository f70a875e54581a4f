import { proxyOf } from "@glu/core";
import type { Env } from "./surroundings.ts";

/**
 * Node's `fetch`, through the proxy that the environment names for a URL, as Git and the gates go: Node's own looks at
 * no proxy. What goes through one is loaded when there is one.
 */
export function fetchOf(env: Env): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    if (proxyOf(url, env) === undefined) return fetch(input, init);
    const { fetchByProxy } = await import("@glu/outside/fetch-by-proxy");
    return fetchByProxy(url, init, env);
  };
}
