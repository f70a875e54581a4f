import {
  approvalsContract,
  type GithubRepository,
  GithubReviews,
  GithubServer,
  realClock,
} from "@glu/testing/internal";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createApprovals } from "./create-approvals.ts";

let github: GithubServer;
let glu: string;
let count = 0;
const tokens = new Map<string, string>();
const never = new AbortController().signal;

beforeAll(async () => {
  github = await GithubServer.start();
  glu = github.token("github-actions[bot]");
  for (const name of ["ada", "bob", "carol"]) tokens.set(name, github.token(name));
});
afterAll(() => github?.[Symbol.asyncDispose]());
beforeEach(() => {
  github.fault = () => undefined;
});
afterEach(() => expect(github.violations.splice(0)).toEqual([]));

const repositoryNamed = () => github.repository(`acme/web-${++count}`, { "README.md": "Web\n" });

const approvalsOf = (
  { fullName }: Pick<GithubRepository, "fullName">,
  more: { token?: string; run?: string | undefined } = {},
) =>
  createApprovals(
    {
      forge: "github",
      apiUrl: github.apiUrl,
      repository: fullName,
      token: more.token ?? glu,
      clock: { ...realClock, sleep: async () => {} },
    },
    { run: more.run },
  );

async function as<T = unknown>(name: string, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${github.apiUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokens.get(name)}`,
      "user-agent": "test",
      "x-github-api-version": "2022-11-28",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.status).toBeLessThan(300);
  return (await response.json()) as T;
}

const events = { approve: "APPROVE", reject: "REQUEST_CHANGES", comment: "COMMENT" };

function peopleAt(repository: GithubRepository) {
  const at = `/repos/${repository.fullName}`;
  const { writers } = GithubReviews.of(repository);
  const commitTo = (branch: string, writer?: string) => {
    const commit = repository.git.push(branch, { [`file-${++count}`]: "x\n" });
    if (writer !== undefined) writers.set(commit, writer);
    return commit;
  };
  const branchOf = (number: number) => repository.pull(number)?.head ?? "";
  return {
    commitTo,
    propose: async () => {
      const branch = `change-${++count}`;
      repository.git.git("update-ref", `refs/heads/${branch}`, repository.tip("main") ?? "");
      const head = commitTo(branch, "ada");
      const pull = await as<{ number: number }>("ada", "POST", `${at}/pulls`, {
        head: branch,
        base: "main",
        title: "x",
      });
      return { number: pull.number, head };
    },
    push: async (number: number) => commitTo(branchOf(number), "ada"),
    pushAsStranger: async (number: number) => commitTo(branchOf(number)),
    pushToMain: async () => commitTo("main", "ada"),
    review: async (number: number, by: string, said: keyof typeof events) => {
      const body = { event: events[said], ...(said === "approve" ? {} : { body: "Well." }) };
      await as(by, "POST", `${at}/pulls/${number}/reviews`, body);
    },
    merge: async (number: number) =>
      (await as<{ sha: string }>("bob", "PUT", `${at}/pulls/${number}/merge`, { merge_method: "squash" })).sha,
  };
}

approvalsContract("GitHub's API", async () => {
  const repository = repositoryNamed();
  return {
    approvals: approvalsOf(repository),
    repository: repository.fullName,
    people: { ada: "ada", bob: "bob", carol: "carol" },
    ...peopleAt(repository),
    [Symbol.asyncDispose]: async () => {},
  };
});

describe("approvals of GitHub", () => {
  it("do not have a review that was dismissed, nor what it took the place of", async () => {
    const repository = repositoryNamed();
    const people = peopleAt(repository);
    const { number, head } = await people.propose();
    await people.review(number, "bob", "reject");
    await people.review(number, "bob", "approve");
    await people.review(number, "bob", "comment");
    const proposal = { repository: repository.fullName, number, head };
    const approvals = approvalsOf(repository);
    expect((await approvals.ofProposal(proposal, never)).verdicts).toEqual([
      { by: "bob", said: "approved", current: true },
    ]);
    const [, second] = await as<{ id: number }[]>(
      "bob",
      "GET",
      `/repos/${repository.fullName}/pulls/${number}/reviews`,
    );
    const dismissals = `/repos/${repository.fullName}/pulls/${number}/reviews/${second?.id}/dismissals`;
    await as("ada", "PUT", dismissals, { message: "Too old" });
    expect((await approvals.ofProposal(proposal, never)).verdicts).toEqual([]);
  });

  it("have every page of the reviews", async () => {
    const repository = repositoryNamed();
    const people = peopleAt(repository);
    const { number, head } = await people.propose();
    for (let index = 0; index < 120; index++) await people.review(number, "bob", "comment");
    await people.review(number, "bob", "approve");
    const { verdicts } = await approvalsOf(repository).ofProposal(
      { repository: repository.fullName, number, head },
      never,
    );
    expect(verdicts).toEqual([{ by: "bob", said: "approved", current: true }]);
  });

  it("know who wrote a signed commit, whoever pushed it", async () => {
    const repository = repositoryNamed();
    const commit = peopleAt(repository).commitTo("main", "ada");
    const authors = () => approvalsOf(repository).authors({ repository: repository.fullName, commit }, never);
    expect(await authors()).toMatchObject({ unknown: expect.stringContaining("is not signed") });
    GithubReviews.of(repository).verified.add(commit);
    expect(await authors()).toEqual({ people: ["ada"], unknown: undefined });
    const strange = peopleAt(repository).commitTo("main");
    GithubReviews.of(repository).verified.add(strange);
    const { unknown } = await approvalsOf(repository).authors(
      { repository: repository.fullName, commit: strange },
      never,
    );
    expect(unknown).toContain("does not know who wrote");
  });

  it("of what was merged elsewhere and pushed know who pushed it under which name", async () => {
    const repository = repositoryNamed();
    const people = peopleAt(repository);
    const { number } = await people.propose();
    const commit = people.commitTo("main", "carol");
    // GitHub takes a pull request for merged when its commits are there.
    Object.assign(repository.pull(number) ?? {}, {
      state: "closed",
      mergedAt: "2026-11-28T08:00:00Z",
      mergeCommit: commit,
    });
    const authors = await approvalsOf(repository).authors({ repository: repository.fullName, commit }, never);
    expect(authors.people).toEqual(expect.arrayContaining(["ada", "carol"]));
  });

  it("of a run are those of the environment, and who started it is known in every attempt", async () => {
    const repository = repositoryNamed();
    GithubReviews.of(repository).runs.set(7, {
      actor: "ada",
      again: "bob",
      createdAt: "2026-11-28T08:00:00Z",
      approvals: [
        { environment: "Production", state: "approved", user: "carol" },
        { environment: "staging", state: "approved", user: "bob" },
        { environment: "production", state: "rejected", user: "bob" },
      ],
    });
    const of = (run: string | undefined) => approvalsOf(repository, { run }).ofRun("production", never);
    expect(await of("7")).toEqual({
      verdicts: [{ by: "carol", said: "approved", current: true }],
      url: `https://github.com/${repository.fullName}/actions/runs/7`,
      startedBy: ["ada", "bob"],
      startedAt: "2026-11-28T08:00:00.000Z",
      id: "7",
    });
    await expect(of("8")).rejects.toMatchObject({ kind: "outside", code: "approval/not-found" });
    await expect(of(undefined)).rejects.toMatchObject({ code: "approval/no-run" });
  });

  it("say what the token lacks", async () => {
    const repository = repositoryNamed();
    const proposal = { repository: repository.fullName, number: 1, head: "1".repeat(40) };
    for (const [token, code] of [
      ["ghp_unknown", "approval/unauthorised"],
      [github.token("eve", { access: "none" }), "approval/not-found"],
      ["", "approval/no-token"],
    ] as const) {
      const asked = approvalsOf(repository, { token }).ofProposal(proposal, never);
      await expect(asked).rejects.toMatchObject({ kind: "outside", code, fix: expect.any(String) });
    }
    github.fault = () => ({ answer: { status: 403, text: '{"message":"Resource not accessible by integration"}' } });
    await expect(approvalsOf(repository).ofProposal(proposal, never)).rejects.toMatchObject({
      code: "approval/forbidden",
      fix: expect.stringContaining("permissions: { pull-requests: read }"),
    });
    await expect(approvalsOf(repository, { run: "7" }).ofRun("production", never)).rejects.toMatchObject({
      code: "approval/forbidden",
      fix: expect.stringContaining("permissions: { actions: read }"),
    });
  });

  const answer = (status: number, text: string, headers: Record<string, string> = {}) => ({
    answer: { status, text, headers },
  });
  it.each([
    ["429 with Retry-After", answer(429, "{}", { "retry-after": "1" }), true],
    ["429 without it", answer(429, "{}"), true],
    ["503", answer(503, "oops"), true],
    ["a connection that breaks off", { answer: "cut" as const }, true],
    ["401", answer(401, '{"message":"Bad credentials"}'), false],
    ["403", answer(403, '{"message":"no"}'), false],
    ["404", answer(404, '{"message":"Not Found"}'), false],
    ["409", answer(409, "{}"), false],
    ["422", answer(422, "{}"), false],
    ["a body that is none", answer(200, '[{"state": "APPRO'), false],
  ])("are never made up by %s, whatever was asked", async (_, fault, isPassing) => {
    const repository = repositoryNamed();
    const people = peopleAt(repository);
    const { number, head } = await people.propose();
    await people.review(number, "bob", "approve");
    const commit = await people.merge(number);
    GithubReviews.of(repository).runs.set(7, { actor: "ada", createdAt: "2026-11-28T08:00:00Z", approvals: [] });
    const approvals = approvalsOf(repository, { run: "7" });
    const source = { repository: repository.fullName, commit };
    const questions = [
      [/reviews$/, () => approvals.ofProposal({ repository: repository.fullName, number, head }, never)],
      [/pulls$/, () => approvals.ofSource(source, never)],
      [/reviews$/, () => approvals.ofSource(source, never)],
      [/\/pulls$/, () => approvals.authors(source, never)],
      [/\/commits$/, () => approvals.authors(source, never)],
      [/\/commits\/[0-9a-f]+$/, () => approvals.authors(source, never)],
      [/runs\/7$/, () => approvals.ofRun("production", never)],
      [/approvals$/, () => approvals.ofRun("production", never)],
    ] as const;
    for (const [route, ask] of questions) {
      const right = await ask();
      let faults = 0;
      github.fault = ({ name }) => (route.test(name) && faults++ === 0 ? fault : undefined);
      if (isPassing) await expect(ask()).resolves.toEqual(right);
      else await expect(ask()).rejects.toMatchObject({ kind: "outside", code: expect.stringMatching(/^approval\//) });
      expect(faults).toBeGreaterThan(0);
      github.fault = ({ name }) => (route.test(name) ? fault : undefined);
      await expect(ask()).rejects.toMatchObject({ kind: "outside" });
      github.fault = () => undefined;
    }
  });
});
