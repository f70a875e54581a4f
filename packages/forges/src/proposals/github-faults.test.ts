import { GluError, type RefName, shortRef } from "@glu/core";
import { type GithubFault, type GithubRepository, GithubServer, realClock } from "@glu/testing/internal";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createProposals } from "./create-proposals.ts";

// What can go wrong with each request to GitHub, and what the next run makes of it.
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
  timeout = patient;
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

/** Only who does not answer at all is waited for until the time is over. */
const [patient, impatient] = [20_000, 1_000];
let timeout = patient;
const proposals = (by = token) =>
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

/** One run, as the core does it: what is open and finished stands, else it is opened. */
async function run(): Promise<void> {
  const one = proposals();
  const open = (await one.of(place)).find(({ state, body }) => state === "open" && body.includes("glu:proposal"));
  if (open === undefined) await one.open(place, text, settings);
}

const answered = (status: number, message: string, headers: Record<string, string> = {}): GithubFault => ({
  answer: { status, headers, text: JSON.stringify({ message }) },
});

const faults: Record<string, [GithubFault, RegExp]> = {
  "401": [answered(401, "Bad credentials"), /^proposal\/unauthorised$/],
  "403": [answered(403, "Resource not accessible by integration"), /^proposal\/forbidden$/],
  "404": [answered(404, "Not Found"), /^proposal\/not-found$/],
  "409": [answered(409, "Conflict"), /^proposal\/invalid$/],
  "410": [answered(410, "Gone"), /^proposal\/unexpected$/],
  "422": [answered(422, "Validation Failed"), /^proposal\/invalid$/],
  "429": [answered(429, "Slow down"), /^forge\/unreachable$/],
  "429 with Retry-After": [answered(429, "Slow down", { "retry-after": "7" }), /^forge\/unreachable$/],
  "403 with Retry-After": [answered(403, "Secondary limit", { "retry-after": "7" }), /^forge\/unreachable$/],
  "500": [answered(500, "Oh no"), /^forge\/unreachable$/],
  "502": [{ answer: { status: 502, text: "<html>" } }, /^forge\/unreachable$/],
  "a redirect": [answered(301, "Moved", { location: "http://127.0.0.1:9/" }), /^proposal\/not-found$/],
  "a page instead of JSON": [{ answer: { status: 200, text: "<html>" } }, /^proposal\/unexpected$/],
  "no answer": [{ answer: "silent" }, /^forge\/unreachable$/],
  "a body that ends": [{ answer: "cut" }, /^forge\/unreachable$/],
  "no answer to what was done": [{ done: true, answer: "silent" }, /^forge\/unreachable$/],
  "a body that ends of what was done": [{ done: true, answer: "cut" }, /^forge\/unreachable$/],
  "502 to what was done": [{ done: true, answer: { status: 502, text: "" } }, /^forge\/unreachable$/],
};

/** The requests of a run that opens one. */
const steps: Record<string, RegExp> = {
  "who it is": /^POST \/graphql$/,
  "the list": /^GET .*\/pulls$/,
  opening: /^POST .*\/pulls$/,
  labels: /^POST .*\/labels$/,
  assignees: /^POST .*\/assignees$/,
  reviewers: /^POST .*\/requested_reviewers$/,
  "the final text": /^PATCH .*\/pulls\/\d+$/,
};

function expectOneThatIsWhole(): void {
  const open = repository.pulls.filter(({ state }) => state === "open");
  expect(open).toMatchObject([
    { title: text.title, body: text.body, labels: ["release"], assignees: ["bob"], reviewers: ["ada"] },
  ]);
  expect(repository.pulls).toHaveLength(1);
}

describe.each(Object.entries(steps))("when %s fails", (_, step) => {
  it.each(Object.entries(faults))(
    "with %s, it says what to do, and the next run has one whole proposal",
    async (_, [fault, code]) => {
      let met = 0;
      if (fault.answer === "silent") timeout = impatient;
      github.fault = ({ name }) => (step.test(name) && ++met > 0 ? fault : undefined);
      expect((await failure(run())).code).toMatch(code);
      expect(met).toBeGreaterThan(0);
      // A half made one never looks finished.
      expect(repository.pulls.filter(({ body }) => body?.includes("glu:proposal")).length).toBeLessThanOrEqual(
        String(step) === String(steps["the final text"]) ? 1 : 0,
      );
      github.fault = () => undefined;
      timeout = patient;
      await run();
      await run();
      expectOneThatIsWhole();
    },
  );

  it.each(Object.entries(faults).filter(([, [, code]]) => code.test("forge/unreachable")))(
    "with %s and only once, the run goes on by itself",
    async (_, [fault]) => {
      let met = 0;
      if (fault.answer === "silent") timeout = impatient;
      github.fault = ({ name }) => (step.test(name) && ++met === 1 ? fault : undefined);
      await run();
      expect(met).toBeGreaterThan(1);
      expectOneThatIsWhole();
    },
  );
});

describe.each([
  ["what was said", /^GET .*\/comments$/],
  ["the comment", /^POST .*\/comments$/],
  ["closing", /^PATCH .*\/pulls\/\d+$/],
] as const)("when %s fails while one is closed", (_, step) => {
  it.each(Object.entries(faults))("with %s, the next run closes it, and says why once", async (_, [fault, code]) => {
    const { number } = await proposals().open(place, text, plain);
    const close = () => proposals().close(number, "Replaced.", "Over.");
    if (fault.answer === "silent") timeout = impatient;
    github.fault = ({ name }) => (step.test(name) ? fault : undefined);
    // What was heard is not said again, so that such a run may end well.
    const outcome = await close().then(
      () => "closed",
      (error: GluError) => error.code,
    );
    if (outcome !== "closed" || fault.done !== true) expect(outcome).toMatch(code);
    github.fault = () => undefined;
    timeout = patient;
    await close();
    expect(repository.pulls).toMatchObject([{ state: "closed", body: "Over." }]);
    expect(repository.pulls[0]?.comments.map(({ body }) => body)).toEqual(["Replaced."]);
  });
});

it("waits for as long as GitHub asks", async () => {
  let met = 0;
  github.fault = () => (++met === 1 ? answered(429, "Slow down", { "retry-after": "7" }) : undefined);
  await run();
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
  await failure(run());
  expect(repository.pulls).toMatchObject([{ title: text.title, body: "The plan." }]);
});
