import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GitlabServer, GitServer, RegistryServer } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { example } from "../acme/files.ts";
import { makeMirrors, makeWorkingTree } from "../delivery.ts";
import { git } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";
import { publishProject } from "./component-project.ts";
import { runPipeline } from "./pipeline.ts";

// The example by gitlab-ci-local: its components come from the Git server, its jobs ask the strict GitLab.
const sandbox = new Sandbox();
let gitlab: GitlabServer;
let server: GitServer;
let registry: RegistryServer;
let app: string;

const project = "acme/team/frontend";
const text = example("gitlab/preview.gitlab-ci.yml");
const config = `version: 1
environments: { staging: {} }
previews: { host: "{{ preview.name }}.preview.example.com" }
apps:
  frontend:
    repository: ${project}
    preview: { template: preview }
    write: [{ yaml: web.yaml, set: { image.tag: "{{ images.web.tag }}" } }]
`;
const template = 'kind: ConfigMap\napiVersion: v1\nmetadata: { name: web }\ndata: { sha: "{{ pull.sha }}" }\n';

beforeAll(async () => {
  gitlab = await GitlabServer.start(project);
  registry = await RegistryServer.start();
  // The stand-in of docker pushes nothing: what the registry has is what it says that it pushed.
  const digest = registry.push("acme/frontend", "latest");
  const docker = join(sandbox.makeFolder("programs"), "docker");
  const standIn = join(root, "test/e2e/fixtures/docker");
  const inspect = `inspect) echo "\${4%:*}@${digest}" ;;`;
  writeFileSync(docker, `#!/bin/sh\ncase "$1" in\n${inspect}\n*) exec ${standIn} "$@" ;;\nesac\n`, { mode: 0o755 });
  sandbox.addProgram(docker);
  const served = sandbox.makeFolder("served");
  // The server has one project: previews live in it.
  gitlab.repository.push("main", { "glu.yaml": config, "preview/web.yaml": template });
  const path = join(served, `${project}.git`);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(gitlab.repository.path, path);
  await publishProject(sandbox, served, "glu/actions", join(await makeMirrors(sandbox), "gitlab"), ["1.0.0", "1"]);
  server = await GitServer.start(served);
  // The API is on the server of the repositories, as GitLab has it: a token is sent to no other.
  server.behaviour.beside = { path: "/api/", origin: gitlab.origin };
  // gitlab-ci-local would start a service in Docker, even for the shell executor.
  const pipeline = text.replace(/^ +services: \[docker:.*\]\n/m, "").replaceAll("acme/previews", project);
  app = await makeWorkingTree(sandbox, "app", { ".gitlab-ci.yml": pipeline, Dockerfile: "FROM scratch\n" });
  await git({ cwd: app, env: sandbox.environment }, "remote", "add", "origin", `${server.origin}/${project}.git`);
}, 300_000);
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await registry?.[Symbol.asyncDispose]();
  await gitlab?.[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});

/** A pipeline of a merge request. */
function pipelineOf(iid: number, sha: string, token: string, { from = "3", jobs }: { from?: string; jobs?: string[] }) {
  return runPipeline(sandbox, {
    project: app,
    ...(jobs === undefined ? {} : { jobs }),
    variables: {
      CI_PIPELINE_SOURCE: "merge_request_event",
      CI_API_V4_URL: `${server.origin}/api/v4`,
      CI_MERGE_REQUEST_IID: String(iid),
      CI_MERGE_REQUEST_PROJECT_ID: "3",
      CI_MERGE_REQUEST_SOURCE_PROJECT_ID: from,
      CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: sha,
      CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: "change",
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
      CI_PIPELINE_CREATED_AT: new Date().toISOString(),
      CI_JOB_STARTED_AT: new Date().toISOString(),
      CI_REGISTRY: registry.host,
      CI_REGISTRY_IMAGE: `${registry.host}/acme/frontend`,
      CI_REGISTRY_USER: "gitlab-ci-token",
      CI_REGISTRY_PASSWORD: "registry-password",
      GLU_TOKEN: token,
      GITLAB_USER_LOGIN: "ada",
    },
  });
}

test("up and stop share a pipeline and an environment, which stops by itself, and the stop job needs no checkout", () => {
  const { "preview-up": up, "preview-down": down } = parse(text.replaceAll("!reference ", "")) as Record<
    string,
    { environment: Record<string, string>; variables?: Record<string, string>; rules: { when?: string }[] }
  >;
  expect(up?.environment).toMatchObject({ on_stop: "preview-down", auto_stop_in: expect.any(String) });
  expect(down?.environment).toEqual({ name: up?.environment.name, action: "stop" });
  expect(down?.variables).toMatchObject({ GIT_STRATEGY: "none" });
  expect(down?.rules.map(({ when }) => when)).toEqual(["manual"]);
});

test("a merge request gets a preview; its stop job takes down that of one that is closed, and of no other", async () => {
  const ada = gitlab.user("ada", "developer");
  const { token } = gitlab.user("project_3_bot", "maintainer");
  gitlab.repository.git("update-ref", "refs/heads/change", "refs/heads/main");
  const sha = gitlab.repository.push("change", { "a.txt": "x\n" });
  const at = `/projects/${encodeURIComponent(project)}/merge_requests`;
  const opened = await gitlab.api(ada, "POST", at, { source_branch: "change", target_branch: "main", title: "X" });
  const { iid } = opened as { iid: number };
  const there = () => gitlab.repository.git("ls-tree", "-r", "--name-only", "main");
  const file = `previews/frontend/pr-${iid}/web.yaml`;

  const fork = await pipelineOf(iid, sha, token, { from: "9" });
  expect(fork.jobs, fork.log).toEqual({});
  const up = await pipelineOf(iid, sha, token, {});
  expect(up.jobs, up.log).toEqual({ "build-image": "PASS", "preview-up": "PASS" });
  expect(up.artifact("preview-up", "glu-report/glu.env")).toContain(`GLU_URL=https://frontend-pr-${iid}.preview`);
  expect(there()).toContain(file);

  // Somebody stops the environment of one that is open.
  const stopped = await pipelineOf(iid, sha, token, { jobs: ["preview-down"] });
  expect(stopped.jobs, stopped.log).toEqual({ "preview-down": "PASS" });
  expect(stopped.artifact("preview-down", "glu-report/glu.env")).toContain("GLU_REASON=preview/open");
  expect(there()).toContain(file);

  await gitlab.api(ada, "PUT", `${at}/${iid}`, { state_event: "close" });
  const down = await pipelineOf(iid, sha, token, { jobs: ["preview-down"] });
  expect(down.jobs, down.log).toEqual({ "preview-down": "PASS" });
  expect(there()).not.toContain(file);
}, 240_000);
