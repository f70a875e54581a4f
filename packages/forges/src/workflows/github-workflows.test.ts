import { OutsideError, type RunKey, type WorkflowTarget } from "@glu/core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { FakeGithub, pageOf, runNamed } from "../../test/fake-github.ts";
import { createWorkflowRunner } from "./create-workflow-runner.ts";

const github = new FakeGithub();
beforeAll(() => github.listen());
afterAll(() => github.close());
afterEach(() => {
  expect(github.violations).toEqual([]);
  github.reset();
});

const key: RunKey = {
  text: "web/production/20261121t070000z-aaaaaaaaaaaa/0123456789ab",
  since: Date.UTC(2026, 10, 20),
};
const smoke: WorkflowTarget = { repository: undefined, workflow: "smoke.yml", ref: undefined };
const now = Date.UTC(2026, 10, 21, 8);
const never = new AbortController().signal;

function runnerOf(token = "actions") {
  const slept: number[] = [];
  const clock = { now: () => now, random: () => 1, sleep: async (ms: number) => void slept.push(ms) };
  const asking = { forge: "github", apiUrl: `${github.url}/`, repository: "acme/config", token, clock } as const;
  return { ...createWorkflowRunner(asking), slept };
}

describe("a run on GitHub", () => {
  it("is started with its key, and found by a later job that knows nothing else", async () => {
    const started = await runnerOf().start(smoke, key, { image: "web:1" }, never);
    expect(started).toEqual({ id: "100", url: pageOf(100), state: "waiting", startedAt: now });
    expect(github.dispatched).toEqual([
      { ref: "trunk", inputs: { image: "web:1", "glu-key": key.text }, return_run_details: true },
    ]);
    await expect(runnerOf().find(smoke, key, never)).resolves.toEqual({
      id: "100",
      url: pageOf(100),
      state: "waiting",
      startedAt: Date.UTC(2026, 10, 21, 7, 0, 2),
    });
  });

  it("is found on a server that does not say which run it started", async () => {
    github.details = false;
    const target = { ...smoke, ref: "next" };
    await expect(runnerOf().start(target, key, {}, never)).resolves.toBeUndefined();
    await expect(runnerOf().find(target, key, never)).resolves.toMatchObject({ id: "100" });
    expect(github.urls.join()).not.toMatch(/GET \/repos\/acme\/config,/);
  });

  it("is none where nobody started one", async () => {
    await expect(runnerOf().find(smoke, key, never)).resolves.toBeUndefined();
  });

  it.each([
    ["another key", runNamed(`Smoke test ${key.text}0`)],
    ["a pull request of that title", runNamed(`Smoke test ${key.text}`, { event: "pull_request" })],
    ["another branch, where the workflow may be changed", runNamed(`Smoke ${key.text}`, { head_branch: "mine" })],
    ["before the commit was made", runNamed(`Smoke ${key.text}`, { created_at: "2026-11-19T23:59:59Z" })],
    ["no title", runNamed("", { display_title: null })],
  ])("is not one of %s", async (_what, run) => {
    github.runs = [run];
    await expect(runnerOf().find(smoke, key, never)).resolves.toBeUndefined();
  });

  it("is compared here too, in case a server knows no filter", async () => {
    const others = [
      runNamed(`Smoke ${key.text}`, { event: "pull_request" }),
      runNamed(`Smoke ${key.text}`, { head_branch: "mine" }),
    ];
    github.first.push({ status: 200, body: JSON.stringify({ workflow_runs: others }) });
    await expect(runnerOf().find({ ...smoke, ref: "trunk" }, key, never)).resolves.toBeUndefined();
  });

  it("is the newest one under the key", async () => {
    github.runs = [
      runNamed(`Smoke ${key.text}`, { id: 9 }),
      runNamed(`Smoke ${key.text}`, { id: 8, conclusion: "failure" }),
    ];
    await expect(runnerOf().find(smoke, key, never)).resolves.toMatchObject({ id: "9", state: "succeeded" });
  });

  it("is looked for on all pages that there are", async () => {
    const others = (count: number) => Array.from({ length: count }, (_, id) => runNamed("Smoke other", { id }));
    github.runs = [...others(950), runNamed(`Smoke ${key.text}`, { id: 999 })];
    await expect(runnerOf().find(smoke, key, never)).resolves.toMatchObject({ id: "999" });
    github.runs = others(550);
    github.urls.splice(0);
    await expect(runnerOf().find(smoke, key, never)).resolves.toBeUndefined();
    expect(github.urls.filter((url) => url.includes("/runs?"))).toHaveLength(6);
  });

  it("is not said to be none where there are too many to look through", async () => {
    github.runs = Array.from({ length: 10_001 }, (_, id) => runNamed("Smoke other", { id }));
    await expect(runnerOf().find(smoke, key, never)).rejects.toMatchObject({ code: "forge/too-many" });
  });

  it.each([
    ["queued", null, "waiting"],
    ["requested", null, "waiting"],
    ["pending", null, "waiting"],
    ["waiting", null, "waiting"],
    ["in_progress", null, "running"],
    ["completed", "success", "succeeded"],
    ["completed", "failure", "failed"],
    ["completed", "cancelled", "failed"],
    ["completed", "timed_out", "failed"],
    ["completed", "startup_failure", "failed"],
    ["completed", "skipped", "failed"],
    ["completed", "neutral", "failed"],
    ["completed", "stale", "failed"],
    ["completed", "action_required", "waiting"],
  ])("that is %s with %s is %s", async (status, conclusion, state) => {
    github.runs = [runNamed(key.text, { status, conclusion })];
    await expect(runnerOf().find(smoke, key, never)).resolves.toMatchObject({ state });
  });

  it("links to no page that is none of the web", async () => {
    github.runs = [
      runNamed(key.text, { html_url: "javascript:alert(1)", run_started_at: "soon", created_at: "2026-11-21" }),
    ];
    await expect(runnerOf().find(smoke, key, never)).resolves.toMatchObject({ url: undefined, startedAt: now });
  });
});

describe("a run on GitHub is not started", () => {
  it.each([
    ["without run-name", "name: smoke\non:\n  workflow_dispatch:\n    inputs:\n      glu-key: { type: string }\n"],
    ["with a run-name of its own", "run-name: Smoke\non:\n  workflow_dispatch:\n    inputs: { glu-key: {} }\n"],
    ["with the key in its name alone", "name: glu-key\non: workflow_dispatch\n"],
  ])("%s, since it would never be found again", async (_what, file) => {
    github.file = file;
    await expect(runnerOf().start(smoke, key, {}, never)).rejects.toMatchObject({
      code: "workflow/no-key",
      fix: "Put 'run-name: Smoke test ${{ inputs.glu-key }}' into smoke.yml.",
    });
    expect(github.dispatched).toEqual([]);
  });

  it.each([
    ["on lines of its own", "run-name: >-\n  Smoke test\n  ${{ inputs.glu-key }}\non: workflow_dispatch\n"],
    ["in quotes", "\"run-name\": '${{ github.event.inputs.glu-key }}'\non: workflow_dispatch\n"],
    ["that cannot be read", undefined],
  ])("but with a run-name %s it is", async (_what, file) => {
    github.file = file;
    await runnerOf().start(smoke, key, {}, never);
    expect(github.dispatched).toHaveLength(1);
  });

  it.each([
    ["wrong", smoke, {}, "workflow/unauthorised", "actions: write"],
    ["reader", { ...smoke, ref: "trunk" }, {}, "workflow/forbidden", "permissions: { actions: write }"],
    ["stranger", smoke, {}, "workflow/not-found", "GITHUB_TOKEN reaches its own repository only"],
    ["actions", { ...smoke, workflow: "other.yml" }, {}, "workflow/not-found", "must be on the default branch"],
    ["actions", { ...smoke, repository: "acme/other" }, {}, "workflow/not-found", "Check the names"],
    ["actions", { ...smoke, ref: "gone" }, {}, "workflow/invalid-request", "Check that gone exists"],
    ["actions", smoke, { imge: "x" }, "workflow/invalid-request", "declares the inputs imge, glu-key"],
    ["actions", { ...smoke, workflow: undefined }, {}, "workflow/no-file", "file: smoke.yml"],
    ["", smoke, {}, "workflow/no-token", "GLU_TOKEN"],
  ])("with the token %s, %j and the inputs %j: %s", async (token, target, inputs, code, fix) => {
    const error = await runnerOf(token)
      .start(target, key, inputs, never)
      .catch((thrown) => thrown);
    // An outside error holds this one intent. Any other would refuse it.
    expect(error).toBeInstanceOf(OutsideError);
    expect(error).toMatchObject({ code, fix: expect.stringContaining(fix) });
    expect(github.dispatched).toEqual([]);
  });

  it.each([
    ["wrong", smoke, "workflow/unauthorised"],
    ["stranger", { ...smoke, ref: "trunk" }, "workflow/not-found"],
    ["actions", { ...smoke, workflow: "other.yml" }, "workflow/not-found"],
    ["", smoke, "workflow/no-token"],
  ])("nor looked for with the token %s, %j: %s", async (token, target, code) => {
    await expect(runnerOf(token).find(target, key, never)).rejects.toMatchObject({ kind: "outside", code });
  });

  it("when the server answers in another way, which is said", async () => {
    github.first.push({ status: 418, body: "I am a teapot" });
    await expect(runnerOf().find({ ...smoke, ref: "trunk" }, key, never)).rejects.toMatchObject({
      code: "workflow/unexpected",
      seen: "418",
    });
    github.first.push({ status: 302, headers: { location: "http://127.0.0.1:1/" } });
    await expect(runnerOf().find({ ...smoke, ref: "trunk" }, key, never)).rejects.toMatchObject({
      code: "workflow/not-found",
    });
  });

  it.each(["<html>", "{}", '{"workflow_runs":null}', "[]"])(
    "when its answer is %s, which is no empty list",
    async (body) => {
      github.first.push({ status: 200, body });
      await expect(runnerOf().find({ ...smoke, ref: "trunk" }, key, never)).rejects.toMatchObject({
        code: "workflow/unexpected",
      });
    },
  );

  it("while GitHub limits us: it is waited for as long as it asks", async () => {
    github.first.push(
      { status: 403, headers: { "retry-after": "3" }, body: '{"message":"You have exceeded a secondary rate limit"}' },
      { status: 502, body: "<html>Bad gateway</html>" },
    );
    const runner = runnerOf();
    await expect(runner.find(smoke, key, never)).resolves.toBeUndefined();
    expect(runner.slept).toEqual([3000, 1000]);
  });

  it("when the gate has given up: nothing is asked, or asked again", async () => {
    const runner = runnerOf();
    await expect(runner.find(smoke, key, AbortSignal.abort())).rejects.toMatchObject({
      code: "forge/unreachable",
      transient: false,
    });
    expect(github.urls).toEqual([]);
    expect(runner.slept).toEqual([]);
  });

  it("shows no token that the server repeats", async () => {
    github.first.push({ status: 422, body: JSON.stringify({ message: "bad token actions" }) });
    const error = await runnerOf()
      .find({ ...smoke, ref: "trunk" }, key, never)
      .catch((thrown) => thrown);
    expect(error.seen).toBe("422: bad token ***");
  });
});
