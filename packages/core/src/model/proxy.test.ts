import { describe, expect, it } from "vitest";
import { proxyOf } from "./proxy.ts";

describe("the proxy of a URL", () => {
  it.each([
    ["https://git.test/x", {}, undefined],
    ["https://git.test/x", { https_proxy: "http://p:1" }, "http://p:1"],
    ["https://git.test/x", { HTTPS_PROXY: "p:1" }, "http://p:1"],
    ["https://git.test/x", { http_proxy: "http://p:1" }, undefined],
    ["https://git.test/x", { ALL_PROXY: "socks5://p:1" }, "socks5://p:1"],
    ["http://git.test/x", { http_proxy: "http://p:1" }, "http://p:1"],
    // A CGI could set it by a header (httpoxy).
    ["http://git.test/x", { HTTP_PROXY: "http://p:1" }, undefined],
    ["https://git.test/x", { https_proxy: "http://p:1", no_proxy: "git.test" }, undefined],
    ["https://a.git.test/x", { https_proxy: "http://p:1", no_proxy: "x, .git.test" }, undefined],
    ["https://a.git.test/x", { https_proxy: "http://p:1", NO_PROXY: "*.git.test" }, undefined],
    ["https://agit.test/x", { https_proxy: "http://p:1", no_proxy: "git.test" }, "http://p:1"],
    ["https://git.test:8443/x", { https_proxy: "http://p:1", no_proxy: "git.test:443" }, "http://p:1"],
    ["https://git.test/x", { https_proxy: "http://p:1", no_proxy: "git.test:443" }, undefined],
    ["https://[::1]/x", { https_proxy: "http://p:1", no_proxy: "::1" }, undefined],
    ["https://git.test/x", { https_proxy: "http://p:1", no_proxy: "*" }, undefined],
    ["https://git.test/x", { https_proxy: "" }, undefined],
  ])("%s with %j is %s", (url, env, proxy) => {
    expect(proxyOf(new URL(url), env)).toBe(proxy);
  });
});
