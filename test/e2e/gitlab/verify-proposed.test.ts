import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GitlabServer, type GitlabUser, GitServer } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { execute } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";

// The built product in GitLab's jobs: what is proposed is merged, verified, fails, and goes back by a merge request.
const sandbox = new Sandbox();
let gitlab: GitlabServer;
let git: GitServer;
let glu: GitlabUser;
let ada: GitlabUser;

const config = `version: 1
environments:
  production:
    propose: true
    verify: { gates: [{ command: { run: [sh, ./smoke-test] } }], within: 1s, on-failure: rollback }
apps:
  web:
    images: { web: registry.test/acme/web }
    write: [{ yaml: "apps/web/{{ env }}.yaml", set: { image.tag: "{{ images.web.tag }}" } }]
`;

beforeAll(async () => {
  gitlab = await GitlabServer.start();
  glu = gitlab.user("project_3_bot", "maintainer");
  ada = gitlab.user("ada", "maintainer");
  gitlab.repository.push("main", { "glu.yaml": config, "apps/web/production.yaml": "image:\n  tag: 0.9.0\n" });
  const path = join(sandbox.folder, "git", `${gitlab.project}.git`);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(gitlab.repository.path, path);
  git = await GitServer.start(join(sandbox.folder, "git"));
});
afterAll(async () => {
  await git?.[Symbol.asyncDispose]();
  await gitlab?.[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});

let pipeline = 0;
async function job(...args: readonly string[]) {
  const env = {
    ...sandbox.environment,
    GITLAB_CI: "true",
    CI_SERVER_URL: git.origin,
    CI_API_V4_URL: gitlab.apiUrl,
    CI_PROJECT_ID: "3",
    CI_PROJECT_PATH: gitlab.project,
    CI_PROJECT_URL: `${git.origin}/${gitlab.project}`,
    CI_PIPELINE_SOURCE: "web",
    CI_PIPELINE_ID: String(100 + ++pipeline),
    CI_PIPELINE_IID: String(pipeline),
    CI_JOB_ID: String(500 + pipeline),
    CI_JOB_NAME: "glu",
    CI_COMMIT_SHA: gitlab.repository.git("rev-parse", "main"),
    CI_COMMIT_BRANCH: "main",
    CI_DEFAULT_BRANCH: "main",
    CI_COMMIT_MESSAGE: "Version",
    CI_COMMIT_AUTHOR: "Ada <ada@acme.example>",
    CI_COMMIT_TIMESTAMP: "2026-11-21T07:00:00Z",
    GITLAB_USER_LOGIN: "ada",
    GLU_TOKEN: glu.token,
  };
  const done = await execute("node", [join(root, "dist/glu.js"), ...args, "--output", "json"], {
    cwd: sandbox.folder,
    env,
  });
  return { ...done, answer: JSON.parse(done.stdout || "{}") };
}

const smoke = (isWell: boolean) => writeFileSync(join(sandbox.folder, "smoke-test"), `exit ${isWell ? 0 : 1}\n`);
const record = () => JSON.parse(gitlab.repository.git("show", "main:.glu/web/production.json"));

async function merge(iid: number): Promise<void> {
  const response = await fetch(
    `${gitlab.apiUrl}/projects/${encodeURIComponent(gitlab.project)}/merge_requests/${iid}/merge`,
    {
      method: "PUT",
      headers: { "private-token": ada.token },
    },
  );
  expect(response.status, await response.text()).toBe(200);
}

async function release(version: string): Promise<void> {
  gitlab.repository.push("main", { src: `${version}\n` });
  const image = `web=registry.test/acme/web:${version}@sha256:${version.replaceAll(".", "").padStart(64, "0")}`;
  await job("artifact", "create", "--app", "web", "--image", image);
  const proposed = await job("promote", "--app", "web", "--environment", "production", "--artifact", "latest");
  expect(proposed.answer, proposed.stderr).toMatchObject({ result: "proposed" });
  await merge(proposed.answer.decisions[0].proposal.number);
  await job("reconcile");
}

it("what was merged is verified, and what fails goes back by a merge request", async () => {
  smoke(true);
  await release("1.0.0");
  await job("reconcile");
  expect(record().current).toMatchObject({ state: "healthy", releasedAt: expect.any(String) });
  smoke(false);
  await release("2.0.0");
  await job("reconcile");
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const failing = await job("reconcile");
  expect(failing.exitCode, failing.stderr).toBe(3);
  expect(failing.answer).toMatchObject({ result: "failed", verified: [{ release: { state: "failed" } }] });
  expect(gitlab.requests.all.at(-1)).toMatchObject({ title: "Roll back web in production to 1.0.0" });
  smoke(true);
  await merge(3);
  await job("reconcile");
  await job("reconcile");
  expect(record()).toMatchObject({ current: { kind: "rollback", state: "healthy" }, rejected: [{}] });
  expect(gitlab.repository.git("show", "main:apps/web/production.yaml")).toContain("tag: 1.0.0");
  expect(gitlab.unmodelled).toEqual([]);
});
