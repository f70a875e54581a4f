import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { GitServer } from "@glu/testing/internal";
import { afterEach, beforeEach, expect, test } from "vitest";
import { image, makeConfigRepository, makeMirrors, makeWorkingTree, promotedValues } from "../delivery.ts";
import { git } from "../process.ts";
import { Sandbox } from "../sandbox.ts";
import { publishProject } from "./component-project.ts";
import { runPipeline } from "./pipeline.ts";

const pipeline = (config: string) => `
stages: [build, deploy]
include:
  - component: $CI_SERVER_FQDN/glu/actions/build-artifact@1
    inputs: { stage: build, app: web, image: "${image}", config-repository: "${config}" }
  - component: $CI_SERVER_FQDN/glu/actions/promote@1
    inputs: { app: web, artifact: $GLU_ARTIFACT_ID, config-repository: "${config}" }
promote:
  needs: [build-artifact]
`;

let sandbox: Sandbox;
let server: GitServer;
let mirror: string;
let config: string;
let project: string;

beforeEach(async () => {
  sandbox = new Sandbox();
  server = await GitServer.start(sandbox.makeFolder("served"));
  mirror = join(await makeMirrors(sandbox), "gitlab");
  config = await makeConfigRepository(sandbox, "served", "acme", "deployments.git");
  project = await makeWorkingTree(sandbox, "web", { ".gitlab-ci.yml": pipeline(server.url("acme/deployments.git")) });
  await git({ cwd: project, env: sandbox.environment }, "remote", "add", "origin", server.url("acme/web.git"));
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});

test("the published components record an artifact and promote it with the bundle of their own commit", async () => {
  await publishProject(sandbox, join(sandbox.folder, "served"), "glu/actions", mirror, ["1.0.0", "1"]);

  const run = await runPipeline(sandbox, { project, variables: { CI_PIPELINE_SOURCE: "push" } });

  expect(run.jobs, run.log).toEqual({ "build-artifact": "PASS", promote: "PASS" });
  expect(run.artifact("promote", "glu-report/glu.env")).toContain("GLU_RESULT=promoted");
  const bare = { cwd: config, env: sandbox.environment };
  expect(await git(bare, "show", "main:apps/web/envs/staging/values.yaml")).toBe(promotedValues.trim());
});

test("a bundle that is not the one of the release is not run", async () => {
  appendFileSync(join(mirror, "dist/index.js"), "\n// changed after the release\n");
  await publishProject(sandbox, join(sandbox.folder, "served"), "glu/actions", mirror, ["1.0.0", "1"]);

  const run = await runPipeline(sandbox, { project, variables: { CI_PIPELINE_SOURCE: "push" } });

  expect(run.jobs, run.log).toEqual({ "build-artifact": "FAIL" });
  expect(run.logOf("build-artifact")).toContain("1 computed checksum did NOT match");
});
