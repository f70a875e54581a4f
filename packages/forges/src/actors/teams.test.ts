import { afterEach, describe, expect, it } from "vitest";
import { type Answer, type Call, FakeServer } from "../../test/fake-server.ts";
import { createActors } from "./create-actors.ts";

const never = new AbortController().signal;
const now = Date.UTC(2026, 10, 21, 8);

let server: FakeServer | undefined;
afterEach(async () => {
  expect(server?.unmodelled ?? 0).toBe(0);
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

async function has(
  forge: "github" | "gitea" | "gitlab",
  answer: (call: Call) => Answer,
  [team, user, token]: readonly [string, string, string],
): Promise<boolean> {
  server = await FakeServer.start(answer);
  const clock = { now: () => now, random: () => 1, sleep: async () => {} };
  return createActors({ forge, apiUrl: server.url, repository: "acme/config", token, clock }).isIn(team, user, never);
}

/** The organisation acme with the team `releasers`: ada is in it, bob is invited. The built-in token sees no teams. */
function github({ method, path, headers }: Call): Answer {
  const notFound = { status: 404, body: { message: "Not Found" } };
  if (headers.authorization === "Bearer builtin") {
    return { status: 403, body: { message: "Resource not accessible by integration" } };
  }
  if (headers.authorization === "Bearer stranger") return notFound;
  if (headers.authorization !== "Bearer app") return { status: 401, body: { message: "Bad credentials" } };
  if (method !== "GET") return { status: 501 };
  if (path === "/orgs/acme/teams/releasers") return { status: 200, body: { slug: "releasers" } };
  const user = /^\/orgs\/acme\/teams\/releasers\/memberships\/([^/]+)$/.exec(path)?.[1];
  const state = { ada: "active", bob: "pending" }[user ?? ""];
  return state === undefined ? notFound : { status: 200, body: { url: "", role: "member", state } };
}

/** The organisation acme with the teams Releasers (7) and Releasers-2 (8); ada is in the first. */
function gitea({ method, path, query, headers }: Call): Answer {
  if (headers.authorization !== "token good") return { status: 401, body: { message: "token is required" } };
  if (method !== "GET") return { status: 501 };
  if (path === "/orgs/acme/teams") {
    const teams = [
      { id: 8, name: "Releasers-2" },
      ...Array.from({ length: 40 }, (_, index) => ({ id: 100 + index, name: `Team ${index}` })),
      { id: 7, name: "Releasers" },
    ];
    // The server's own limit is lower than what is asked for.
    const [page, limit] = [Number(query.get("page")), Math.min(30, Number(query.get("limit")))];
    return { status: 200, body: teams.slice((page - 1) * limit, page * limit) };
  }
  if (/^\/orgs\/[^/]+\/teams$/.test(path)) return { status: 404, body: { message: "organization does not exist" } };
  const [, id, user] = /^\/teams\/(\d+)\/members\/([^/]+)$/.exec(path) ?? [];
  if (id === undefined) return { status: 501 };
  if (user === "eve") return { status: 403, body: { message: "Must be an organization member" } };
  return id === "7" && user === "ada" ? { status: 200, body: { login: "ada" } } : { status: 404 };
}

/** The group acme/releasers; GitLab searches by a part of name and user name, 100 a page. */
function gitlab({ method, path, query, headers }: Call): Answer {
  if (headers["private-token"] !== "glpat-good") return { status: 401, body: { message: "401 Unauthorized" } };
  if (method !== "GET") return { status: 501 };
  if (path !== "/groups/acme%2Freleasers/members/all") return { status: 404, body: { message: "404 Group Not Found" } };
  const crowd = Array.from({ length: 130 }, (_, index) => ({ username: `zed${index}`, state: "active" }));
  const all = [
    { username: "ada.two", state: "active", membership_state: "active" },
    { username: "Ada", state: "active", membership_state: "active", expires_at: "2026-11-22" },
    { username: "gone", state: "active", membership_state: "active", expires_at: "2026-11-21" },
    { username: "blocked", state: "blocked", membership_state: "active" },
    { username: "asked", state: "active", membership_state: "awaiting" },
    ...crowd,
    { username: "zed", state: "active" },
  ].filter(({ username }) => username.toLowerCase().includes(String(query.get("query")).toLowerCase()));
  const [page, per] = [Number(query.get("page")), Number(query.get("per_page"))];
  return { status: 200, body: all.slice((page - 1) * per, page * per) };
}

describe("a team of GitHub", () => {
  it.each([
    ["ada", true],
    ["bob", false],
    ["eve", false],
    ["../releasers", false],
  ])("has %s: %j", async (user, expected) => {
    await expect(has("github", github, ["acme/releasers", user, "app"])).resolves.toBe(expected);
  });

  it.each([
    ["acme/nobody", "app", "team/not-found", "the team's slug"],
    ["acme/releasers", "stranger", "team/not-found", "members: read"],
    ["acme/releasers", "builtin", "team/forbidden", "GITHUB_TOKEN sees no teams"],
    ["acme/releasers", "wrong", "team/unauthorised", "members: read"],
    ["acme", "app", "team/name", "acme/release-managers"],
    ["acme/a/b", "app", "team/name", "acme/release-managers"],
    ["acme/releasers", "", "team/no-token", "GLU_TOKEN"],
  ])("%s cannot be asked with the token %s: %s", async (team, token, code, fix) => {
    await expect(has("github", github, [team, "ada", token])).rejects.toMatchObject({
      kind: "outside",
      code,
      fix: expect.stringContaining(fix),
    });
  });
});

describe("a team of Gitea", () => {
  it.each([
    ["acme/Releasers", "ada", true],
    ["acme/releasers", "ada", true],
    ["acme/Releasers", "bob", false],
    ["acme/Releasers-2", "ada", false],
  ])("%s has %s: %j", async (team, user, expected) => {
    await expect(has("gitea", gitea, [team, user, "good"])).resolves.toBe(expected);
  });

  it.each([
    ["acme/Release", "ada", "good", "team/not-found"],
    ["other/Releasers", "ada", "good", "team/not-found"],
    ["acme/Releasers", "eve", "good", "team/forbidden"],
    ["acme/Releasers", "ada", "wrong", "team/unauthorised"],
    ["Releasers", "ada", "good", "team/name"],
  ])("%s cannot be asked for %s with the token %s: %s", async (team, user, token, code) => {
    await expect(has("gitea", gitea, [team, user, token])).rejects.toMatchObject({ kind: "outside", code });
  });
});

describe("a group of GitLab", () => {
  it.each([
    ["ada", true],
    ["ada.two", true],
    ["ad", false],
    ["gone", false],
    ["blocked", false],
    ["asked", false],
    ["zed", true],
    ["zed12", true],
    ["nobody", false],
  ])("has %s: %j", async (user, expected) => {
    await expect(has("gitlab", gitlab, ["acme/releasers", user, "glpat-good"])).resolves.toBe(expected);
  });

  it.each([
    ["acme/nobody", "glpat-good", "team/not-found", "Check the path of the group"],
    ["acme/releasers", "glcbt-job", "team/unauthorised", "group access token"],
  ])("%s cannot be asked with the token %s: %s", async (team, token, code, fix) => {
    await expect(has("gitlab", gitlab, [team, "ada", token])).rejects.toMatchObject({
      kind: "outside",
      code,
      fix: expect.stringContaining(fix),
    });
  });
});

describe("an answer that is none", () => {
  it.each([
    ["github", "app", { hello: 1 }],
    ["github", "app", []],
    ["gitea", "good", { ok: true }],
    ["gitea", "good", "<html>"],
    ["gitlab", "glpat-good", { message: "?" }],
    ["gitlab", "glpat-good", "<html>"],
  ] as const)("of %s says so, and not that nobody is in the team", async (forge, token, body) => {
    const asked = has(forge, () => ({ status: 200, body }), ["acme/releasers", "ada", token]);
    await expect(asked).rejects.toMatchObject({ kind: "outside", code: "team/unexpected" });
  });
});
