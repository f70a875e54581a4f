type Environment = Readonly<Record<string, string | undefined>>;

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
