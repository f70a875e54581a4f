import type { RefName } from "@glu/core";
import { BareFixture, GitServer, plainGitEnvironment, realClock } from "@glu/testing/internal";
import { expect, it } from "vitest";
import { startProxy } from "./test-kit/proxy.ts";
import { WireRemote } from "./wire-remote.ts";

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
