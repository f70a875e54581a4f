import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RefName } from "@glu/core";
import { BareFixture, GitServer, plainGitEnvironment, realClock } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openConfigRepository } from "../config/git-config-repository.ts";
import { startProxy } from "./test-kit/proxy.ts";

// Needs openssl, to make an authority that nobody trusts.
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "glu-tls-"));
  const args = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost";
  execFileSync("openssl", [...args.split(" "), "-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")], {
    stdio: "ignore",
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The Git server behind TLS. */
async function startTls(plain: GitServer) {
  const pair = { key: readFileSync(join(folder, "key.pem")), cert: readFileSync(join(folder, "cert.pem")) };
  const server = createServer(pair, (incoming, response) => {
    const { method, headers, url } = incoming;
    const forwarded = request(`${plain.origin}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}/config.git`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const branch = "refs/heads/main" as RefName;

it("an authority that Git is told of is trusted by the wire, also through a proxy's tunnel", async () => {
  using bare = new BareFixture({ seed: { a: "1" } });
  await using plain = await GitServer.start(bare.root);
  await using tls = await startTls(plain);
  await using proxy = await startProxy();
  const cert = join(folder, "cert.pem");
  for (const trust of [
    { GIT_SSL_CAINFO: cert },
    { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "http.sslCAInfo", GIT_CONFIG_VALUE_0: cert },
    { GIT_SSL_CAINFO: cert, https_proxy: proxy.url },
  ]) {
    const env = { ...plainGitEnvironment, ...trust };
    await using config = await openConfigRepository({ location: tls.url, branch, env, temp: folder, clock: realClock });
    expect((await config.open()).commit).toBe(bare.git("rev-parse", "main"));
    expect(config.cost(), JSON.stringify(trust)).toMatchObject({ way: "wire", requests: 2 });
  }
  expect(proxy.asked).toEqual([expect.stringMatching(/^CONNECT localhost:/)]);
});

it("a certificate that the wire does not trust is left to Git, which says so", async () => {
  using bare = new BareFixture({ seed: { a: "1" } });
  await using plain = await GitServer.start(bare.root);
  await using tls = await startTls(plain);
  const options = { location: tls.url, branch, env: plainGitEnvironment, temp: folder, clock: realClock };
  await using config = await openConfigRepository(options);
  await expect(config.open()).rejects.toMatchObject({
    ...{ kind: "outside", code: "repository/certificate", transient: false },
    fix: expect.stringContaining("NODE_EXTRA_CA_CERTS"),
  });
  expect(config.cost().way).toBe("git");
  expect(plain.requests).toEqual([]);
});

it("NODE_EXTRA_CA_CERTS, which Node itself reads, is what the git binary trusts too, beside the system's authorities", async () => {
  using bare = new BareFixture({ seed: { a: "1" } });
  await using plain = await GitServer.start(bare.root);
  await using tls = await startTls(plain);
  await using proxy = await startProxy();
  const extra = { GLU_TRANSPORT: "git", NODE_EXTRA_CA_CERTS: join(folder, "cert.pem") };
  for (const more of [{}, { https_proxy: proxy.url }]) {
    const env = { ...plainGitEnvironment, ...extra, ...more };
    await using config = await openConfigRepository({ location: tls.url, branch, env, temp: folder, clock: realClock });
    expect((await config.open()).commit).toBe(bare.git("rev-parse", "main"));
    expect(config.cost().way).toBe("git");
  }
  expect(new Set(proxy.asked)).toEqual(new Set([expect.stringMatching(/^CONNECT localhost:/)]));
  // What Git itself was told counts for it.
  const env = { ...plainGitEnvironment, ...extra, GIT_SSL_CAINFO: join(folder, "missing.pem") };
  await using config = await openConfigRepository({ location: tls.url, branch, env, temp: folder, clock: realClock });
  await expect(config.open()).rejects.toMatchObject({ code: "repository/unreachable" });
});
