import { generateKeyPairSync } from "node:crypto";
import { type Clock, GluError } from "@glu/core";
import { GithubServer } from "@glu/testing/internal";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { unescapedKey } from "./app-key.ts";
import { AppTokens, type AppUse } from "./app-tokens.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = (type: "pkcs1" | "pkcs8") => privateKey.export({ type, format: "pem" }).toString();
const everything = { contents: "write", metadata: "read", pull_requests: "write", members: "read", checks: "write" };
const repositories = ["acme/config", "acme/web"];

let github: GithubServer;
let time: number;
let masked: string[];
beforeEach(async () => {
  github = await GithubServer.start();
  time = Date.parse("2026-03-01T12:00:00Z");
  github.apps.now = () => time;
  masked = [];
});
afterEach(async () => {
  expect(github.violations).toEqual([]);
  await github[Symbol.asyncDispose]();
});

const install = (more: { permissions?: Record<string, string>; id?: string } = {}) =>
  github.apps.add({ id: "Iv1.abc", slug: "acme-glu", publicKey, permissions: everything, repositories, ...more });

function tokensOf(privateKey = pem("pkcs1"), own: Partial<Clock> = {}): AppTokens {
  const clock: Clock = { now: () => time, sleep: async () => {}, random: () => 0.5, ...own };
  const mask = (secret: string) => void masked.push(secret);
  return new AppTokens({
    app: { id: "Iv1.abc", privateKey },
    clock,
    mask,
    limits: { attempts: 3, base: 1, longest: 5_000 },
  });
}
const config = () => ({ apiUrl: github.apiUrl, repository: "acme/config" });
const failure = (tokens: AppTokens, use: AppUse = "git-write") =>
  tokens.token(config(), use).then(
    () => expect.fail("there is a token"),
    (error: unknown) => error as GluError,
  );

describe("a token of an App", () => {
  it.each([
    ["PKCS#1", pem("pkcs1")],
    ["PKCS#8", pem("pkcs8")],
    ["a key on one line", pem("pkcs1").replaceAll("\n", String.raw`\n`)],
    ["a key of Windows on one line", pem("pkcs8").replaceAll("\n", String.raw`\r\n`)],
    ["a key with blanks around", `\n  ${pem("pkcs8")}  \n`],
  ])("is made with %s", async (_, key) => {
    install();
    await using tokens = tokensOf(key);
    expect(await tokens.token(config(), "git-write")).toBe("ghs_app0");
  });

  it.each<[AppUse, Record<string, string>]>([
    ["git-read", { metadata: "read", contents: "read" }],
    ["git-write", { metadata: "read", contents: "write" }],
    ["api-read", { metadata: "read", contents: "read", pull_requests: "read", members: "read", checks: "read" }],
    ["api-write", { metadata: "read", contents: "write", pull_requests: "write", members: "read", checks: "read" }],
  ])("for %s sees one repository, and may do no more than that needs", async (use, permissions) => {
    install();
    await using tokens = tokensOf();
    await tokens.token(config(), use);
    expect(github.apps.tokens).toMatchObject([{ repositories: ["acme/config"] }]);
    expect(github.apps.tokens[0]?.permissions).toEqual(permissions);
  });

  it("is masked before it is used, as is what the App proves itself with", async () => {
    install();
    await using tokens = tokensOf();
    const token = await tokens.token(config(), "git-read");
    expect(masked).toContain(token);
    expect(masked.filter((one) => one.split(".").length === 3)).toHaveLength(2);
  });

  it("is made once, also for those that ask at the same time, and another one for another repository or use", async () => {
    install();
    await using tokens = tokensOf();
    const ask = (repository: string, use: AppUse) => tokens.token({ ...config(), repository }, use);
    const same = await Promise.all([ask("acme/config", "git-read"), ask("Acme/config", "git-read")]);
    expect(new Set(same).size).toBe(1);
    const others = [await ask("acme/web", "git-read"), await ask("acme/config", "git-write")];
    expect(new Set([...same, ...others]).size).toBe(3);
    expect(github.requests.filter(({ name }) => name === "GET /repos/acme/config/installation")).toHaveLength(1);
  });

  it("is made anew, once, when a long run outlives it", async () => {
    install();
    await using tokens = tokensOf();
    const first = await tokens.token(config(), "git-write");
    time += 54 * 60_000;
    expect(await tokens.token(config(), "git-write")).toBe(first);
    time += 60_000;
    const later = await Promise.all([1, 2, 3].map(() => tokens.token(config(), "git-write")));
    expect(new Set(later)).toEqual(new Set(["ghs_app1"]));
  });

  it("is revoked at the end, each that was made; what cannot be is no failure of the run", async () => {
    install();
    const tokens = tokensOf();
    await tokens.token(config(), "git-write");
    await tokens.token(config(), "api-write");
    await tokens[Symbol.asyncDispose]();
    expect(github.apps.tokens.map(({ revoked }) => revoked)).toEqual([true, true]);
    const others = tokensOf();
    await others.token(config(), "git-write");
    github.fault = () => ({ answer: { status: 503, text: "" } });
    await others[Symbol.asyncDispose]();
    expect(github.requests.filter(({ name }) => name.startsWith("DELETE"))).toHaveLength(3);
  });

  it("is asked for again after a failure: the next try may find the App installed", async () => {
    await using tokens = tokensOf();
    expect((await failure(tokens)).code).toBe("app/unauthorised");
    install();
    expect(await tokens.token(config(), "git-write")).toBe("ghs_app0");
  });

  it("is made though the clock is a minute off", async () => {
    install();
    for (const minutes of [-1, 1]) {
      await using tokens = tokensOf(pem("pkcs1"), { now: () => time + minutes * 60_000 });
      expect(await tokens.token(config(), "git-read")).toMatch(/^ghs_/);
    }
  });
});

describe("no token is made, and the error says why", () => {
  it.each<[string, number, RegExp]>([
    ["ahead", 5 * 60_000, /wrong: it is 3\d\d s ahead of GitHub's/],
    ["behind", -20 * 60_000, /wrong: it is 1[12]\d\d s behind GitHub's/],
  ])("when the clock is %s", async (_, off, message) => {
    install();
    // The server's clock is this machine's, as its `Date` says.
    github.apps.now = () => Date.now();
    await using tokens = tokensOf(pem("pkcs1"), { now: () => Date.now() + off });
    const error = await failure(tokens);
    expect(error).toMatchObject({ code: "app/clock", kind: "usage", fix: expect.stringContaining("NTP") });
    expect(error.message).toMatch(message);
  });

  it.each<[string, string]>([
    ["is none", "secret words"],
    ["is cut off", pem("pkcs1").slice(0, 400)],
    ["is none of RSA", generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString()],
  ])("when the key %s, and nothing of it is said", async (_, key) => {
    install();
    const error = await failure(tokensOf(key));
    expect(error).toMatchObject({ code: "app/key", kind: "usage" });
    const said = JSON.stringify([error.message, error.fix, error.seen, String(error.cause)]);
    for (const line of key.split("\n").filter((one) => !one.startsWith("-----") && one !== ""))
      expect(said).not.toContain(line);
    expect(github.requests).toEqual([]);
  });

  it("when the key is another App's, or was deleted", async () => {
    install();
    const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    const error = await failure(tokensOf(other.export({ type: "pkcs8", format: "pem" }).toString()));
    expect(error).toMatchObject({ code: "app/unauthorised", seen: "401: A JSON web token could not be decoded" });
  });

  it("when it is not installed for the repository", async () => {
    install();
    await using tokens = tokensOf();
    await expect(tokens.token({ ...config(), repository: "acme/other" }, "git-read")).rejects.toMatchObject({
      code: "app/not-installed",
      message: "The App is not installed for acme/other.",
    });
  });

  it("when it is suspended", async () => {
    install().suspendedAt = "2026-01-01T00:00:00Z";
    expect(await failure(tokensOf())).toMatchObject({ code: "app/suspended" });
  });

  it("when it lacks the permission, which is named with where to give it", async () => {
    install({ permissions: { contents: "read", metadata: "read" } });
    const error = await failure(tokensOf());
    expect(error).toMatchObject({
      code: "app/permission",
      message: "The App has no 'contents: write' on acme/config.",
    });
    expect(error.fix).toContain("Repository permissions > Contents: Read and write");
    expect(await tokensOf().token(config(), "git-read")).toBe("ghs_app0");
  });
});

describe("what can go wrong with a request", () => {
  const installation = "GET /repos/acme/config/installation";
  const making = "POST /app/installations/100/access_tokens";
  const page = "<html>";
  it.each([installation, making])("of %s is tried again where that helps", async (name) => {
    install();
    for (const fault of [
      { answer: "cut" },
      { answer: { status: 500, text: page } },
      { answer: { status: 429, headers: { "retry-after": "1" }, text: "{}" } },
      { done: true, answer: { status: 502, text: page } },
    ] as const) {
      let left = 2;
      github.fault = (request) => (request.name === name && left-- > 0 ? fault : undefined);
      await using tokens = tokensOf();
      expect(await tokens.token(config(), "git-write"), JSON.stringify(fault)).toMatch(/^ghs_/);
      expect(left).toBeLessThan(1);
    }
  });

  it.each<[number, string, string]>([
    [401, '{"message":"Bad credentials"}', "app/unauthorised"],
    [403, '{"message":"Forbidden"}', "app/permission"],
    [404, '{"message":"Not Found"}', "app/not-installed"],
    [301, '{"message":"Moved Permanently"}', "app/not-installed"],
    [422, '{"message":"Validation Failed"}', "app/permission"],
    [409, '{"message":"Conflict"}', "app/unexpected"],
    [200, "[]", "app/unexpected"],
    [201, page, "app/unexpected"],
  ])("is said: %i %s", async (status, text, code) => {
    install();
    for (const name of [installation, making]) {
      github.fault = (request) => (request.name === name ? { answer: { status, text } } : undefined);
      await using tokens = tokensOf();
      const error = await failure(tokens);
      expect(error, name).toBeInstanceOf(GluError);
      expect(error, name).toMatchObject({ code, fix: expect.any(String) });
    }
  });
});

it("a key that has line breaks is left as it is", () => {
  expect(unescapedKey("a\\n\nb")).toBe("a\\n\nb");
});
