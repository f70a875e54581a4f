import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createActors } from "@glu/forges";
import { createSecrets } from "@glu/hosts";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fetchOf } from "./outside-fetch.ts";
import { maskTokens } from "./shells/surround.ts";

let asked: Pick<IncomingMessage, "url">[];
const server = createServer((request, response) => {
  asked.push({ url: request.url });
  response.end("ok");
});
let origin: string;
beforeEach(async () => {
  asked = [];
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => void server.close(resolve)));

const manual = { redirect: "manual" } as const;

it("a proxy that the environment names is asked, unless no_proxy names the server", async () => {
  await fetchOf({ http_proxy: origin })("http://git.test/api", manual);
  await fetchOf({ http_proxy: "http://127.0.0.1:1", no_proxy: "127.0.0.1" })(`${origin}/direct`, manual);
  await fetchOf({ HTTP_PROXY: "http://127.0.0.1:1", NO_PROXY: "127.0.0.1" })(`${origin}/upper`, manual);
  await fetchOf({})(`${origin}/none`, manual);
  expect(asked.map(({ url }) => url)).toEqual(["http://git.test/api", "/direct", "/upper", "/none"]);
});

it("the password of a proxy is a secret of the run, however it is written, and so is each line of an App's key", () => {
  const secrets = createSecrets();
  const env = {
    HTTPS_PROXY: "http://ada:p%40ss-word@proxy.test:8080",
    all_proxy: "ada:other-word@proxy.test",
    NO_PROXY: "a:b@c",
    GLU_APP_PRIVATE_KEY: String.raw`-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA\n-----END KEY-----`,
  };
  maskTokens(env, { mask: (secret: string) => secrets.add(secret) } as never);
  const basic = Buffer.from("ada:p@ss-word").toString("base64");
  const said = `p%40ss-word p@ss-word ${basic} other-word MIIEpAIBAAKCAQEA proxy.test a:b@c`;
  const shown = secrets.redact(said);
  for (const secret of ["p%40ss", "p@ss", "other-word", "MIIE"]) expect(shown).not.toContain(secret);
  expect(Buffer.from(shown.split(" ")[2] ?? "", "base64").toString()).not.toContain("p@ss-word");
  expect(shown).toContain("proxy.test a:b@c");
});

it.each([
  [
    "http://ada:s3cret@127.0.0.1:1",
    "forge/unreachable",
    /^git\.test cannot be asked: the proxy 127\.0\.0\.1:1 cannot/,
    /https_proxy/,
  ],
  ["socks5://ada:s3cret@127.0.0.1:1", "http/proxy", /^The proxy socks5:\/\/… cannot be used/, /HTTP proxy/],
])("a forge is not asked through the proxy %s, which is named", async (proxy, code, message, fix) => {
  const clock = { now: () => 0, random: () => 0, sleep: async () => {} };
  const fetch = fetchOf({ http_proxy: proxy });
  const asking = { apiUrl: "http://git.test", repository: "acme/config", token: "t", clock, fetch };
  const limits = { attempts: 2, base: 1, longest: 1 };
  const asked = createActors({ forge: "gitea", ...asking, limits }).self();
  const error = await asked.catch((error: unknown) => error);
  expect(error).toMatchObject({ code, message: expect.stringMatching(message), fix: expect.stringMatching(fix) });
  expect(JSON.stringify(error)).not.toContain("s3cret");
});
