import type { RunKey, WorkflowTarget } from "@glu/core";
import { afterEach, describe, expect, it } from "vitest";
import { type Answer, type Call, FakeServer, type Json, only } from "../../test/fake-server.ts";
import { createWorkflowRunner } from "./create-workflow-runner.ts";

const key: RunKey = { text: "web/production/20261121t070000z-aaaaaaaaaaaa/0123456789ab", since: 0 };
const smoke: WorkflowTarget = { repository: undefined, workflow: "smoke.yml", ref: undefined };
const now = Date.UTC(2026, 10, 21, 8);
const never = new AbortController().signal;
const base = "/repos/acme/config";

interface Run {
  id: number;
  file: string;
  event: string;
  branch: string;
  inputs: Json;
  status: string;
}

/** How a server lists a run: Gitea as GitHub does, with `run-name` as the title; Forgejo in its own words. */
const dialects = {
  gitea: ({ id, file, event, branch, inputs, status }: Run): Json => {
    const done = ["success", "failure", "cancelled", "skipped"].includes(status);
    return {
      id,
      html_url: `https://git.example/acme/config/actions/runs/${id}`,
      display_title: event === "workflow_dispatch" ? `Smoke test ${inputs["glu-key"]}` : "Fix it",
      path: `${file}@refs/heads/${branch}`,
      event,
      head_branch: branch,
      status: done
        ? "completed"
        : ({ waiting: "queued", blocked: "pending", running: "in_progress" }[status] ?? status),
      conclusion: done ? status : "",
      started_at: status === "waiting" ? "0001-01-01T00:00:00Z" : "2026-11-21T07:30:00Z",
    };
  },
  forgejo: ({ id, file, event, branch, inputs, status }: Run): Json => ({
    id,
    html_url: `https://git.example/acme/config/actions/runs/${id}`,
    title: "Fix it",
    workflow_id: file,
    event,
    trigger_event: event,
    event_payload: JSON.stringify({ inputs, ref: `refs/heads/${branch}` }),
    prettyref: branch,
    status,
    created: "2026-11-21T07:29:00Z",
    started: status === "waiting" ? "0001-01-01T00:00:00Z" : "2026-11-21T07:30:00Z",
  }),
};
type Dialect = keyof typeof dialects;
const versions = { gitea: "1.25.2", forgejo: "13.0.3+gitea-1.22.0" };
const named = "run-name: Smoke test ${{ inputs.glu-key }}\non: workflow_dispatch\n";

let server: FakeServer | undefined;
afterEach(async () => {
  expect(server?.unmodelled).toBe(0);
  await server?.[Symbol.asyncDispose]();
});

/** `acme/config` with `smoke.yml` and the branch main. Of the filters only pages are known, as in older versions. */
async function start(
  dialect: Dialect,
  runs: Run[] = [],
  more: { old?: boolean; text?: string; folder?: string; most?: number } = {},
) {
  const { old = false, text = named, folder = ".gitea", most = 50 } = more;
  const answer = ({ method, path, query, headers, body }: Call): Answer => {
    if (!/^token (?:good|reader)$/.test(String(headers.authorization)))
      return { status: 401, body: { message: "token is required" } };
    if (path === "/version") return { status: 200, body: { version: versions[dialect] } };
    if (!path.startsWith(base)) return { status: 404, body: { message: "not found" } };
    const route = `${method} ${path.slice(base.length)}`;
    if (route === "GET ") return { status: 200, body: { default_branch: "main" } };
    if (route === "GET /actions/runs") {
      if (old) return { status: 404 };
      // The server's own limit may be lower than what is asked for.
      const [page, limit] = [Number(query.get("page")), Math.min(most, Number(query.get("limit")))];
      const listed = runs.slice((page - 1) * limit, page * limit).map(dialects[dialect]);
      return { status: 200, body: { total_count: runs.length, workflow_runs: listed } };
    }
    if (route === `GET /contents/${folder}/workflows/smoke.yml`) {
      return { status: 200, body: { encoding: "base64", content: Buffer.from(text).toString("base64") } };
    }
    if (route.startsWith("GET /contents/")) return { status: 404, body: { message: "file does not exist" } };
    const file = /^POST \/actions\/workflows\/([^/]+)\/dispatches$/.exec(route)?.[1];
    if (file === undefined || !only(body, "ref", "inputs", "return_run_info")) return { status: 501 };
    if (headers.authorization === "token reader")
      return { status: 403, body: { message: "token does not have the scope" } };
    if (file !== "smoke.yml") return { status: 404, body: { message: "workflow not found" } };
    if (body.ref !== "refs/heads/main") return { status: 422, body: { message: "ref does not exist" } };
    runs.unshift(run({ id: 5, inputs: body.inputs as Json, status: "waiting" }));
    return { status: 204 };
  };
  server = await FakeServer.start(answer);
  return server;
}

const run = (more: Partial<Run> = {}): Run => ({
  id: 4,
  file: "smoke.yml",
  event: "workflow_dispatch",
  branch: "main",
  inputs: { "glu-key": key.text },
  status: "success",
  ...more,
});

function runnerOf({ url }: FakeServer, token = "good") {
  const clock = { now: () => now, random: () => 1, sleep: async () => {} };
  return createWorkflowRunner({ forge: "gitea", apiUrl: url, repository: "acme/config", token, clock });
}

describe.each(Object.keys(dialects) as Dialect[])("a run on %s", (dialect) => {
  it("is started with its key, and found by a later job that knows nothing else", async () => {
    const there = await start(dialect);
    await expect(runnerOf(there).start(smoke, key, { image: "web:1" }, never)).resolves.toBeUndefined();
    expect(there.calls.at(-1)?.body).toEqual({
      ref: "refs/heads/main",
      inputs: { image: "web:1", "glu-key": key.text },
    });
    await expect(runnerOf(there).find(smoke, key, never)).resolves.toEqual({
      id: "5",
      url: "https://git.example/acme/config/actions/runs/5",
      state: "waiting",
      startedAt: now,
    });
  });

  it.each([
    ["another key", run({ inputs: { "glu-key": `${key.text}0` } })],
    ["another workflow", run({ file: "other.yml" })],
    ["another branch", run({ branch: "mine" })],
    ["a pull request", run({ event: "pull_request" })],
  ])("is not one of %s", async (_what, other) => {
    const there = await start(dialect, [other]);
    await expect(runnerOf(there).find(smoke, key, never)).resolves.toBeUndefined();
  });

  it("is the newest one under the key, also on a later page", async () => {
    const others = Array.from({ length: 60 }, (_, id) => run({ id, file: "other.yml" }));
    const there = await start(dialect, [...others, run({ id: 71, status: "failure" }), run({ id: 70 })]);
    await expect(runnerOf(there).find(smoke, key, never)).resolves.toMatchObject({ id: "71", state: "failed" });
  });

  it("is found on a server that gives few a page, on whichever it is", async () => {
    const others = Array.from({ length: 60 }, (_, id) => run({ id, file: "other.yml" }));
    const there = await start(dialect, [...others.slice(0, 25), run({ id: 70 })], { most: 10 });
    await expect(runnerOf(there).find({ ...smoke, ref: "main" }, key, never)).resolves.toMatchObject({ id: "70" });
    expect(there.calls).toHaveLength(3);
    await there[Symbol.asyncDispose]();
    const full = await start(dialect, [...others, run({ id: 70 })], { most: 10 });
    await expect(runnerOf(full).find({ ...smoke, ref: "main" }, key, never)).resolves.toMatchObject({ id: "70" });
    expect(full.calls).toHaveLength(7);
  });

  it.each([
    ["waiting", "waiting"],
    ["blocked", "waiting"],
    ["running", "running"],
    ["success", "succeeded"],
    ["failure", "failed"],
    ["cancelled", "failed"],
    ["skipped", "failed"],
  ])("that is %s is %s", async (status, state) => {
    const there = await start(dialect, [run({ status })]);
    await expect(runnerOf(there).find(smoke, key, never)).resolves.toMatchObject({ state });
  });

  it.each([
    ["wrong", smoke, "workflow/unauthorised", "write:repository"],
    ["reader", smoke, "workflow/forbidden", "write:repository"],
    ["good", { ...smoke, workflow: "other.yml" }, "workflow/not-found", "Check the names"],
    ["good", { ...smoke, ref: "gone" }, "workflow/invalid-request", "Check that gone exists"],
    ["good", { ...smoke, workflow: undefined }, "workflow/no-file", "file: smoke.yml"],
  ])("is not started with the token %s and %j: %s", async (token, target, code, fix) => {
    const there = await start(dialect);
    await expect(runnerOf(there, token).start(target, key, {}, never)).rejects.toMatchObject({
      kind: "outside",
      code,
      fix: expect.stringContaining(fix),
    });
  });
});

describe("a workflow whose runs do not carry their key", () => {
  const text = "name: Smoke\non: workflow_dispatch\n";

  it.each([".gitea", ".github"])("is not started on Gitea, wherever it is: %s", async (folder) => {
    const there = await start("gitea", [], { text, folder });
    await expect(runnerOf(there).start(smoke, key, {}, never)).rejects.toMatchObject({ code: "workflow/no-key" });
    expect(there.routes.filter((route) => route.startsWith("POST"))).toEqual([]);
  });

  it("is started on Forgejo, which gives the inputs back", async () => {
    const there = await start("forgejo", [], { text });
    await runnerOf(there).start(smoke, key, {}, never);
    await expect(runnerOf(there).find(smoke, key, never)).resolves.toMatchObject({ id: "5" });
  });
});

it("a Gitea that lists no runs is told apart by what it needs", async () => {
  const there = await start("gitea", [], { old: true });
  await expect(runnerOf(there).find(smoke, key, never)).rejects.toMatchObject({
    code: "workflow/not-found",
    fix: expect.stringContaining("Gitea 1.25"),
  });
});

it.each([{}, { total_count: 0 }, "<html>"])("an answer that is %j is no empty list of runs", async (body) => {
  server = await FakeServer.start(() => ({ status: 200, body }));
  const found = runnerOf(server).find({ ...smoke, ref: "main" }, key, never);
  await expect(found).rejects.toMatchObject({ kind: "outside", code: "workflow/unexpected" });
});

it("an event that is no JSON is no run of ours", async () => {
  const there = await start("forgejo", []);
  there.calls.splice(0);
  const odd = { ...dialects.forgejo(run()), event_payload: "{" };
  const fetchIt = (async () => new Response(JSON.stringify({ workflow_runs: [odd, "x", null] }))) as typeof fetch;
  const clock = { now: () => now, random: () => 1, sleep: async () => {} };
  const asking = { forge: "gitea", apiUrl: there.url, repository: "acme/config", token: "good", clock } as const;
  const runner = createWorkflowRunner({ ...asking, fetch: fetchIt });
  await expect(runner.find({ ...smoke, ref: "main" }, key, never)).resolves.toBeUndefined();
});
