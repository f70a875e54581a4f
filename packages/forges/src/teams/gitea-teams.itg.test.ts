import { GiteaServer, type GiteaUser, realClock } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTeams } from "./create-teams.ts";

// The real Gitea.
let gitea: GiteaServer;
let ada: GiteaUser;
const never = new AbortController().signal;

beforeAll(async () => {
  gitea = await GiteaServer.start();
  ada = await gitea.user("ada");
  await gitea.user("bob");
  await gitea.user("eve");
  await gitea.api(ada, "POST", "/orgs", { username: "acme", visibility: "public" });
  const team = { name: "release-managers", permission: "read", units: ["repo.code"] };
  const { id } = await gitea.api<{ id: number }>(ada, "POST", "/orgs/acme/teams", team);
  await gitea.api(ada, "PUT", `/teams/${id}/members/bob`);
});
afterAll(() => gitea?.[Symbol.asyncDispose]());

const teamsOf = (token: string) =>
  createTeams({ forge: "gitea", apiUrl: gitea.apiUrl, repository: "acme/config", token, clock: realClock });

it.each([
  ["bob", true],
  ["Bob", true],
  ["eve", false],
  ["nobody-of-that-name", false],
])("a real Gitea says whether %s is in a team: %s", async (user, isIn) => {
  await expect(teamsOf(ada.token).has("acme/release-managers", user, never)).resolves.toBe(isIn);
});

it("a real Gitea knows no team by another name", async () => {
  await expect(teamsOf(ada.token).has("acme/gone", "bob", never)).rejects.toMatchObject({ code: "team/not-found" });
  await expect(teamsOf(ada.token).has("gone/team", "bob", never)).rejects.toMatchObject({ code: "team/not-found" });
  await expect(teamsOf("0".repeat(40)).has("acme/release-managers", "bob", never)).rejects.toMatchObject({
    code: "team/unauthorised",
  });
});
