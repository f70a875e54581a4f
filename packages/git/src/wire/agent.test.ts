import type { RefName } from "@glu/core";
import { BareFixture, GitServer, plainGitEnvironment, realClock } from "@glu/testing/internal";
import { describe, expect, it } from "vitest";
import { proxyOf } from "./agent.ts";
import { startProxy } from "./test-kit/proxy.ts";
import { WireRemote } from "./wire-remote.ts";

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

it("the wire goes through the proxy that the environment names", async () => {
  using bare = new BareFixture({ seed: { a: "1" } });
  await using server = await GitServer.start(bare.root, { token: "s3cret" });
  await using proxy = await startProxy();
  const url = server.url("config.git");
  const credentials = { token: "s3cret" };
  const env = { ...plainGitEnvironment, http_proxy: proxy.url };
  const options = { location: url, url, env, temp: "/nonexistent", clock: realClock, credentials };
  await using remote = await WireRemote.open({ ...options, memory: { shallowFilters: new Set() } });
  expect((await remote.fetchTip("refs/heads/main" as RefName))?.commit).toBe(bare.git("rev-parse", "main"));
  expect(proxy.asked.length).toBeGreaterThan(0);
  expect(proxy.asked.join()).not.toContain("s3cret");
  expect(server.requests).toHaveLength(2);
});

it("the wire leaves a proxy of another kind to Git", async () => {
  const url = "http://git.test/config.git";
  const env = { ...plainGitEnvironment, all_proxy: "socks5h://127.0.0.1:1" };
  const options = { location: url, url, env, temp: "/nonexistent", clock: realClock };
  await expect(WireRemote.open({ ...options, memory: { shallowFilters: new Set() } })).rejects.toThrow(/socks5h/);
});

it.each<[string, Record<string, string>]>([
  ["commits are signed", { "commit.gpgSign": "true" }],
  ["the URL leads elsewhere", { "url.http://other.test/.insteadOf": "http://git.test/" }],
  ["pushes lead elsewhere", { "url.http://other.test/.pushInsteadOf": "http://git.test/" }],
  ["a proxy is configured", { "http.proxy": "http://p:1" }],
  ["certificates are not verified", { "http.https://git.test.sslVerify": "false" }],
  ["there is a client certificate", { "http.sslCert": "/x.pem" }],
])("the wire leaves it to Git where %s", async (_what, settings) => {
  const url = "http://git.test/config.git";
  const pairs = Object.entries(settings).flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  const env = { ...plainGitEnvironment, ...Object.fromEntries(pairs), GIT_CONFIG_COUNT: String(pairs.length / 2) };
  const options = { location: url, url, env, temp: "/nonexistent", clock: realClock };
  await expect(WireRemote.open({ ...options, memory: { shallowFilters: new Set() } })).rejects.toMatchObject({
    name: "WireUnfit",
  });
});
