import { type GithubRepository, GithubServer, realClock } from "@glu/testing/internal";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { diagnose } from "./diagnose.ts";
import type { DiagnosisQuestion } from "./finding.ts";

let github: GithubServer;
let config: GithubRepository;
beforeEach(async () => {
  github = await GithubServer.start();
  config = github.repository("acme/config", { "README.md": "Config\n" });
});
afterEach(async () => {
  expect(github.violations).toEqual([]);
  expect(github.requests.filter(({ name }) => !name.startsWith("GET "))).toEqual([]);
  await github[Symbol.asyncDispose]();
});

const both = { branch: "main", direct: ["staging"], proposing: ["production"], source: "GLU_TOKEN" } as const;
const limits = { attempts: 1, base: 1, longest: 1 };

/** By check: what was found. */
async function look(
  question: Partial<DiagnosisQuestion> = {},
  token = github.token("acme-glu[bot]"),
  clock = realClock,
) {
  const asking = { forge: "github", apiUrl: github.apiUrl, repository: "acme/config", token, clock, limits } as const;
  const found = await diagnose(asking, { ...both, ...question });
  for (const { state, fix } of found) if (state === "error" || state === "warning") expect(fix).not.toBe("");
  expect(new Set(found.map(({ check }) => check)).size).toBe(found.length);
  return Object.fromEntries(found.map(({ check, ...one }) => [check, one]));
}

const rule = (type: string, parameters?: object, ruleset_id = 7) => ({
  type,
  ruleset_id,
  ...(parameters === undefined ? {} : { parameters }),
});
const checks = (...contexts: string[]) =>
  rule("required_status_checks", {
    strict_required_status_checks_policy: false,
    required_status_checks: contexts.map((context) => ({ context })),
  });
const reviewed = rule("pull_request", {
  required_approving_review_count: 2,
  dismiss_stale_reviews_on_push: false,
  require_code_owner_review: false,
  require_last_push_approval: false,
  required_review_thread_resolution: false,
});

describe("where nothing is in the way", () => {
  it("that is said, and what only administrators see is not called well", async () => {
    const found = await look();
    expect(found["push to main"]).toMatchObject({ state: "ok", seen: "no rule forbids it" });
    expect(found.clock).toMatchObject({ state: "ok" });
    for (const check of ["workflow permissions", "allowed actions", "permission contents"]) {
      expect(found[check]?.state, check).toBe("unseen");
      expect(found[check]?.fix, check).not.toBe("");
    }
  });

  it("an administrator's token sees the rest", async () => {
    Object.assign(config.settings, { isAdministrator: true });
    const found = await look();
    expect(found["allowed actions"]).toMatchObject({ state: "ok", seen: "all" });
    expect(found["workflow permissions"]).toMatchObject({
      state: "ok",
      fix: expect.stringContaining("contents: write"),
    });
  });
});

describe("a push", () => {
  it.each([
    ["always", "ok"],
    ["exempt", "ok"],
    ["never", "error"],
    ["pull_requests_only", "error"],
  ])("past a ruleset that this token may bypass: %s", async (current_user_can_bypass, state) => {
    config.settings.rules = [reviewed, checks("ci/test"), rule("non_fast_forward")];
    config.settings.rulesets = [
      {
        id: 7,
        current_user_can_bypass,
        bypass_actors: [{ actor_id: 5, actor_type: "Integration", bypass_mode: "always" }],
      },
    ];
    const found = await look();
    expect(found["push to main"]).toMatchObject({
      state,
      seen: expect.stringContaining("it needs a pull request, checks"),
    });
    if (state === "error") expect(found["push to main"]?.fix).toMatch(/propose: true.*staging.*bypass list/);
    expect(found["required checks"]).toMatchObject({ state });
    expect(found["bypass actors"]).toMatchObject({ state: "ok", seen: "Integration 5" });
    expect(found.reviews).toMatchObject({ seen: "2 before a merge" });
  });

  it("past two rulesets needs that both may be bypassed", async () => {
    config.settings.rules = [reviewed, { ...checks("ci"), ruleset_id: 8 }];
    config.settings.rulesets = [7, 8].map((id) => ({ id, current_user_can_bypass: id === 7 ? "always" : "never" }));
    expect((await look())["push to main"]?.state).toBe("error");
  });

  it("past a ruleset that may not be looked at is not known", async () => {
    config.settings.rules = [reviewed];
    expect((await look())["push to main"]).toMatchObject({
      state: "warning",
      seen: expect.stringContaining("cannot be seen"),
    });
  });

  it("is no matter where everything is proposed", async () => {
    config.settings.rules = [reviewed, checks("ci/test", "glu/production")];
    config.settings.rulesets = [{ id: 7, current_user_can_bypass: "never" }];
    const found = await look({ direct: [] });
    expect(Object.values(found).filter(({ state }) => state === "error")).toEqual([]);
    expect(found["push to main"]).toBeUndefined();
    expect(found["required checks"]).toMatchObject({ state: "ok" });
  });

  it("past a classic protection, of which an administrator sees all and others the checks", async () => {
    config.settings.protection = {
      contexts: ["ci/test"],
      more: { enforce_admins: { url: "https://api.github.com/", enabled: true }, lock_branch: { enabled: true } },
    };
    expect((await look())["push to main"]).toMatchObject({ state: "warning", seen: expect.stringContaining("checks") });
    config.settings.isAdministrator = true;
    expect((await look())["push to main"]).toMatchObject({ state: "error", seen: expect.stringContaining("unlocked") });
    config.settings.protection.contexts = [];
    config.settings.isAdministrator = false;
    expect((await look())["push to main"]).toMatchObject({ state: "unseen" });
  });

  it("that must be signed, and one to a branch with a merge queue", async () => {
    config.settings.rules = [rule("required_signatures"), rule("merge_queue")];
    const found = await look();
    expect(found.signatures).toMatchObject({ state: "warning", fix: expect.stringContaining("commit-via: api") });
    expect(found["merge queue"]).toMatchObject({ state: "warning", fix: expect.stringContaining("merge_group") });
  });
});

it("the status of a proposing environment must be a condition of the merge", async () => {
  expect((await look())["status glu/production"]).toMatchObject({
    state: "warning",
    fix: expect.stringContaining("glu/production"),
  });
  config.settings.rules = [checks("glu/production")];
  expect((await look())["status glu/production"]).toMatchObject({ state: "ok" });
});

describe("Actions", () => {
  beforeEach(() => {
    config.settings.isAdministrator = true;
  });

  it.each([
    [{ enabled: false }, [], "error"],
    [{ enabled: true, allowed_actions: "local_only" }, [], "error"],
    [{ enabled: true, allowed_actions: "selected" }, ["docker/*"], "error"],
    [{ enabled: true, allowed_actions: "selected" }, ["!glu/*"], "error"],
    [{ enabled: true, allowed_actions: "selected" }, ["docker/*", "glu/*"], "ok"],
    [{ enabled: true, allowed_actions: "selected" }, ["glu/promote@v1"], "ok"],
    [{ enabled: true, allowed_actions: "all" }, [], "ok"],
  ])("that may be used: %j %j", async (actions, patterns_allowed, state) => {
    config.settings.actions = actions;
    config.settings.selectedActions.patterns_allowed = patterns_allowed;
    expect((await look())["allowed actions"]).toMatchObject({ state });
  });

  it("must be pinned where the repository says so", async () => {
    config.settings.actions.sha_pinning_required = true;
    expect((await look())["pinned actions"]).toMatchObject({ state: "warning" });
  });

  it.each([
    ["host", false, "error"],
    ["host", true, "ok"],
    ["GLU_TOKEN", false, "ok"],
  ] as const)(
    "may open pull requests with the token of %s: %s",
    async (source, can_approve_pull_request_reviews, state) => {
      Object.assign(config.settings.workflow, { can_approve_pull_request_reviews });
      expect((await look({ source }))["pull requests by Actions"]).toMatchObject({ state });
    },
  );
});

describe("a token", () => {
  it.each([
    ["repo, workflow", "ok"],
    ["public_repo", "warning"],
    ["read:org", "error"],
    ["", "error"],
  ])("with the scopes %j", async (scopes, state) => {
    const found = await look({}, github.token("ada", { scopes }));
    expect(found.token).toMatchObject({ state: "ok", seen: "a classic personal access token, from GLU_TOKEN" });
    expect(found.scopes).toMatchObject({ state });
  });

  it("of an App is judged by what the App was given", async () => {
    const found = await look({ source: "app", granted: { contents: "write", pull_requests: "read" } });
    expect(found["permission contents"]).toMatchObject({ state: "ok" });
    expect(found["permission pull_requests"]).toMatchObject({
      state: "error",
      seen: "read",
      fix: expect.stringContaining("Pull requests: Read and write"),
    });
  });

  it("that may not even read is told by what GitHub wants", async () => {
    const headers = { "x-accepted-github-permissions": "pull_requests=read" };
    const text = '{"message":"Resource not accessible by personal access token"}';
    github.fault = ({ name }) => (name.endsWith("/pulls") ? { answer: { status: 403, headers, text } } : undefined);
    expect((await look())["permission pull-requests"]).toMatchObject({
      state: "error",
      seen: "it may not even read: GitHub wants pull_requests=read",
    });
  });

  it("that is not accepted, or sees nothing, is said alone", async () => {
    expect(Object.keys(await look({}, "ghp_gone"))).toEqual(["token", "clock"]);
    const found = await look({}, github.token("eve", { access: "none" }));
    expect(found.token).toMatchObject({ state: "error", seen: expect.stringContaining("acme/config cannot be seen") });
  });
});

it("a clock that is off is told", async () => {
  const off = (ahead: number) => look({}, undefined, { ...realClock, now: () => Date.now() + ahead });
  expect((await off(30_000)).clock).toMatchObject({ state: "ok" });
  expect((await off(300_000)).clock).toMatchObject({
    state: "warning",
    seen: expect.stringMatching(/^(299|30\d) s ahead/),
  });
  expect((await off(-300_000)).clock).toMatchObject({ state: "warning", seen: expect.stringMatching(/ s behind/) });
});

it.each([
  { answer: "cut" },
  { answer: { status: 500, text: "<html>" } },
  { answer: { status: 429, text: "{}" } },
  {
    answer: { status: 403, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "99999999999" }, text: "{}" },
  },
  { answer: { status: 200, text: "<html>" } },
  { answer: { status: 200, text: "[]" } },
] as const)("what is not answered is not called well: %j", async (fault) => {
  config.settings.isAdministrator = true;
  const part = (name: string) => !/^GET \/repos\/acme\/config$/.test(name);
  github.fault = ({ name }) => (part(name) ? fault : undefined);
  const found = await look();
  for (const check of ["push to main", "status glu/production", "allowed actions"]) {
    expect(found[check]?.state, check).not.toBe("ok");
  }
  github.fault = () => fault;
  expect((await look()).token?.state).not.toBe("ok");
});
