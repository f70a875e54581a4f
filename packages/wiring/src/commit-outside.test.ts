import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { CiContext } from "@glu/core";
import { FakeClock } from "@glu/testing/internal";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { approvalsOf, checksOf } from "./commit-outside.ts";
import type { ForgeAccess } from "./forge-outside.ts";
import type { Surroundings } from "./surroundings.ts";

/** What was asked, by path. Of everything there is nothing. */
const asked: string[] = [];
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? "", "http://forge");
  asked.push(pathname);
  if (pathname.includes("/git/commits/")) return void response.end(JSON.stringify({ sha: commit, author: null }));
  if (pathname.endsWith("/pull")) return void response.writeHead(404).end("{}");
  response.end(JSON.stringify(pathname.endsWith("/reviews") ? [] : { sha: commit, statuses: [] }));
});
const commit = "a".repeat(40);
let origin = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
afterEach(() => void asked.splice(0));

const { signal } = new AbortController();

function accessOf(host: CiContext["host"] = "gitea"): ForgeAccess {
  const run = { id: "1", number: 1 };
  const context = { host, serverUrl: origin, apiUrl: `${origin}/api/v1`, repository: "acme/config", run };
  const surroundings = { context, env: {}, clock: new FakeClock() } as unknown as Surroundings;
  const token = { source: "input", value: "s3cret", username: undefined } as const;
  return { surroundings, token, location: `${origin}/acme/config.git` };
}

it("a commit is asked for once a run, by a repository's name or its address", async () => {
  const checks = checksOf(accessOf());
  const ask = (repository: string) => checks.of({ repository, commit }, signal);
  await Promise.all([ask("acme/web"), ask("acme/web"), ask("acme/web")]);
  await ask("acme/web");
  await ask(`${origin}/acme/config.git`);
  expect(asked).toEqual([
    `/api/v1/repos/acme/web/commits/${commit}/status`,
    `/api/v1/repos/acme/config/commits/${commit}/status`,
  ]);
});

it("who made it is asked once, and a proposal's reviews by each look", async () => {
  const approvals = approvalsOf(accessOf());
  const source = { repository: "acme/web", commit };
  await Promise.all([approvals.authors(source, signal), approvals.authors(source, signal)]);
  expect(asked.sort()).toEqual([
    `/api/v1/repos/acme/web/commits/${commit}/pull`,
    `/api/v1/repos/acme/web/git/commits/${commit}`,
  ]);
  const proposal = { repository: `${origin}/acme/config.git`, number: 7, head: commit };
  await approvals.ofProposal(proposal, signal);
  await approvals.ofProposal(proposal, signal);
  expect(asked.filter((path) => path === "/api/v1/repos/acme/config/pulls/7/reviews")).toHaveLength(2);
});

it.each(["https://elsewhere.example/acme/web.git", "git@elsewhere.example:acme/web.git", "./web"])(
  "the forge is not asked for %s, which does not lie on it",
  async (repository) => {
    const refused = { kind: "outside", code: "forge/elsewhere", seen: repository };
    await expect(checksOf(accessOf()).of({ repository, commit }, signal)).rejects.toMatchObject(refused);
    await expect(approvalsOf(accessOf()).authors({ repository, commit }, signal)).rejects.toMatchObject(refused);
    expect(asked).toEqual([]);
  },
);

it("at a terminal there is no forge to ask", async () => {
  const access = accessOf("terminal");
  const none = { kind: "outside", code: "outside/none" };
  await expect(checksOf(access).of({ repository: "acme/web", commit }, signal)).rejects.toMatchObject(none);
  await expect(approvalsOf(access).ofRun("production", signal)).rejects.toMatchObject(none);
  expect(asked).toEqual([]);
});
