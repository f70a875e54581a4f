import { checksContract, FakeClock, GitlabServer } from "@glu/testing/internal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OwnRun } from "../asking.ts";
import { createChecks } from "./create-checks.ts";

const never = new AbortController().signal;
let count = 0;

const checksOf = (gitlab: GitlabServer, token: string, own: Partial<OwnRun> = {}) =>
  createChecks(
    { forge: "gitlab", apiUrl: `${gitlab.apiUrl}/`, repository: gitlab.project, token, clock: new FakeClock() },
    { run: undefined, ...own },
  );

const pushTo = (gitlab: GitlabServer) => gitlab.repository.push("main", { [`file-${++count}`]: "x" });

checksContract("a strict GitLab's statuses", async () => {
  const gitlab = await GitlabServer.start();
  const ada = gitlab.user("ada", "developer");
  const states = { running: "running", succeeded: "success", failed: "failed" };
  return {
    checks: checksOf(gitlab, gitlab.user("glu", "reporter", "read_api").token),
    repository: gitlab.project,
    push: async () => pushTo(gitlab),
    report: async (commit, name, state) => {
      const path = `/projects/${encodeURIComponent(gitlab.project)}/statuses/${commit}`;
      await gitlab.api(ada, "POST", path, { state: states[state], name });
    },
    [Symbol.asyncDispose]: async () => {
      expect(gitlab.unmodelled).toEqual([]);
      await gitlab[Symbol.asyncDispose]();
    },
  };
});

describe("checks of GitLab", () => {
  let gitlab: GitlabServer;
  beforeAll(async () => {
    gitlab = await GitlabServer.start();
  });
  afterAll(() => gitlab[Symbol.asyncDispose]());

  const reader = () => gitlab.user(`reader-${++count}`, "reporter", "read_api").token;
  const states = async (commit: string, own: Partial<OwnRun> = {}) => {
    const found = await checksOf(gitlab, reader(), own).of({ repository: gitlab.project, commit }, never);
    return Object.fromEntries(found.map(({ name, state, said }) => [name, `${state} ${said}`]));
  };

  it("are its jobs, as the pipeline takes them", async () => {
    const by = gitlab.user("ada", "developer");
    const commit = pushTo(gitlab);
    const pipeline = gitlab.statuses.pipeline(commit, { ref: "main", source: "push" }, "build", by);
    for (const status of ["failed", "canceled", "skipped", "manual", "created", "running"]) {
      gitlab.statuses.job(pipeline, status, by, { status });
    }
    gitlab.statuses.job(pipeline, "flaky", by, { status: "failed", mayFail: true });
    expect(await states(commit)).toEqual({
      build: "succeeded success",
      failed: "failed failed",
      canceled: "failed canceled",
      skipped: "failed skipped",
      manual: "waiting manual",
      created: "waiting created",
      running: "running running",
      flaky: "succeeded failed, which is allowed",
    });
  });

  it("in several pipelines are the newest of each name", async () => {
    const by = gitlab.user("bob", "developer");
    const commit = pushTo(gitlab);
    const first = gitlab.statuses.pipeline(commit, { ref: "main", source: "push" }, "build", by);
    gitlab.statuses.job(first, "test", by, { status: "failed" });
    const second = gitlab.statuses.pipeline(commit, { ref: "main", source: "merge_request_event" }, "build", by);
    gitlab.statuses.job(second, "test", by, { status: "success" });
    expect(await states(commit)).toEqual({ build: "succeeded success", test: "succeeded success" });
  });

  it("are none of the pipeline that asks as long as they have not ended", async () => {
    const by = gitlab.user("carol", "developer");
    const commit = pushTo(gitlab);
    const pipeline = gitlab.statuses.pipeline(commit, { ref: "main", source: "push" }, "build", by);
    const job = gitlab.statuses.job(pipeline, "promote", by, { status: "running" });
    gitlab.statuses.job(pipeline, "after", by, { status: "created" });
    const own = { run: String(pipeline.id), job: String(job) };
    expect(await states(commit, own)).toEqual({ build: "succeeded success" });
    expect(await states(commit, { job: String(job) })).toEqual({
      build: "succeeded success",
      after: "waiting created",
    });
    expect(Object.keys(await states(commit)).sort()).toEqual(["after", "build", "promote"]);
  });

  it("are none of the jobs that wait for the pipeline that asks, which a child of a child may be", async () => {
    const by = gitlab.user("dan", "developer");
    const commit = pushTo(gitlab);
    const parent = gitlab.statuses.pipeline(commit, { ref: "main", source: "push" }, "build", by);
    const trigger = gitlab.statuses.job(parent, "deliver", by, { status: "running" });
    gitlab.statuses.job(parent, "docs", by, { status: "running" });
    const child = gitlab.statuses.child(trigger, "unit", by);
    const inner = gitlab.statuses.job(child, "production", by, { status: "running" });
    const grandchild = gitlab.statuses.child(inner, "smoke", by);
    const own = (pipeline: { id: number }, job = 0) => {
      return { run: String(pipeline.id), number: pipeline.id - 99, job: String(job), isTriggered: true };
    };
    const others = { build: "succeeded success", docs: "running running" };
    expect(await states(commit, own(child, inner))).toEqual(others);
    expect(await states(commit, own(grandchild))).toEqual(others);
    // Another one has to wait for it.
    const waiting = { ...others, deliver: "running running" };
    expect(
      await states(commit, own(gitlab.statuses.pipeline(commit, { ref: "x", source: "push" }, "build", by))),
    ).toEqual(waiting);
    expect(await states(commit)).toEqual(waiting);
    const stranger = { ...own(child), number: 4711 };
    await expect(
      checksOf(gitlab, reader(), stranger).of({ repository: gitlab.project, commit }, never),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^checks\//), fix: expect.any(String) });
  });

  it("ask for no pipeline above when nothing is unfinished", async () => {
    const by = gitlab.user("eve", "developer");
    const commit = pushTo(gitlab);
    const pipeline = gitlab.statuses.pipeline(commit, { ref: "main", source: "push" }, "build", by);
    const asked = gitlab.calls.length;
    await states(commit, { run: String(pipeline.id), number: 1, isTriggered: true });
    expect(gitlab.calls.slice(asked).filter((call) => call.includes("graphql"))).toEqual([]);
  });

  it("say which token is needed, and ask nothing with one that cannot do", async () => {
    const commit = pushTo(gitlab);
    const asked = gitlab.calls.length;
    for (const token of ["glcbt-64_abc", "glptt-abc"]) {
      await expect(checksOf(gitlab, token).of({ repository: gitlab.project, commit }, never)).rejects.toMatchObject({
        kind: "outside",
        code: "checks/job-token",
        fix: expect.stringMatching(/'read_api'.*Reporter.*GLU_TOKEN/),
      });
    }
    expect(gitlab.calls).toHaveLength(asked);
    for (const [token, code] of [
      ["glpat-unknown", "checks/unauthorised"],
      [gitlab.user("stranger").token, "checks/not-found"],
      ["", "checks/no-token"],
    ] as const) {
      const refused = checksOf(gitlab, token).of({ repository: gitlab.project, commit }, never);
      await expect(refused).rejects.toMatchObject({ kind: "outside", code, fix: expect.any(String) });
    }
  });
});
