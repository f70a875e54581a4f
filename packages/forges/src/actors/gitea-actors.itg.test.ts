import { actorsContract, GiteaServer, type GiteaUser, realClock } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createActors } from "./create-actors.ts";

// The real Gitea.
let gitea: GiteaServer;
let glu: GiteaUser;
let run: string;
const never = new AbortController().signal;
const workflow = "on: push\njobs: { job: { runs-on: ubuntu-latest, steps: [{ run: 'true' }] } }\n";

beforeAll(async () => {
  gitea = await GiteaServer.start();
  glu = await gitea.user("glu");
  const ada = await gitea.user("ada");
  await gitea.user("bob");
  await gitea.user("eve");
  await gitea.api(glu, "POST", "/orgs", { username: "acme", visibility: "public" });
  const team = { name: "release-managers", permission: "read", units: ["repo.code"] };
  const { id } = await gitea.api<{ id: number }>(glu, "POST", "/orgs/acme/teams", team);
  await gitea.api(glu, "PUT", `/teams/${id}/members/ada`);
  // Nobody need run it: it is there from the push on.
  await gitea.repository(ada, "config", { ".gitea/workflows/promote.yml": workflow });
  await gitea.api(ada, "PUT", "/repos/ada/config/collaborators/glu", { permission: "write" });
  run = String(await runOf(ada));
});
afterAll(() => gitea?.[Symbol.asyncDispose]());

async function runOf(user: GiteaUser): Promise<number> {
  for (let tries = 0; tries < 50; tries++) {
    const { workflow_runs: runs = [] } = await gitea.api<{ workflow_runs?: { id: number }[] }>(
      user,
      "GET",
      "/repos/ada/config/actions/runs",
    );
    if (runs[0] !== undefined) return runs[0].id;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("The push started no run.");
}

const actorsOf = (token: string | undefined, own?: { run: string }) =>
  createActors({ forge: "gitea", apiUrl: gitea.apiUrl, repository: "ada/config", token, clock: realClock }, own);

actorsContract("a real Gitea", async () => ({
  actors: actorsOf(glu.token, { run }),
  outside: actorsOf(glu.token),
  stranger: actorsOf("0".repeat(40), { run }),
  nobody: actorsOf(undefined, { run }),
  starter: "ada",
  owner: "glu",
  team: "acme/Release-Managers",
  [Symbol.asyncDispose]: async () => {},
}));

it("a real Gitea says that it has no such run", async () => {
  await expect(actorsOf(glu.token, { run: "4711" }).startedBy(never)).rejects.toMatchObject({
    code: "actor/not-found",
  });
});
