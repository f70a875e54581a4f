import { checksContract, GiteaServer, type GiteaUser, realClock } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createChecks } from "./create-checks.ts";

// The real Gitea.
let gitea: GiteaServer;
let ada: GiteaUser;
let count = 0;
const never = new AbortController().signal;

beforeAll(async () => {
  gitea = await GiteaServer.start();
  ada = await gitea.user("ada");
});
afterAll(() => gitea?.[Symbol.asyncDispose]());

const checksOf = (token: string, own: { run?: string; number?: number } = {}) =>
  createChecks(
    { forge: "gitea", apiUrl: gitea.apiUrl, repository: "ada/web", token, clock: realClock },
    { run: own.run, number: own.number },
  );

async function repository(): Promise<{ name: string; push(): Promise<string> }> {
  const name = `web-${++count}`;
  await gitea.repository(ada, name, { "README.md": "Web\n" });
  const push = async () => {
    const files = [{ operation: "create", path: `file-${++count}`, content: Buffer.from("x").toString("base64") }];
    const change = { branch: "main", message: "Change", files };
    const path = `/repos/ada/${name}/contents`;
    return (await gitea.api<{ commit: { sha: string } }>(ada, "POST", path, change)).commit.sha;
  };
  return { name: `ada/${name}`, push };
}

const report = (name: string, commit: string, status: { context: string; state: string; target_url?: string }) =>
  gitea.api(ada, "POST", `/repos/${name}/statuses/${commit}`, status);

checksContract("a real Gitea", async () => {
  const { name, push } = await repository();
  const states = { running: "pending", succeeded: "success", failed: "failure" };
  return {
    checks: checksOf(ada.token),
    repository: name,
    push,
    report: async (commit, context, state) => void (await report(name, commit, { context, state: states[state] })),
    [Symbol.asyncDispose]: async () => {},
  };
});

it("a real Gitea's warning is a failure and what was skipped a success, as for a rule of a branch", async () => {
  const { name, push } = await repository();
  const commit = await push();
  for (const state of ["success", "skipped", "warning", "error", "failure", "pending"]) {
    await report(name, commit, { context: state, state });
  }
  const found = await checksOf(ada.token).of({ repository: name, commit }, never);
  expect(Object.fromEntries(found.map((one) => [one.name, one.state]))).toEqual({
    success: "succeeded",
    skipped: "succeeded",
    warning: "failed",
    error: "failed",
    failure: "failed",
    pending: "running",
  });
});

it("a job of the run that asks is left out on a real Gitea as long as it has not ended, and its page has an origin", async () => {
  const { name, push } = await repository();
  const commit = await push();
  await report(name, commit, { context: "own", state: "pending", target_url: `/${name}/actions/runs/41/jobs/0` });
  await report(name, commit, { context: "built", state: "success", target_url: `/${name}/actions/runs/41/jobs/1` });
  await report(name, commit, { context: "other", state: "pending", target_url: `/${name}/actions/runs/411/jobs/0` });
  for (const own of [{ run: "41" }, { number: 41 }]) {
    const found = await checksOf(ada.token, own).of({ repository: name, commit }, never);
    expect(found.map((one) => one.name).sort()).toEqual(["built", "other"]);
    expect(found.find((one) => one.name === "built")?.url).toBe(`${gitea.origin}/${name}/actions/runs/41/jobs/1`);
  }
  expect(await checksOf(ada.token, { run: "4" }).of({ repository: name, commit }, never)).toHaveLength(3);
});

it("a token that a real Gitea does not take is told", async () => {
  const { name, push } = await repository();
  const commit = await push();
  const asked = checksOf("0".repeat(40)).of({ repository: name, commit }, never);
  await expect(asked).rejects.toMatchObject({ kind: "outside", code: "checks/unauthorised", fix: expect.any(String) });
});
