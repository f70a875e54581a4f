import { actorsContract, FakeClock, GitlabServer } from "@glu/testing/internal";
import { expect, it } from "vitest";
import { createActors } from "./create-actors.ts";

const never = new AbortController().signal;
const jobToken = "glcbt-64_of-the-job";

async function serve() {
  const gitlab = await GitlabServer.start();
  const glu = gitlab.user("project_3_bot_glu", "developer");
  gitlab.settings.jobs.set(jobToken, "grace");
  gitlab.groups.all.set("acme/releasers", [
    { username: "ada.two", state: "active" },
    ...Array.from({ length: 120 }, (_, index) => ({ username: `ada-${index}`, state: "active" as const })),
    { username: "Ada", state: "active" },
    { username: "carol", state: "blocked" },
    { username: "dan", state: "active", membership_state: "awaiting" },
  ]);
  const actorsOf = (token: string | undefined, jobToken?: string) =>
    createActors(
      { forge: "gitlab", apiUrl: `${gitlab.apiUrl}/`, repository: gitlab.project, token, clock: new FakeClock() },
      { run: "9", jobToken },
    );
  const dispose = async () => {
    expect(gitlab.unmodelled).toEqual([]);
    await gitlab[Symbol.asyncDispose]();
  };
  return { token: glu.token, actorsOf, [Symbol.asyncDispose]: dispose };
}

actorsContract("a strict GitLab", async () => {
  const { token, actorsOf, [Symbol.asyncDispose]: dispose } = await serve();
  return {
    actors: actorsOf(token, jobToken),
    outside: actorsOf(token),
    stranger: actorsOf("glpat-unknown", "glcbt-unknown"),
    nobody: actorsOf(undefined, jobToken),
    starter: "grace",
    owner: "project_3_bot_glu",
    team: "acme/releasers",
    [Symbol.asyncDispose]: dispose,
  };
});

it.each(["carol", "dan"])("a member of GitLab who is blocked or not let in yet is none: %s", async (user) => {
  await using at = await serve();
  expect(await at.actorsOf(at.token).isIn("acme/releasers", user, never)).toBe(false);
});

it.each([undefined, null, {}, { username: 1 }, { username: "a\nb" }, { username: "" }])(
  "nobody is vouched for by an answer of another shape: %j",
  async (user) => {
    const fetch = (async () => new Response(JSON.stringify({ user }))) as typeof globalThis.fetch;
    const asking = { apiUrl: "https://gitlab.example/api/v4", repository: "acme/config", token: "t", fetch };
    const actors = createActors({ forge: "gitlab", ...asking, clock: new FakeClock() }, { run: "9", jobToken });
    await expect(actors.startedBy(never)).rejects.toMatchObject({ kind: "outside", code: "actor/unexpected" });
  },
);
