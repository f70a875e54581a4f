import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Acme } from "../acme/acme.ts";
import { appFiles, example } from "../acme/files.ts";
import { recordArtifact } from "../acme/record-artifact.ts";
import { releaseTwice } from "../acme/two-releases.ts";
import { makeMirrors } from "../delivery.ts";
import { root, Sandbox } from "../sandbox.ts";
import { moveToGitlab, pushToApp, runConfig, token, trigger } from "./acme-on-gitlab.ts";
import { TriggerApi } from "./trigger-api.ts";

let published: Sandbox;
let mirrors: string;
let sandbox: Sandbox;
let acme: Acme;

beforeAll(async () => {
  published = new Sandbox();
  mirrors = await makeMirrors(published);
});
afterAll(() => published[Symbol.dispose]());
beforeEach(async () => {
  sandbox = new Sandbox();
  sandbox.addProgram(join(root, "test/e2e/fixtures/docker"));
  acme = await Acme.start(sandbox);
  await moveToGitlab(sandbox, acme, mirrors);
});
afterEach(async () => {
  await acme[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});

const form = (environment: string, artifact = "latest") => ({
  app: "frontend",
  environment,
  artifact,
  reason: `$(touch ${sandbox.folder}/pwned) \`x\` $GLU_TOKEN $[[ inputs.app ]] 'z' "`,
});

test("a push builds and records; what its trigger asks for goes to staging; the same pipeline again changes nothing", async () => {
  const build = await pushToApp(sandbox, acme);
  // gitlab-ci-local passes over a trigger of another project.
  expect(build.jobs, build.log).toEqual({ "build-image": "PASS", "build-artifact": "PASS", request: "PASS" });
  const [artifact] = await acme.artifacts();

  const { project, branch, inputs } = trigger();
  expect({ project, branch }).toEqual({ project: "acme/deployments", branch: "main" });
  const asked = { source: "pipeline", inputs, pipeline: "7" };
  const first = await runConfig(sandbox, acme, asked);
  expect(first.jobs, first.log).toEqual({ promote: "PASS" });
  expect(first.artifact("promote", "glu-report/glu.env")).toContain("GLU_RESULT=promoted");
  expect((await acme.releaseOf("staging")).artifact.id).toBe(artifact);

  const tip = await acme.tip();
  const again = await runConfig(sandbox, acme, asked);
  expect(again.jobs, again.log).toEqual({ promote: "PASS" });
  expect(again.artifact("promote", "glu-report/glu.env")).toContain(`GLU_COMMIT=${tip}`);
  expect(await acme.tip()).toBe(tip);
  // The server would take pushes from anybody; these come with the token.
  const pushes = acme.server.requests.filter(({ method, url }) => method === "POST" && url.endsWith("receive-pack"));
  const password = ({ authorization = "" }: { authorization: string | undefined }) =>
    Buffer.from(authorization.replace("Basic ", ""), "base64").toString().replace(/^.*?:/, "");
  expect(pushes.map(password)).toEqual([token, token]);
});

test("what staging has not released is held for production: the job fails, and its report says why", async () => {
  const artifact = await recordArtifact(sandbox, acme);
  const before = await acme.tip();

  const held = await runConfig(sandbox, acme, { source: "web", inputs: form("production", artifact) });

  expect(held.jobs, held.log).toEqual({ promote: "FAIL" });
  expect(held.log).toMatch(/promote finished in .* FAIL 3 /);
  expect(held.artifact("promote", "glu-report/summary.md")).toContain("was not released in staging");
  expect(await acme.tip()).toBe(before);
});

test("people promote by the form: why is in the record, and what they typed is data", async () => {
  const artifact = await recordArtifact(sandbox, acme);

  const run = await runConfig(sandbox, acme, { source: "web", inputs: form("staging") });

  expect(run.jobs, run.log).toEqual({ promote: "PASS" });
  expect(await acme.releaseOf("staging")).toMatchObject({ reason: form("staging").reason, artifact: { id: artifact } });
  expect(existsSync(join(sandbox.folder, "pwned"))).toBe(false);
});

test("a schedule lets the policies decide", async () => {
  const artifact = await recordArtifact(sandbox, acme);

  const scheduled = await runConfig(sandbox, acme, { source: "schedule" });

  expect(scheduled.jobs, scheduled.log).toEqual({ promote: "PASS" });
  expect((await acme.releaseOf("staging")).artifact.id).toBe(artifact);
});

test("build-artifact asks for its very artifact, and the pipeline that GitLab starts for it promotes it", async () => {
  await using api = await TriggerApi.start(token);
  const withRequest = (appFiles()[".gitlab-ci.yml"] ?? "").replace(
    "      app: frontend\n",
    "      app: frontend\n      request: acme/deployments@main\n",
  );
  await acme.change("frontend", { ".gitlab-ci.yml": withRequest });

  // On the server of the repositories, as GitLab has it: a token is sent to no other.
  acme.server.behaviour.beside = { path: "/api/", origin: new URL(api.url).origin };

  const build = await pushToApp(sandbox, acme, { CI_API_V4_URL: `${acme.server.origin}/api/v4` });

  expect(build.jobs, build.log).toMatchObject({ "build-image": "PASS", "build-artifact": "PASS" });
  expect(api.violations).toEqual([]);
  const [artifact] = await acme.artifacts();
  expect(api.triggered).toEqual([{ ref: "main", inputs: { app: "frontend", artifact } }]);
  const inputs = api.triggered[0]?.inputs ?? {};
  const promote = await runConfig(sandbox, acme, { source: "trigger", inputs });
  expect(promote.jobs, promote.log).toEqual({ promote: "PASS" });
  expect((await acme.releaseOf("staging")).artifact.id).toBe(artifact);
});

test("people go back by a pipeline of its own: the whole environment, as it was before", async () => {
  await acme.change("deployments", { ".gitlab-ci.yml": example("gitlab/rollback.gitlab-ci.yml") });
  await releaseTwice(sandbox, acme);
  const { reason } = form("staging");
  const inputs = { environment: "staging", app: "", to: "previous", reason };

  const run = await runConfig(sandbox, acme, { source: "web", inputs });

  expect(run.jobs, run.log).toEqual({ rollback: "PASS" });
  expect(await acme.releaseOf("staging")).toMatchObject({ kind: "rollback", reason });
  expect(await acme.file("apps/frontend/envs/staging/values.yaml")).toContain('tag: "1.0.0"');
  expect(run.artifact("rollback", "glu-report/glu.env")).toContain("GLU_RESULT=promoted");
});

test("people pin and freeze by one pipeline, which does what was chosen and nothing else", async () => {
  await acme.change("deployments", { ".gitlab-ci.yml": example("gitlab/hold.gitlab-ci.yml") });
  await releaseTwice(sandbox, acme);
  const { reason } = form("staging");
  const chosen = (command: string, environment: string) =>
    runConfig(sandbox, acme, {
      source: "web",
      inputs: { command, environment, app: "all", artifact: "latest", reason, until: "" },
    });

  const pinned = await chosen("pin", "staging");
  expect(pinned.jobs, pinned.log).toEqual({ pin: "PASS" });
  expect(JSON.parse(await acme.file(".glu/frontend/staging.pin.json"))).toMatchObject({ reason });
  expect(pinned.artifact("pin", "glu-report/glu.env")).toContain("GLU_RESULT=changed");
  const frozen = await chosen("freeze", "all");
  expect(frozen.jobs, frozen.log).toEqual({ freeze: "PASS" });
  expect(JSON.parse(await acme.file(".glu/_freeze/all.json"))).toMatchObject({ reason });
  for (const [command, environment] of [
    ["unpin", "staging"],
    ["unfreeze", "all"],
  ] as const) {
    const run = await chosen(command, environment);
    expect(run.jobs, run.log).toEqual({ [command]: "PASS" });
  }
  await expect(acme.file(".glu/frontend/staging.pin.json")).rejects.toThrow();
  await expect(acme.file(".glu/_freeze/all.json")).rejects.toThrow();
});
