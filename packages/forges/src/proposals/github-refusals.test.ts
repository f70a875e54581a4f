import { GluError, type RefName, shortRef } from "@glu/core";
import { type GithubFault, type GithubRepository, GithubServer, realClock } from "@glu/testing/internal";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createProposals } from "./create-proposals.ts";

// What GitHub refuses, and how long it is waited for. What every call may meet is in ../port-faults.
let github: GithubServer;
let token: string;
let repository: GithubRepository;
let count = 0;
const slept: number[] = [];

beforeAll(async () => {
  github = await GithubServer.start();
  token = github.token("github-actions[bot]");
});
afterAll(() => github?.[Symbol.asyncDispose]());
beforeEach(() => {
  github.fault = () => undefined;
  slept.splice(0);
  repository = github.repository(`acme/config-${++count}`, { "README.md": "Config\n" });
  for (const person of ["ada", "bob"]) repository.collaborators.add(person);
  repository.git.git("update-ref", place.branch, repository.tip("main") ?? "");
  repository.git.push(shortRef(place.branch), { file: "x\n" });
});
afterEach(() => expect(github.violations.splice(0)).toEqual([]));

const place = { branch: "refs/heads/glu/production/web" as RefName, base: "refs/heads/main" as RefName };
const text = { title: "Promote web", body: "The plan.\n\n<!-- glu:proposal {} -->\n" };
const plain = { draft: false, labels: [], reviewers: [], assignees: [] };
const settings = { draft: false, labels: ["release"], reviewers: ["ada"], assignees: ["bob"] };

const proposals = (by = token, timeout = 20_000) =>
  createProposals({
    forge: "github",
    apiUrl: github.apiUrl,
    repository: repository.fullName,
    token: by,
    clock: { ...realClock, sleep: async (ms) => void slept.push(ms) },
    limits: { attempts: 2, base: 10, longest: 60_000 },
    timeout,
  });

const failure = (task: Promise<unknown>): Promise<GluError> =>
  task.then(
    () => expect.unreachable("it did not fail"),
    (error: unknown) => {
      expect(error).toBeInstanceOf(GluError);
      expect((error as GluError).fix).toMatch(/\S/);
      expect(JSON.stringify(error)).not.toContain(token);
      return error as GluError;
    },
  );

const answered = (status: number, message: string, headers: Record<string, string> = {}): GithubFault => ({
  answer: { status, headers, text: JSON.stringify({ message }) },
});

it("does not wait for an answer for ever", async () => {
  github.fault = () => ({ answer: "silent" });
  expect(await failure(proposals(token, 100).of(place))).toMatchObject({
    code: "forge/unreachable",
    message: expect.stringContaining("did not answer in time"),
  });
});

it("waits for as long as GitHub asks", async () => {
  let met = 0;
  github.fault = () => (++met === 1 ? answered(429, "Slow down", { "retry-after": "7" }) : undefined);
  await proposals().open(place, text, settings);
  expect(slept).toEqual([7000]);
});

describe("what GitHub refuses", () => {
  const refusedOnes: Record<string, [() => Promise<unknown>, Partial<Record<"code", string>>, RegExp]> = {
    "Actions that may not open pull requests": [
      () => {
        repository.actionsMayPropose = false;
        return proposals().open(place, text, plain);
      },
      { code: "proposal/actions-may-not" },
      /Allow GitHub Actions to create and approve pull requests/,
    ],
    "a token that only reads": [
      () => proposals(github.token("github-actions[bot]", { access: "read" })).open(place, text, plain),
      { code: "proposal/forbidden" },
      /permissions: \{ contents: write, pull-requests: write \}/,
    ],
    "a token that sees nothing": [
      () => proposals(github.token("glu-acme[bot]", { access: "none" })).of(place),
      { code: "proposal/not-found" },
      /Check the name acme\/config-\d+/,
    ],
    "a reviewer who opens it": [
      () => proposals(github.token("ada")).open(place, text, settings),
      { code: "proposal/invalid" },
      /Take ada out of 'reviewers'/,
    ],
    "a team that the job's token does not see": [
      () => proposals().open(place, text, { ...plain, reviewers: ["acme/deployers"] }),
      { code: "proposal/invalid" },
      /members: read/,
    ],
    "a reviewer without access": [
      () => proposals().open(place, text, { ...plain, reviewers: ["eve"] }),
      { code: "proposal/invalid" },
      /names of the reviewers/,
    ],
    "an assignee without access, whom it passes over": [
      () => proposals().open(place, text, { ...plain, assignees: ["bob", "eve"] }),
      { code: "proposal/invalid" },
      /'assignees'/,
    ],
    "a label that is too long": [
      () => proposals().open(place, text, { ...plain, labels: ["x".repeat(51)] }),
      { code: "proposal/invalid" },
      /names of the labels/,
    ],
    "a draft where there are none": [
      () => {
        repository.drafts = false;
        return proposals().open(place, text, { ...plain, draft: true });
      },
      { code: "proposal/invalid" },
      /Leave 'draft' out/,
    ],
    "a base that is not there": [
      () => proposals().open({ ...place, base: "refs/heads/gone" as RefName }, text, plain),
      { code: "proposal/invalid" },
      /branch to merge into exists/,
    ],
    "a second one beside somebody else's": [
      async () => {
        await proposals(github.token("eve")).open(place, text, plain);
        return proposals().open(place, text, plain);
      },
      { code: "proposal/invalid" },
      /Somebody else opened https:\S+\/pull\/1 /,
    ],
  };
  it.each(Object.entries(refusedOnes))("%s is told with its fix", async (_, [task, expected, fix]) => {
    const error = await failure(task());
    expect(error).toMatchObject(expected);
    expect(error.fix).toMatch(fix);
  });
});

it("a team is asked by its slug where the token sees teams", async () => {
  repository.teams.add("deployers");
  const app = github.token("glu-acme[bot]", { seesTeams: true });
  await proposals(app).open(place, text, { ...plain, reviewers: ["acme/deployers", "ada"] });
  expect(repository.pulls).toMatchObject([{ teams: ["deployers"], reviewers: ["ada"] }]);
});

it("people read the plan, and no marker, of one that is not finished", async () => {
  github.fault = ({ name }) => (/labels$/.test(name) ? answered(404, "Not Found") : undefined);
  await failure(proposals().open(place, text, settings));
  expect(repository.pulls).toMatchObject([{ title: text.title, body: "The plan." }]);
});
