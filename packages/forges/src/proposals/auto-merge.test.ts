import { type RefName, shortRef } from "@glu/core";
import { FakeClock, type GithubFault, type GithubRepository, GithubServer, GitlabServer } from "@glu/testing/internal";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createProposals } from "./create-proposals.ts";

// What each forge has beside the contract, and what can go wrong.
const place = { branch: "refs/heads/glu/production/web" as RefName, base: "refs/heads/main" as RefName };
const text = { title: "Promote web", body: "The plan.\n\n<!-- glu:proposal {} -->\n" };
const plain = { draft: false, labels: [], reviewers: [], assignees: [] };
const limits = { attempts: 2, base: 1, longest: 10 };
const notices: string[] = [];
const notice = (said: string) => void notices.push(said);
beforeEach(() => void notices.splice(0));

describe("on GitHub", () => {
  let github: GithubServer;
  let token: string;
  let repository: GithubRepository;
  let count = 0;
  beforeAll(async () => {
    github = await GithubServer.start();
    token = github.token("github-actions[bot]");
  });
  afterAll(() => github?.[Symbol.asyncDispose]());
  afterEach(() => expect(github.violations.splice(0)).toEqual([]));
  beforeEach(() => {
    github.fault = () => undefined;
    repository = github.repository(`acme/config-${++count}`, { "README.md": "Config\n" });
    repository.autoMerge = true;
    repository.required.add("ci");
    repository.git.git("update-ref", place.branch, repository.tip("main") ?? "");
    repository.git.push(shortRef(place.branch), { file: "x\n" });
  });
  const proposals = (by = token, timeout = 20_000) =>
    createProposals({
      ...{
        forge: "github",
        apiUrl: github.apiUrl,
        repository: repository.fullName,
        token: by,
        limits,
        notice,
        timeout,
      },
      clock: new FakeClock(),
    });
  const opened = async () => (await proposals().open(place, text, plain)).number;

  it("a repository that does not allow it is told where to", async () => {
    repository.autoMerge = false;
    expect(await proposals().setAutoMerge(await opened(), true)).toBe(false);
    expect(notices).toEqual([expect.stringMatching(/'Allow auto-merge' in Settings > General.* of acme\/config-\d+/)]);
  });

  it("what is required is not met is named where there is nothing", async () => {
    repository.required.clear();
    const number = await opened();
    expect(await proposals().setAutoMerge(number, true)).toBe(false);
    expect(notices).toEqual([expect.stringMatching(/at once.* branch rule for main require a status check/)]);
  });

  it("a merge queue is joined only once something was waited for, and left again", async () => {
    repository.mergeQueue = true;
    const number = await opened();
    repository.pass(repository.pull(number)?.headSha ?? "", "ci");
    expect(await proposals().setAutoMerge(number, true)).toBe(false);
    expect(repository.pulls).toMatchObject([{ queued: false, state: "open" }]);
    Object.assign(repository.pull(number) ?? {}, { queued: true });
    expect(await proposals().setAutoMerge(number, true)).toBe(true);
    expect(await proposals().setAutoMerge(number, false)).toBe(true);
    expect(repository.pulls).toMatchObject([{ queued: false }]);
  });

  it.each(["SQUASH", "MERGE", "REBASE"] as const)("the only method that is allowed is taken: %s", async (method) => {
    repository.mergeMethods = [method];
    expect(await proposals().setAutoMerge(await opened(), true)).toBe(true);
    expect(github.requests.at(-1)?.body?.variables).toMatchObject({ method });
  });

  it("what GitHub does not know yet is asked for a while, and then left to the next run", async () => {
    repository.unknownLooks = 3;
    const number = await opened();
    expect(await proposals().setAutoMerge(number, true)).toBe(true);
    await proposals().setAutoMerge(number, false);
    repository.unknownLooks = 1000;
    expect(await proposals().setAutoMerge(number, true)).toBe(false);
    expect(notices).toEqual([expect.stringContaining("The next run asks again")]);
  });

  it("is not switched on for what somebody pushed meanwhile", async () => {
    const number = await opened();
    github.fault = ({ body }) => {
      if (!String(body?.query).includes("enablePull")) return undefined;
      repository.git.push(shortRef(place.branch), { other: "y\n" });
      return undefined;
    };
    expect(await proposals().setAutoMerge(number, true)).toBe(false);
    expect(repository.pulls).toMatchObject([{ autoMergeBy: undefined }]);
  });

  it("a token that only reads is told the permissions", async () => {
    const number = await opened();
    const reader = github.token("github-actions[bot]", { access: "read" });
    await expect(proposals(reader).setAutoMerge(number, true)).rejects.toMatchObject({
      code: "proposal/forbidden",
      fix: expect.stringContaining("permissions: { contents: write, pull-requests: write }"),
    });
  });

  const answered = (status: number, text: string, headers: Record<string, string> = {}): GithubFault => ({
    answer: { status, headers, text },
  });
  const faults: Record<string, [GithubFault, RegExp]> = {
    "401": [answered(401, '{"message":"Bad credentials"}'), /^proposal\/unauthorised$/],
    "403": [answered(403, "{}"), /^proposal\/forbidden$/],
    "404": [answered(404, "{}"), /^proposal\/not-found$/],
    "409": [answered(409, "{}"), /^proposal\/invalid$/],
    "429": [answered(429, "{}"), /^forge\/unreachable$/],
    "429 with Retry-After": [answered(429, "{}", { "retry-after": "1" }), /^forge\/unreachable$/],
    "500": [answered(500, "{}"), /^forge\/unreachable$/],
    "a page instead of JSON": [answered(200, "<html>"), /^proposal\/unexpected$/],
    "no data": [answered(200, '{"data":null}'), /^proposal\/unexpected$/],
    "no answer": [{ answer: "silent" }, /^forge\/unreachable$/],
    "a body that ends": [{ answer: "cut" }, /^forge\/unreachable$/],
    "no answer to what was done": [{ done: true, answer: "silent" }, /^forge\/unreachable$/],
    "a body that ends of what was done": [{ done: true, answer: "cut" }, /^forge\/unreachable$/],
  };
  const steps = { looking: "query AutoMerge", "switching on": "mutation Enable", "switching off": "mutation Disable" };
  describe.each(Object.entries(steps))("when %s fails", (_, step) => {
    it.each(Object.entries(faults))("with %s, it says so, and the next run does it", async (_, [fault, code]) => {
      const number = await opened();
      const on = step !== steps["switching off"];
      if (!on) await proposals().setAutoMerge(number, true);
      let met = 0;
      github.fault = ({ body }) => {
        if (!String(body?.query).startsWith(step)) return undefined;
        met++;
        return fault;
      };
      const task = proposals(token, fault.answer === "silent" ? 200 : 20_000).setAutoMerge(number, on);
      await expect(task).rejects.toMatchObject({ code: expect.stringMatching(code), fix: expect.any(String) });
      expect(met).toBeGreaterThan(0);
      github.fault = () => undefined;
      expect(await proposals().setAutoMerge(number, on)).toBe(true);
      expect(repository.pull(number)?.autoMergeBy?.login).toBe(on ? "github-actions[bot]" : undefined);
      expect(repository.pulls).toMatchObject([{ state: "open" }]);
    });
  });
});

describe("on GitLab", () => {
  let gitlab: GitlabServer;
  beforeEach(async () => {
    gitlab = await GitlabServer.start();
    gitlab.requests.pipelinesMustSucceed = true;
    gitlab.repository.git("update-ref", place.branch, "refs/heads/main");
    gitlab.repository.push(shortRef(place.branch), { web: "x" });
  });
  afterEach(async () => {
    expect(gitlab.unmodelled).toEqual([]);
    await gitlab[Symbol.asyncDispose]();
  });
  const proposalsBy = (token: string, timeout = 20_000) =>
    createProposals({
      ...{ forge: "gitlab", apiUrl: gitlab.apiUrl, repository: gitlab.project, token, limits, notice, timeout },
      clock: new FakeClock(),
    });
  const opened = async () => {
    const { token } = gitlab.user("glu", "developer");
    return { token, number: (await proposalsBy(token).open(place, text, plain)).number };
  };

  it("what makes it wait is named where nothing does", async () => {
    gitlab.requests.pipelinesMustSucceed = false;
    const { token, number } = await opened();
    expect(await proposalsBy(token).setAutoMerge(number, true)).toBe(false);
    expect(notices).toEqual([expect.stringMatching(/at once.*'Pipelines must succeed'/)]);
    expect(gitlab.requests.all).toMatchObject([{ state: "opened" }]);
  });

  it("a token that may not merge into the branch is told where that is allowed", async () => {
    const { token, number } = await opened();
    gitlab.requests.mayMerge = false;
    expect(await proposalsBy(token).setAutoMerge(number, true)).toBe(false);
    expect(notices).toEqual([expect.stringMatching(/may not merge.*Allowed to merge/)]);
  });

  const status = (code: number, headers: Record<string, string> = {}) =>
    ({ fault: { kind: "status", status: code, body: {}, headers }, carriedOut: false }) as const;
  const faults = {
    "403": status(403),
    "404": status(404),
    "429": status(429),
    "429 with Retry-After": status(429, { "retry-after": "1" }),
    "500": status(500),
    "no answer": { fault: { kind: "silence" }, carriedOut: false },
    "no answer to what was done": { fault: { kind: "silence" }, carriedOut: true },
    "a body that ends of what was done": { fault: { kind: "truncated" }, carriedOut: true },
  } as const;
  const merge = "PUT /projects/:id/merge_requests/:iid/merge";
  const cancel = "POST /projects/:id/merge_requests/:iid/cancel_merge_when_pipeline_succeeds";
  describe.each([
    ["looking", "GET /projects/:id/merge_requests/:iid", true],
    ["switching on", merge, true],
    ["switching off", cancel, false],
  ] as const)("when %s fails", (_, route, on) => {
    it.each(Object.entries(faults))("with %s, it says so, and the next run does it", async (_, fault) => {
      const { token, number } = await opened();
      if (!on) await proposalsBy(token).setAutoMerge(number, true);
      let met = 0;
      gitlab.fault = (call) => {
        if (call.route !== route) return undefined;
        met++;
        return fault;
      };
      const task = proposalsBy(token, fault.fault.kind === "silence" ? 200 : 20_000).setAutoMerge(number, on);
      // Switched all the same, as the look after a refusal of the second try tells.
      const outcome = await task.catch((error: unknown) => {
        expect(error).toMatchObject({ name: "GluError", fix: expect.any(String) });
        return "failed";
      });
      expect(met).toBeGreaterThan(0);
      expect(outcome === "failed" || outcome === true).toBe(true);
      gitlab.fault = undefined;
      expect(await proposalsBy(token).setAutoMerge(number, on)).toBe(true);
      expect(gitlab.requests.all[0]?.autoMergeBy?.username).toBe(on ? "glu" : undefined);
      expect(gitlab.requests.all).toMatchObject([{ state: "opened" }]);
    });
  });
});
