import type { RunKey, WorkflowTarget } from "@glu/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeGitlab, pipelineNamed } from "../../test/fake-gitlab.ts";
import { FakeServer, type Json } from "../../test/fake-server.ts";
import { createWorkflowRunner } from "./create-workflow-runner.ts";

const key: RunKey = { text: "web/production/20261121t070000z-aaaaaaaaaaaa/0123456789ab", since: 0 };
const ours: WorkflowTarget = { repository: undefined, workflow: undefined, ref: undefined };
const now = Date.UTC(2026, 10, 21, 8);
const never = new AbortController().signal;
const project = "/projects/acme%2Fteam%2Fconfig";
let fake: FakeGitlab;
let server: FakeServer;
beforeEach(async () => {
  fake = new FakeGitlab(project, { "glpat-good": "api", "glpat-reader": "reader" });
  server = await FakeServer.start((call) => fake.answer(call));
});
afterEach(async () => {
  expect(server.unmodelled).toBe(0);
  for (const { path, query } of server.calls) expect(`${path}?${query}`).not.toMatch(/gl(?:cbt|ptt|pat)-/);
  await server[Symbol.asyncDispose]();
});

const pipeline = (more: Json = {}) => pipelineNamed(key.text, more);

function runnerOf(token = "glpat-good") {
  const clock = { now: () => now, random: () => 1, sleep: async () => {} };
  return createWorkflowRunner({ forge: "gitlab", apiUrl: server.url, repository: "acme/team/config", token, clock });
}

describe("a pipeline of GitLab", () => {
  it("is started with its key as an input, and found by a later job that knows nothing else", async () => {
    await expect(runnerOf().start(ours, key, { image: "web:1" }, never)).resolves.toEqual({
      id: "61",
      url: "https://gitlab.example/acme/team/config/-/pipelines/61",
      state: "waiting",
      startedAt: Date.UTC(2026, 10, 21, 7, 30),
    });
    expect(server.calls.at(-1)?.body).toEqual({ ref: "trunk", inputs: { image: "web:1", "glu-key": key.text } });
    await expect(runnerOf().find(ours, key, never)).resolves.toMatchObject({ id: "61" });
  });

  it.each([null, "Smoke test"])("that its project calls %j gets the key as its name", async (name) => {
    fake.nameOf = () => name;
    await runnerOf().start({ ...ours, ref: "main" }, key, {}, never);
    expect(server.routes).toEqual([`POST ${project}/pipeline`, `PUT ${project}/pipelines/61/metadata`]);
    await expect(runnerOf().find({ ...ours, ref: "main" }, key, never)).resolves.toMatchObject({ id: "61" });
  });

  it("that cannot get its name is an error, not a run that is lost", async () => {
    fake.nameOf = () => {
      // It is deleted before it can be renamed.
      queueMicrotask(() => fake.pipelines.splice(0));
      return "Smoke test";
    };
    await expect(runnerOf().start(ours, key, {}, never)).rejects.toMatchObject({ code: "workflow/no-key" });
  });

  it("in another project is asked for there", async () => {
    await expect(runnerOf().find({ ...ours, repository: "acme/smoke" }, key, never)).rejects.toMatchObject({
      kind: "outside",
      code: "workflow/not-found",
    });
    expect(server.routes).toEqual(["GET /projects/acme%2Fsmoke"]);
  });

  it("is the newest one, and none where there is none", async () => {
    await expect(runnerOf().find(ours, key, never)).resolves.toBeUndefined();
    fake.pipelines = [pipeline({ id: 49, status: "failed" }), pipeline({ id: 48 })];
    await expect(runnerOf().find(ours, key, never)).resolves.toMatchObject({ id: "49", state: "failed" });
  });

  it.each([
    ["push", false],
    ["merge_request_event", false],
    ["schedule", false],
    ["parent_pipeline", false],
    ["api", true],
    ["trigger", true],
    ["pipeline", true],
    ["web", true],
  ])("by %s counts: %j", async (source, counts) => {
    fake.pipelines = [pipeline({ source })];
    const found = await runnerOf().find(ours, key, never);
    expect(found !== undefined).toBe(counts);
  });

  it.each([
    ["created", "waiting"],
    ["waiting_for_resource", "waiting"],
    ["preparing", "waiting"],
    ["pending", "waiting"],
    ["scheduled", "waiting"],
    ["manual", "waiting"],
    ["running", "running"],
    ["canceling", "running"],
    ["success", "succeeded"],
    ["failed", "failed"],
    ["canceled", "failed"],
    ["skipped", "failed"],
  ])("that is %s is %s", async (status, state) => {
    fake.pipelines = [pipeline({ status })];
    await expect(runnerOf().find(ours, key, never)).resolves.toMatchObject({ state });
  });

  it.each([
    ["glpat-wrong", ours, {}, "workflow/unauthorised", "scope 'api'"],
    ["glpat-reader", ours, {}, "workflow/forbidden", "role Developer"],
    ["glpat-good", { ...ours, repository: "acme/nope" }, {}, "workflow/not-found", "Check the path"],
    ["glpat-good", { ...ours, ref: "gone" }, {}, "workflow/invalid-request", "Check that gone exists"],
    ["glpat-good", ours, { imge: "x" }, "workflow/invalid-request", "has imge, glu-key"],
    ["glcbt-job", ours, {}, "workflow/job-token", "project access token"],
    ["glptt-trigger", ours, {}, "workflow/job-token", "project access token"],
    ["", ours, {}, "workflow/no-token", "GLU_TOKEN"],
  ])("is not started with %s, %j and the inputs %j: %s", async (token, target, inputs, code, fix) => {
    await expect(runnerOf(token).start(target, key, inputs, never)).rejects.toMatchObject({
      kind: "outside",
      code,
      fix: expect.stringContaining(fix),
    });
    expect(fake.pipelines).toEqual([]);
  });

  it.each([{}, "<html>", null])("is not taken for none where the answer is %j, which is no list", async (body) => {
    await server[Symbol.asyncDispose]();
    server = await FakeServer.start(() => ({ status: 200, body }));
    const found = runnerOf().find({ ...ours, ref: "main" }, key, never);
    await expect(found).rejects.toMatchObject({ kind: "outside", code: "workflow/unexpected" });
  });

  it("is not looked for with a job's token, which would never see it", async () => {
    await expect(runnerOf("glcbt-job").find(ours, key, never)).rejects.toMatchObject({ code: "workflow/job-token" });
    expect(server.calls).toEqual([]);
  });
});
