import { checksContract, type GithubRepository, GithubReviews, GithubServer, realClock } from "@glu/testing/internal";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createChecks } from "./create-checks.ts";

let github: GithubServer;
let token: string;
let count = 0;
const never = new AbortController().signal;

beforeAll(async () => {
  github = await GithubServer.start();
  token = github.token("github-actions[bot]");
});
afterAll(() => github?.[Symbol.asyncDispose]());
beforeEach(() => {
  github.fault = () => undefined;
});
afterEach(() => expect(github.violations.splice(0)).toEqual([]));

const repositoryNamed = () => github.repository(`acme/web-${++count}`, { "README.md": "Web\n" });

const checksOf = ({ fullName }: Pick<GithubRepository, "fullName">, more: { token?: string; run?: string } = {}) =>
  createChecks(
    {
      forge: "github",
      apiUrl: github.apiUrl,
      repository: fullName,
      token,
      clock: { ...realClock, sleep: async () => {} },
      ...more,
    },
    { run: more.run },
  );

const pushTo = (repository: GithubRepository) => repository.git.push("main", { [`file-${++count}`]: "x\n" });

const runs = {
  running: { status: "in_progress", conclusion: null },
  succeeded: { status: "completed", conclusion: "success" },
  failed: { status: "completed", conclusion: "failure" },
} as const;

checksContract("GitHub's check runs", async () => {
  const repository = repositoryNamed();
  return {
    checks: checksOf(repository),
    repository: repository.fullName,
    push: async () => pushTo(repository),
    report: async (commit, name, state) => GithubReviews.of(repository).check(commit, { name, ...runs[state] }),
    [Symbol.asyncDispose]: async () => {},
  };
});

checksContract("GitHub's statuses", async () => {
  const repository = repositoryNamed();
  const states = { running: "pending", succeeded: "success", failed: "failure" };
  return {
    checks: checksOf(repository),
    repository: repository.fullName,
    push: async () => pushTo(repository),
    report: async (commit, context, state) => {
      const response = await fetch(`${github.apiUrl}/repos/${repository.fullName}/statuses/${commit}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "user-agent": "test", "x-github-api-version": "2022-11-28" },
        body: JSON.stringify({ state: states[state], context }),
      });
      expect(response.status).toBe(201);
    },
    [Symbol.asyncDispose]: async () => {},
  };
});

describe("checks of GitHub", () => {
  const seen = async (repository: GithubRepository, commit: string, own: { run?: string } = {}) =>
    (await checksOf(repository, own).of({ repository: repository.fullName, commit }, never)).map(
      ({ name, state, said }) => `${name} ${state} ${said}`,
    );

  it.each([
    ["success", "succeeded"],
    ["neutral", "succeeded"],
    ["skipped", "succeeded"],
    ["failure", "failed"],
    ["cancelled", "failed"],
    ["timed_out", "failed"],
    ["action_required", "waiting"],
  ])("that end with %s have %s, as for a rule of a branch", async (conclusion, state) => {
    const repository = repositoryNamed();
    const commit = pushTo(repository);
    GithubReviews.of(repository).check(commit, { name: "test", status: "completed", conclusion });
    expect(await seen(repository, commit)).toEqual([`test ${state} ${conclusion}`]);
  });

  it("count of each app, and beside a status of that name", async () => {
    const repository = repositoryNamed();
    const commit = pushTo(repository);
    const reviews = GithubReviews.of(repository);
    reviews.check(commit, { name: "test", ...runs.succeeded });
    reviews.check(commit, { name: "test", ...runs.failed, app: "other-ci" });
    expect((await seen(repository, commit)).sort()).toEqual(["test failed failure", "test succeeded success"]);
  });

  it("are none of the run that asks as long as they have not ended, and no earlier attempt stands for them", async () => {
    const repository = repositoryNamed();
    const commit = pushTo(repository);
    const reviews = GithubReviews.of(repository);
    reviews.check(commit, { name: "build", run: 7, ...runs.succeeded });
    reviews.check(commit, { name: "promote", run: 6, ...runs.failed });
    reviews.check(commit, { name: "promote", run: 7, ...runs.running });
    reviews.check(commit, { name: "scan", run: 71, ...runs.running });
    expect((await seen(repository, commit, { run: "7" })).sort()).toEqual([
      "build succeeded success",
      "scan running in_progress",
    ]);
    expect(await seen(repository, commit, { run: "8" })).toContain("promote running in_progress");
  });

  it("say what the token lacks", async () => {
    const repository = repositoryNamed();
    const commit = pushTo(repository);
    GithubReviews.of(repository).checksAreVisible = false;
    const asked = checksOf(repository).of({ repository: repository.fullName, commit }, never);
    await expect(asked).rejects.toMatchObject({
      code: "checks/forbidden",
      fix: expect.stringContaining("permissions: { checks: read, statuses: read }"),
    });
    for (const [wrong, code] of [
      ["ghp_unknown", "checks/unauthorised"],
      [github.token("eve", { access: "none" }), "checks/not-found"],
      ["", "checks/no-token"],
    ] as const) {
      const refused = checksOf(repository, { token: wrong }).of({ repository: repository.fullName, commit }, never);
      await expect(refused).rejects.toMatchObject({ kind: "outside", code });
    }
  });

  const answer = (status: number, text: string, headers: Record<string, string> = {}) => ({
    answer: { status, text, headers },
  });
  it.each([
    ["429 with Retry-After", answer(429, "{}", { "retry-after": "1" }), true],
    ["429 without it", answer(429, "{}"), true],
    ["500", answer(500, "oops"), true],
    ["502", answer(502, "<html>"), true],
    ["a connection that breaks off", { answer: "cut" as const }, true],
    ["401", answer(401, '{"message":"Bad credentials"}'), false],
    ["403", answer(403, '{"message":"no"}'), false],
    ["404", answer(404, '{"message":"Not Found"}'), false],
    ["409", answer(409, "{}"), false],
    ["422", answer(422, '{"message":"No commit found"}'), false],
    ["a body that is no list", answer(200, "{}"), false],
    ["a body that is cut off in the middle", answer(200, '{"check_runs": [{"na'), false],
  ])("are never passed over by %s: asked again, or an error", async (_, fault, isPassing) => {
    for (const part of ["check-runs", "status"]) {
      // One of its own: where one request has failed, another one may still be under way.
      const repository = repositoryNamed();
      const commit = pushTo(repository);
      GithubReviews.of(repository).check(commit, { name: "test", ...runs.failed });
      const isIt = (name: string) => name.includes(`/${repository.fullName}/`) && name.endsWith(part);
      let faults = 0;
      github.fault = ({ name }) => (isIt(name) && faults++ === 0 ? fault : undefined);
      const asked = seen(repository, commit);
      if (isPassing) await expect(asked).resolves.toEqual(["test failed failure"]);
      else await expect(asked).rejects.toMatchObject({ kind: "outside", code: expect.stringMatching(/^checks\//) });
      expect(faults).toBeGreaterThan(0);
      github.fault = ({ name }) => (isIt(name) ? fault : undefined);
      await expect(seen(repository, commit)).rejects.toMatchObject({ kind: "outside" });
    }
  });
});
