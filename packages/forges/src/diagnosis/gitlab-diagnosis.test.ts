import { type Fault, GitlabServer, type GitlabUser, realClock } from "@glu/testing/internal";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { diagnose } from "./diagnose.ts";
import type { DiagnosisQuestion } from "./finding.ts";

let gitlab: GitlabServer;
let bot: GitlabUser;
beforeEach(async () => {
  gitlab = await GitlabServer.start();
  bot = gitlab.user("project_3_bot", "maintainer");
});
afterEach(async () => {
  expect(gitlab.unmodelled).toEqual([]);
  expect(gitlab.calls.filter((route) => !route.startsWith("GET "))).toEqual([]);
  await gitlab[Symbol.asyncDispose]();
});

const both = { branch: "main", direct: ["staging"], proposing: ["production"], source: "GLU_TOKEN" } as const;
const limits = { attempts: 1, base: 1, longest: 1 };

async function look(question: Partial<DiagnosisQuestion> = {}, token = bot.token) {
  const { apiUrl, project } = gitlab;
  const asking = { forge: "gitlab", apiUrl, repository: project, token, clock: realClock, limits } as const;
  const found = await diagnose(asking, { ...both, ...question });
  for (const { state, fix } of found) if (state === "error" || state === "warning") expect(fix).not.toBe("");
  expect(new Set(found.map(({ check }) => check)).size).toBe(found.length);
  return Object.fromEntries(found.map(({ check, ...one }) => [check, one]));
}

it("a maintainer's token sees that nothing is in the way, and what could be better", async () => {
  Object.assign(gitlab.settings, { onlyAllowMergeIfPipelineSucceeds: true, pipelineVariables: "no_one_allowed" });
  const found = await look();
  expect(Object.entries(found).filter(([, { state }]) => state !== "ok")).toEqual([]);
  expect(found.token?.seen).toBe("'project_3_bot', from GLU_TOKEN, until 2030-01-31");
  expect(found.role?.seen).toBe("Maintainer");
  expect(found["push to main"]?.seen).toBe("no rule forbids it");
  Object.assign(gitlab.settings, {
    onlyAllowMergeIfPipelineSucceeds: false,
    pipelineVariables: "developer",
    inboundEnabled: false,
  });
  const other = await look();
  for (const check of ["status glu/production", "pipeline variables", "job token allow-list"]) {
    expect(other[check]?.state, check).toBe("warning");
  }
});

it("what a developer's token may not see is not called well", async () => {
  const found = await look({}, gitlab.user("dev", "developer").token);
  expect(found["job token allow-list"]).toMatchObject({ state: "unseen", seen: expect.stringContaining("403") });
  expect(found["pipeline variables"]).toMatchObject({ state: "unseen" });
});

it("a protected branch that the token's role may not push to", async () => {
  gitlab.settings.protectedBranches.set("main", "maintainer");
  const developer = gitlab.user("dev", "developer").token;
  expect((await look({}, developer))["push to main"]).toMatchObject({
    state: "error",
    fix: expect.stringMatching(/propose: true.*staging.*Allowed to push and merge/),
  });
  expect((await look({ direct: [] }, developer))["push to main"]).toBeUndefined();
  expect((await look())["push to main"]).toMatchObject({ state: "ok" });
  expect((await look({ branch: "gone" }))["push to gone"]).toMatchObject({ state: "unseen" });
});

it("commits that must be signed, and merge requests that are switched off", async () => {
  gitlab.settings.rejectUnsignedCommits = true;
  gitlab.settings.mergeRequests = "disabled";
  const found = await look();
  expect(found.signatures).toMatchObject({ state: "warning", fix: expect.stringContaining("commit.gpgSign") });
  expect(found["merge requests"]).toMatchObject({ state: "error" });
});

describe("a token", () => {
  it.each<[string[], string, boolean]>([
    [["api"], "ok", true],
    [["write_repository"], "error", true],
    [["write_repository"], "ok", false],
    [["read_api", "read_repository"], "error", false],
  ])("with the scopes %j", async (scopes, state, proposes) => {
    gitlab.settings.scopes.set(bot.token, scopes);
    expect((await look(proposes ? {} : { proposing: [] })).scopes).toMatchObject({ state, seen: scopes.join(", ") });
  });

  it("that is not accepted, or sees no such project, is told", async () => {
    expect((await look({}, "glpat-gone")).token).toMatchObject({ state: "error" });
    expect((await look({}, gitlab.user("eve").token)).role).toMatchObject({
      state: "error",
      seen: expect.stringContaining("404"),
    });
    const rita = await look({}, gitlab.user("rita", "reporter").token);
    // No rule of the branch is in the way.
    expect(rita["push to main"]?.seen).toContain("a role that may push to it");
    expect(rita.role).toMatchObject({
      state: "error",
      seen: "Reporter",
    });
  });

  it("of the job asks who it is by its own header, and can open no merge requests", async () => {
    gitlab.settings.jobs.set("glcbt-1", "ada");
    const found = await look({ source: "host" }, "glcbt-1");
    expect(found.token).toMatchObject({ state: "ok", seen: "the job's own (CI_JOB_TOKEN), as ada" });
    expect(found["push by the job's token"]).toMatchObject({
      state: "unseen",
      fix: expect.stringContaining("Allow Git push requests"),
    });
    expect(found["merge requests"]).toMatchObject({
      state: "error",
      fix: expect.stringContaining("project access token"),
    });
    expect((await look({ source: "host" }, "glcbt-2")).token).toMatchObject({ state: "error" });
  });
});

it.each<Fault>([
  { kind: "status", status: 401, body: {} },
  { kind: "status", status: 403, body: {} },
  { kind: "status", status: 404, body: {} },
  { kind: "status", status: 429 },
  { kind: "status", status: 503 },
  { kind: "status", status: 200, body: [] },
  { kind: "truncated" },
  { kind: "garbled" },
])("what is not answered is not called well: %j", async (fault) => {
  const all = [
    "GET /projects/:id/repository/branches/main",
    "GET /projects/:id/job_token_scope",
    "GET /personal_access_tokens/self",
  ];
  gitlab.fault = ({ route }) => (all.includes(route) ? { fault, carriedOut: false } : undefined);
  const found = await look();
  for (const check of ["token", "push to main", "job token allow-list"])
    expect(found[check]?.state, check).not.toBe("ok");
  gitlab.fault = () => ({ fault, carriedOut: false });
  expect((await look()).role?.state).not.toBe("ok");
});
