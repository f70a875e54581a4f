import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { GitServer } from "@glu/testing/internal";
import { afterEach, beforeEach, expect, test } from "vitest";
import { git } from "../process.ts";
import { Sandbox } from "../sandbox.ts";
import { publishProject } from "./component-project.ts";
import { runPipeline } from "./pipeline.ts";

const pipeline = `
stages: [deploy, after]
include:
  - component: $CI_SERVER_FQDN/glu/actions/hello@1
    inputs: { who: bob }
after:
  stage: after
  needs: [hello]
  script:
    - echo "$GREETING, token $TOKEN"
    - exit "$CODE"
`;

let sandbox: Sandbox;
let server: GitServer;
let project: string;
let component: string;

beforeEach(async () => {
  sandbox = new Sandbox();
  const served = sandbox.makeFolder("served");
  server = await GitServer.start(served);
  const hello = join(import.meta.dirname, "../fixtures/hello-component");
  component = await publishProject(sandbox, served, "glu/actions", hello, ["1.0.0", "1.2.0", "v2"]);
  project = sandbox.makeFolder("deployments");
  const running = { cwd: project, env: sandbox.environment };
  writeFileSync(join(project, ".gitlab-ci.yml"), pipeline);
  await git(running, "init", "-q", "-b", "main");
  await git(running, "remote", "add", "origin", server.url("acme/deployments.git"));
  await git(running, "add", "-A");
  await git(running, "commit", "-q", "-m", "Start");
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});

test("a component comes from the Git server by its range of versions, and leaves its report, variables and files", async () => {
  const run = await runPipeline(sandbox, { project, variables: { TOKEN: "abc", CODE: "0" } });

  expect(run.jobs, run.log).toEqual({ hello: "PASS", after: "PASS" });
  expect(run.exitCode).toBe(0);
  expect(run.logOf("hello")).toMatch(
    new RegExp(`^project acme/deployments component ${component} node v(2[4-9]|[3-9]\\d)`),
  );
  expect(run.artifact("hello", "glu-report/summary.md")).toBe("# hello bob\n");
  expect(run.logOf("after")).toBe("hello bob, token abc\n");
  expect(server.requests.some(({ url }) => url.startsWith("/glu/actions.git/"))).toBe(true);
});

test("a job that ends with another code than 0 fails the pipeline", async () => {
  const run = await runPipeline(sandbox, { project, variables: { TOKEN: "abc", CODE: "3" } });

  expect(run.jobs, run.log).toEqual({ hello: "PASS", after: "FAIL" });
  expect(run.exitCode).toBe(1);
});
