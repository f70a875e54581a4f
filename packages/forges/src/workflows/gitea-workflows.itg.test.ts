import { setTimeout as sleep } from "node:timers/promises";
import type { WorkflowRun, WorkflowTarget } from "@glu/core";
import { GiteaServer, type GiteaUser, realClock } from "@glu/testing/internal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkflowRunner } from "./create-workflow-runner.ts";

// The real Gitea with its real runner.
let gitea: GiteaServer;
let ada: GiteaUser;
const never = new AbortController().signal;

const workflow = (name: string, step: string): string => `name: ${name}
run-name: ${name} \${{ inputs.glu-key }}
on:
  workflow_dispatch:
    inputs:
      glu-key: { required: true }
      image: { required: true }
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: ${step}
`;

beforeAll(async () => {
  gitea = await GiteaServer.start();
  ada = await gitea.user("ada");
  await gitea.repository(ada, "config", {
    "README.md": "Config\n",
    ".gitea/workflows/smoke.yml": workflow("Smoke", 'test "${{ inputs.image }}" = web:1'),
    ".gitea/workflows/nameless.yml": "on: { workflow_dispatch: { inputs: { glu-key: {} } } }\njobs: {}\n",
  });
  await gitea.runner();
});
afterAll(() => gitea?.[Symbol.asyncDispose]());

const runnerOf = (token = ada.token) =>
  createWorkflowRunner({ forge: "gitea", apiUrl: gitea.apiUrl, repository: "ada/config", token, clock: realClock });

const smoke: WorkflowTarget = { repository: undefined, workflow: "smoke.yml", ref: undefined };
const keyOf = (text: string) => ({ text, since: Date.now() - 60_000 });

/** The run when it has ended. */
async function ended(key: { text: string; since: number }): Promise<WorkflowRun> {
  for (let tries = 0; tries < 200; tries++) {
    const run = await runnerOf().find(smoke, key, never);
    if (run?.state === "succeeded" || run?.state === "failed") return run;
    await sleep(200);
  }
  throw new Error(`The run did not end. ${gitea.log("runner").slice(-2000)}`);
}

describe("a workflow of a real Gitea", () => {
  it.each([
    ["succeeds", "web:1", "succeeded"],
    ["fails", "web:2", "failed"],
  ])("is started under a key, found by it, and %s", async (how, image, state) => {
    const key = keyOf(`glu/smoke-${how}`);
    expect(await runnerOf().find(smoke, key, never)).toBeUndefined();
    await runnerOf().start(smoke, key, { image }, never);
    const run = await ended(key);
    expect(run).toMatchObject({
      state,
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/ada\/config\/actions\/runs\/\d+$/),
    });
    expect(run.startedAt).toBeGreaterThan(key.since);
    // Another key is another run, though it begins alike.
    expect(await runnerOf().find(smoke, keyOf(`glu/smoke-${how}s`), never)).toBeUndefined();
  });

  it("is not started when its runs would not carry their key", async () => {
    const nameless = { ...smoke, workflow: "nameless.yml" };
    await expect(runnerOf().start(nameless, keyOf("glu/k"), {}, never)).rejects.toMatchObject({
      code: "workflow/no-key",
    });
  });

  it.each([
    ["a wrong token", "workflow/unauthorised", smoke, "0".repeat(40)],
    ["a workflow that is not there", "workflow/not-found", { ...smoke, workflow: "gone.yml", ref: "main" }, undefined],
    ["a branch that is not there", "workflow/not-found", { ...smoke, ref: "gone" }, undefined],
    ["a repository that is not there", "workflow/not-found", { ...smoke, repository: "ada/gone" }, undefined],
  ])("with %s is %s", async (_what, code, target, token) => {
    await expect(runnerOf(token).start(target, keyOf("glu/k"), {}, never)).rejects.toMatchObject({
      code,
      fix: expect.any(String),
    });
  });
});
