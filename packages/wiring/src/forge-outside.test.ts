import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { CiContext, Outside } from "@glu/core";
import { FakeClock } from "@glu/testing/internal";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { actorsOf, type ForgeAccess, workflowsOf } from "./forge-outside.ts";
import type { TokenSource } from "./repositories/token.ts";
import type { Surroundings } from "./surroundings.ts";

/** Who was asked for what, as `path authorization`. Everything is empty there. */
const asked: string[] = [];
/** Seconds that the next one is told to wait. */
let wait: string | undefined;
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? "", "http://forge");
  asked.push(`${pathname} ${request.headers.authorization ?? request.headers["private-token"] ?? "nobody"}`);
  if (wait !== undefined) {
    response.writeHead(429, { "retry-after": wait }).end("{}");
    wait = undefined;
    return;
  }
  const isList = pathname.endsWith("/all") || pathname.endsWith("/pipelines");
  response.end(JSON.stringify(isList ? [] : { workflow_runs: [], state: "active" }));
});
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

const signal = new AbortController().signal;

function outsideOf(
  host: CiContext["host"],
  { source, location = `${origin}/acme/config.git` }: { source: TokenSource; location?: string },
): Pick<Outside, "workflows" | "actors"> {
  const context = { host, serverUrl: origin, apiUrl: `${origin}/api`, repository: "acme/config" } as CiContext;
  const value = source === "none" ? undefined : "s3cret";
  const access: ForgeAccess = {
    surroundings: { context, env: {}, clock: new FakeClock() } as unknown as Surroundings,
    token: { source, value, username: undefined },
    location,
  };
  return { workflows: workflowsOf(access), actors: actorsOf(access) };
}

const find = ({ workflows }: Pick<Outside, "workflows">) =>
  workflows.find({ repository: undefined, workflow: "smoke.yml", ref: "main" }, { text: "key", since: 0 }, signal);

it.each([
  ["github", "/api/repos/acme/config/actions/workflows/smoke.yml/runs Bearer s3cret"],
  ["gitea", "/api/repos/acme/config/actions/runs token s3cret"],
  ["gitlab", "/api/projects/acme%2Fconfig/pipelines s3cret"],
] as const)("a run is looked for on the job's own forge, in the job's own repository: %s", async (host, request) => {
  await expect(find(outsideOf(host, { source: "input" }))).resolves.toBeUndefined();
  expect(asked).toEqual([request]);
});

it("a limit by the minute is waited for, and a longer one is not", async () => {
  wait = "55";
  await expect(find(outsideOf("gitlab", { source: "input" }))).resolves.toBeUndefined();
  expect(asked).toHaveLength(2);
  wait = "3600";
  await expect(find(outsideOf("gitlab", { source: "input" }))).rejects.toMatchObject({ code: "forge/unreachable" });
  expect(asked).toHaveLength(3);
});

it("a team is asked for there, too", async () => {
  await expect(outsideOf("github", { source: "host" }).actors.isIn("acme/releasers", "ada", signal)).resolves.toBe(
    true,
  );
  expect(asked).toEqual(["/api/orgs/acme/teams/releasers/memberships/ada Bearer s3cret"]);
});

it.each([
  ["host", "https://git.example/acme/config.git", true],
  ["input", "https://git.example/acme/config.git", false],
  ["GLU_TOKEN", "git@git.example:acme/config.git", false],
  ["GLU_TOKEN", "/srv/config.git", false],
  ["none", undefined, false],
] as const)(
  "a token from %s, for a config repository at %s, goes to the job's forge: %j",
  async (source, location, goes) => {
    const outside = outsideOf("github", { source, ...(location === undefined ? {} : { location }) });
    if (goes) await find(outside);
    else {
      await expect(find(outside)).rejects.toMatchObject({ code: "workflow/no-token" });
      await expect(outside.actors.isIn("acme/a", "ada", signal)).rejects.toMatchObject({ code: "team/no-token" });
    }
    expect(asked.length > 0).toBe(goes);
  },
);

it("at a terminal there is no forge to ask", async () => {
  const outside = outsideOf("terminal", { source: "GLU_TOKEN" });
  for (const question of [find(outside), outside.actors.isIn("acme/releasers", "ada", signal)]) {
    await expect(question).rejects.toMatchObject({ kind: "outside", code: "outside/none" });
  }
  expect(asked).toEqual([]);
});

it("what is made of a host without an address is nothing to ask", () => {
  const surroundings = { context: { host: "github" }, env: {}, clock: new FakeClock() } as unknown as Surroundings;
  const token = { source: "host", value: "s3cret", username: undefined } as const;
  const workflows = workflowsOf({ surroundings, token, location: "https://github.com/acme/config.git" });
  return expect(find({ workflows })).rejects.toMatchObject({ code: "outside/none" });
});
