import type { RunKey, WorkflowTarget } from "@glu/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Answer, type Call, FakeServer, type Json, only } from "../../test/fake-server.ts";
import { createWorkflowRunner } from "./create-workflow-runner.ts";

const key: RunKey = { text: "web/production/20261121t070000z-aaaaaaaaaaaa/0123456789ab", since: 0 };
const ours: WorkflowTarget = { repository: undefined, workflow: undefined, ref: undefined };
const now = Date.UTC(2026, 10, 21, 8);
const never = new AbortController().signal;
const project = "/projects/acme%2Fteam%2Fconfig";
const filters = ["name", "ref", "order_by", "sort", "per_page", "page"];

/** Newest first. */
let pipelines: Json[] = [];
/** What `workflow: name` of the project gives. */
let nameOf: (inputs: Json) => string | null;
let server: FakeServer;

/**
 * `acme/team/config` with the branches `main` and `trunk` and the inputs glu-key and image, by
 * https://docs.gitlab.com/api/pipelines/. Tokens are named after what they are; job tokens see no pipelines.
 */
function gitlab({ method, path, query, headers, body }: Call): Answer {
  const token = headers["private-token"];
  if (!["glpat-good", "glpat-reader"].includes(String(token)))
    return { status: 401, body: { message: "401 Unauthorized" } };
  if (!path.startsWith(project)) return { status: 404, body: { message: "404 Project Not Found" } };
  const route = `${method} ${path.slice(project.length)}`;
  if (route === "GET ") return { status: 200, body: { id: 8, default_branch: "trunk" } };
  if (route === "GET /pipelines") {
    if (![...query.keys()].every((name) => filters.includes(name))) return { status: 501 };
    const [name, ref] = [query.get("name"), query.get("ref")];
    return { status: 200, body: pipelines.filter((one) => one.name === name && one.ref === ref) };
  }
  const forbidden = { status: 403, body: { message: "403 Forbidden" } };
  if (route === "POST /pipeline") {
    if (token === "glpat-reader") return forbidden;
    if (!only(body, "ref", "variables", "inputs")) return { status: 501 };
    if (!["main", "trunk"].includes(String(body.ref)))
      return { status: 400, body: { message: { base: ["Reference not found"] } } };
    const inputs = body.inputs as Json;
    if (!only(inputs, "glu-key", "image")) {
      return { status: 400, body: { message: { base: ["Given inputs not defined in the `spec` section"] } } };
    }
    const made = pipeline({ id: 61, name: nameOf(inputs), ref: body.ref, status: "created" });
    pipelines.unshift(made);
    return { status: 201, body: made };
  }
  const renamed = /^PUT \/pipelines\/(\d+)\/metadata$/.exec(route)?.[1];
  if (renamed === undefined || !only(body, "name")) return { status: 501 };
  const found = pipelines.find(({ id }) => String(id) === renamed);
  if (found === undefined) return { status: 404, body: { message: "404 Not found" } };
  found.name = body.name;
  return { status: 200, body: found };
}

function pipeline(more: Json = {}): Json {
  const id = more.id ?? 47;
  return {
    id,
    status: "success",
    source: "api",
    ref: "trunk",
    name: key.text,
    web_url: `https://gitlab.example/acme/team/config/-/pipelines/${id}`,
    created_at: "2026-11-21T07:30:00.000Z",
    ...more,
  };
}

beforeEach(async () => {
  pipelines = [];
  nameOf = (inputs) => String(inputs["glu-key"]);
  server = await FakeServer.start(gitlab);
});
afterEach(async () => {
  expect(server.unmodelled).toBe(0);
  for (const { path, query } of server.calls) expect(`${path}?${query}`).not.toMatch(/gl(?:cbt|ptt|pat)-/);
  await server[Symbol.asyncDispose]();
});

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
    nameOf = () => name;
    await runnerOf().start({ ...ours, ref: "main" }, key, {}, never);
    expect(server.routes).toEqual([`POST ${project}/pipeline`, `PUT ${project}/pipelines/61/metadata`]);
    await expect(runnerOf().find({ ...ours, ref: "main" }, key, never)).resolves.toMatchObject({ id: "61" });
  });

  it("that cannot get its name is an error, not a run that is lost", async () => {
    nameOf = () => {
      // It is deleted before it can be renamed.
      queueMicrotask(() => pipelines.splice(0));
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
    pipelines = [pipeline({ id: 49, status: "failed" }), pipeline({ id: 48 })];
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
    pipelines = [pipeline({ source })];
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
    pipelines = [pipeline({ status })];
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
    expect(pipelines).toEqual([]);
  });

  it("is not looked for with a job's token, which would never see it", async () => {
    await expect(runnerOf("glcbt-job").find(ours, key, never)).rejects.toMatchObject({ code: "workflow/job-token" });
    expect(server.calls).toEqual([]);
  });
});
