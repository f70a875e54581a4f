import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { noApiCalls } from "@glu/core";
import { openCallerConfig } from "@glu/git";
import { afterEach, beforeEach, expect, it } from "vitest";
import { findToken } from "../repositories/token.ts";
import type { Surroundings } from "../surroundings.ts";
import { requestElsewhere } from "./request.ts";

let server: Server;
let origin: string;
let asked: { url: string; method: string; headers: IncomingMessage["headers"]; body: string }[];
beforeEach(async () => {
  asked = [];
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    asked.push({ url: request.url ?? "", method: request.method ?? "", headers: request.headers, body });
    response.writeHead(request.method === "GET" ? 200 : 204, { "content-type": "application/json" });
    response.end(request.method === "GET" ? '{"default_branch":"main"}' : undefined);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => void server.close(resolve)));

function ask(target: string, more: Record<string, string>) {
  const env = { PATH: process.env.PATH, HOME: "/nonexistent", ...more };
  const silent = () => {};
  const surroundings = {
    env,
    cwd: "/",
    callerConfig: openCallerConfig({ env, cwd: "/" }),
    clock: { now: () => Date.now(), sleep: async () => {}, random: () => 0.5 },
    context: { host: "terminal", repository: "" },
    logger: { debug: silent, progress: silent, info: silent, notice: silent, warning: silent },
    calls: noApiCalls(),
    redact: (text: string) => text,
    mask: silent,
  } as unknown as Surroundings;
  const what = { app: ["web"], environment: ["staging"], artifact: "latest", reason: "because" } as const;
  return requestElsewhere(target, what, findToken(undefined, undefined, env, "terminal"), surroundings);
}

it("at a terminal a promotion is asked for on the server that is named", async () => {
  const given = { GLU_FORGE: "gitea", GLU_SERVER_URL: `${origin}/git`, GLU_TOKEN: "secret" };
  const { url } = await ask("acme/config/promote.yml", given);
  expect(url).toBe(`${origin}/git/acme/config/actions?workflow=promote.yml`);
  expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "GET /git/api/v1/repos/acme/config",
    "POST /git/api/v1/repos/acme/config/actions/workflows/promote.yml/dispatches",
  ]);
  expect(asked[1]?.headers.authorization).toContain("secret");
  const inputs = { artifact: "latest", app: "web", environment: "staging", reason: "because" };
  expect(JSON.parse(asked[1]?.body ?? "")).toEqual({ ref: "refs/heads/main", inputs });
});

it("where no server is known it says how to name one, and asks nobody", async () => {
  await expect(ask("acme/config", { GLU_TOKEN: "secret" })).rejects.toMatchObject({
    code: "request/no-forge",
    fix: expect.stringContaining("GLU_FORGE"),
  });
  // A token goes nowhere without encryption.
  const plain = { GLU_FORGE: "github", GLU_SERVER_URL: "http://git.acme.test", GLU_TOKEN: "secret" };
  await expect(ask("acme/config", plain)).rejects.toMatchObject({ code: "forge/no-token" });
  expect(asked).toEqual([]);
});
