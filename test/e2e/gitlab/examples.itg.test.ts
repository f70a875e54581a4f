import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Acme } from "../acme/acme.ts";
import { makeMirrors } from "../delivery.ts";
import { root, Sandbox } from "../sandbox.ts";
import { moveToGitlab, pushToApp, runConfig } from "./acme-on-gitlab.ts";

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

test("a push to the app builds and records; the config project, asked for the app, promotes it to staging", async () => {
  const build = await pushToApp(sandbox, acme);
  expect(build.jobs, build.log).toEqual({ "build-image": "PASS", "build-artifact": "PASS" });
  const [artifact] = await acme.artifacts();

  const promote = await runConfig(sandbox, acme, { source: "pipeline", inputs: { app: "frontend" } });
  expect(promote.jobs, promote.log).toEqual({ promote: "PASS" });
  expect(promote.artifact("promote", "glu-report/glu.env")).toContain("GLU_RESULT=promoted");
  expect((await acme.releaseOf("staging")).artifact.id).toBe(artifact);
  console.log(acme.server.requests, build.log, promote.log);
});
