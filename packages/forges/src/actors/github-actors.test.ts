import { actorsContract, FakeClock, GithubReviews, GithubServer } from "@glu/testing/internal";
import { expect, it } from "vitest";
import { createActors } from "./create-actors.ts";

const never = new AbortController().signal;

async function serve() {
  const github = await GithubServer.start();
  const runs = GithubReviews.of(github.repository("acme/config", {})).runs;
  runs.set(7, { actor: "grace", again: "eve", createdAt: "2026-11-28T08:00:00Z", approvals: [] });
  github.teams.all.set(
    "acme/releasers",
    new Map([
      ["ada", "active"],
      ["carol", "pending"],
    ]),
  );
  const actorsOf = (token: string | undefined, run: string | undefined) =>
    createActors(
      { forge: "github", apiUrl: github.apiUrl, repository: "acme/config", token, clock: new FakeClock() },
      { run },
    );
  const dispose = async () => {
    expect(github.violations).toEqual([]);
    await github[Symbol.asyncDispose]();
  };
  return { github, actorsOf, [Symbol.asyncDispose]: dispose };
}

for (const owner of ["glu-acme[bot]", "ada"]) {
  actorsContract(`GitHub's API as ${owner}`, async () => {
    const { github, actorsOf, [Symbol.asyncDispose]: dispose } = await serve();
    const token = github.token(owner, { seesTeams: true });
    return {
      actors: actorsOf(token, "7"),
      outside: actorsOf(token, undefined),
      stranger: actorsOf("ghs_unknown", "7"),
      nobody: actorsOf(undefined, "7"),
      // Who started it again, and not who did first.
      starter: "eve",
      owner,
      team: "acme/Releasers",
      [Symbol.asyncDispose]: dispose,
    };
  });
}

it("who is invited is no member yet, and the built-in token sees no teams", async () => {
  await using at = await serve();
  const actors = at.actorsOf(at.github.token("glu-acme[bot]", { seesTeams: true }), "7");
  expect(await actors.isIn("acme/releasers", "carol", never)).toBe(false);
  const builtIn = at.actorsOf(at.github.token("github-actions[bot]"), "7");
  expect(await builtIn.self()).toBe("github-actions[bot]");
  await expect(builtIn.isIn("acme/releasers", "ada", never)).rejects.toMatchObject({
    code: "team/forbidden",
    fix: expect.stringContaining("members: read"),
  });
});
