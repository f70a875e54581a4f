import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { GitlabServer, type GitlabUser, GitServer } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { example } from "../acme/files.ts";
import { makeMirrors } from "../delivery.ts";
import { execute, git as runGit } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";
import { publishProject } from "./component-project.ts";
import { fetchComponent, type PipelineRun, runPipeline } from "./pipeline.ts";

// The example for proposals by a runner: it opens one, and fails in its pipeline what a person then changes by hand.
const sandbox = new Sandbox();
const values = "apps/web/production.yaml";
const branch = "glu/production/web";
let gitlab: GitlabServer;
let git: GitServer;
let glu: GitlabUser;
let checker: GitlabUser;
let tree: string;

beforeAll(async () => {
  const mirrors = await makeMirrors(sandbox);
  gitlab = await GitlabServer.start();
  glu = gitlab.user("project_3_bot", "developer");
  checker = gitlab.user("project_3_bot_checker", "developer");
  gitlab.requests.pipelinesMustSucceed = true;
  gitlab.repository.push("main", {
    "glu.yaml": `version: 1
environments:
  production:
    policy: { event: push, branch: main }
    propose: true
apps:
  web:
    images: { web: registry.test/acme/web }
    write:
      - yaml: "apps/web/{{ env }}.yaml"
        set: { image.tag: "{{ images.web.tag }}" }
`,
    [values]: "image:\n  tag: 0.9.0\n",
    ".gitlab-ci.yml": example("gitlab/propose.gitlab-ci.yml"),
  });
  const served = sandbox.makeFolder("git");
  const path = join(served, `${gitlab.project}.git`);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(gitlab.repository.path, path);
  await publishProject(sandbox, served, "glu/actions", join(mirrors, "gitlab"), ["1.0.0", "1"]);
  // API and repositories on one server, as GitLab has them: a token is sent to no other.
  const beside = { path: "/api/", origin: new URL(gitlab.apiUrl).origin };
  git = await GitServer.start(served, { beside });
  tree = join(sandbox.folder, "deployments");
  const running = { cwd: sandbox.folder, env: sandbox.environment };
  await runGit(running, "clone", "--quiet", path, tree);
  await runGit({ ...running, cwd: tree }, "config", "remote.origin.url", `${git.origin}/${gitlab.project}.git`);
});
afterAll(async () => {
  await git?.[Symbol.asyncDispose]();
  await gitlab?.[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});

let pipelines = 0;
const variables = (source: string): Record<string, string> => ({
  CI_SERVER_URL: git.origin,
  CI_API_V4_URL: `${git.origin}/api/v4`,
  CI_PROJECT_ID: "3",
  CI_PROJECT_PATH: gitlab.project,
  CI_PROJECT_URL: `${git.origin}/${gitlab.project}`,
  CI_PIPELINE_SOURCE: source,
  CI_PIPELINE_ID: String(100 + ++pipelines),
  CI_PIPELINE_IID: String(pipelines),
  CI_JOB_ID: String(500 + pipelines),
  CI_COMMIT_SHA: gitlab.repository.git("rev-parse", "main"),
  CI_COMMIT_BRANCH: "main",
  CI_DEFAULT_BRANCH: "main",
  CI_COMMIT_MESSAGE: "Version",
  CI_COMMIT_AUTHOR: "Ada <ada@acme.example>",
  CI_COMMIT_TIMESTAMP: "2026-11-21T07:00:00Z",
  GITLAB_USER_LOGIN: "ada",
  GLU_TOKEN: glu.token,
});

const pipeline = (source: string, more: Record<string, string> = {}): Promise<PipelineRun> =>
  runPipeline(sandbox, { project: tree, variables: { ...variables(source), ...more } });

/** The artifact that a build of this project makes. */
async function build(): Promise<void> {
  const image = `web=registry.test/acme/web:1.0.0@sha256:${"a".repeat(64)}`;
  const command = [join(root, "dist/glu.js"), "artifact", "create", "--app", "web", "--image", image];
  const env = { ...sandbox.environment, ...variables("push"), GITLAB_CI: "true", CI_JOB_NAME: "build" };
  const { exitCode, stderr } = await execute("node", command, { cwd: sandbox.folder, env });
  expect(exitCode, stderr).toBe(0);
}

const head = () => gitlab.repository.git("rev-parse", branch);
const status = () =>
  gitlab.statuses.all.findLast(({ name, pipeline: { sha } }) => name === "glu/production" && sha === head())?.status;

/** What GitLab sets in the pipeline of the merge request. */
const ofRequest = () => ({
  GLU_TOKEN: "", // it is protected, and the branch is not
  GLU_CHECK_TOKEN: checker.token,
  CI_COMMIT_SHA: head(),
  CI_COMMIT_BRANCH: "",
  CI_MERGE_REQUEST_IID: "1",
  CI_MERGE_REQUEST_PROJECT_ID: "3",
  CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "3",
  CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: branch,
  CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
});

it("proposes on a push to the config branch, and fails the pipeline of what a person then changes by hand", async () => {
  await build();
  await fetchComponent(
    sandbox,
    { project: tree, variables: variables("push") },
    "$CI_SERVER_FQDN/glu/actions/promote@1",
  );
  const proposed = await pipeline("push");
  expect(proposed.jobs, proposed.log).toEqual({ glu: "PASS" });
  expect(gitlab.requests.all).toMatchObject([{ state: "opened" }]);
  expect(status()).toBe("success");
  gitlab.repository.git("update-ref", "refs/merge-requests/1/head", head());
  const good = await pipeline("merge_request_event", ofRequest());
  expect(good.jobs, good.log).toEqual({ "glu-merge-request": "PASS" });

  gitlab.repository.push(branch, { [values]: "image:\n  tag: 6.6.6\n" });
  gitlab.repository.git("update-ref", "refs/merge-requests/1/head", head());
  const bad = await pipeline("merge_request_event", ofRequest());
  expect(bad.jobs, bad.log).toEqual({ "glu-merge-request": "FAIL" });
  expect(bad.log).toMatch(/glu-merge-request finished in .* FAIL 3 /);
  expect(status()).toBe("failed");

  // Without a token it cannot be judged, and does not pass.
  const unseen = { ...ofRequest(), GLU_CHECK_TOKEN: "", CI_JOB_TOKEN: gitlab.jobToken("ada").token };
  const unjudged = await pipeline("merge_request_event", unseen);
  expect(unjudged.jobs, unjudged.log).toEqual({ "glu-merge-request": "FAIL" });
  expect(unjudged.log).toContain("proposal/job-token");
  expect(gitlab.unmodelled).toEqual([]);
});
