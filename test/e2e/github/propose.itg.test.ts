import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type GithubRepository, GithubServer, GitServer } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { example } from "../acme/files.ts";
import { makeMirrors } from "../delivery.ts";
import { execute, git as runGit } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";
import { runWorkflow, type WorkflowRun } from "./workflow.ts";

// The example for proposals by a runner: it opens one, and marks what is pushed to it, so that the branch rule holds.
const sandbox = new Sandbox();
const name = "acme/deployments";
const values = "apps/web/production.yaml";
let github: GithubServer;
let git: GitServer;
let repository: GithubRepository;
let mirrors: string;
let tree: string;
let token: string;

beforeAll(async () => {
  mirrors = await makeMirrors(sandbox);
  github = await GithubServer.start();
  token = github.token("github-actions[bot]");
  repository = github.repository(name, {
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
    ".github/workflows/glu.yml": example("github/config-propose.yml"),
  });
  repository.required.add("glu/production");
  const path = join(sandbox.folder, "git", `${name}.git`);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(repository.git.path, path);
  git = await GitServer.start(join(sandbox.folder, "git"));
  tree = join(sandbox.folder, "deployments");
  const running = { cwd: sandbox.folder, env: sandbox.environment };
  await runGit(running, "clone", "--quiet", path, tree);
  await runGit({ ...running, cwd: tree }, "config", "remote.origin.url", `https://github.com/${name}.git`);
});
afterAll(async () => {
  await git?.[Symbol.asyncDispose]();
  await github?.[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});

const described = { repository: { full_name: name, default_branch: "main" }, sender: { login: "ada" } };
let runs = 1;
const workflow = (event: string, payload: object): Promise<WorkflowRun> =>
  runWorkflow(sandbox, {
    repository: tree,
    event,
    workflow: "glu.yml",
    payload: { ...described, ...payload },
    actions: { "glu/promote@v1": join(mirrors, "promote") },
    secrets: { GITHUB_TOKEN: token },
    variables: { GITHUB_SERVER_URL: git.origin, GITHUB_API_URL: github.apiUrl, GITHUB_RUN_ID: String(++runs) },
  });

/** The artifact that a build of this repository makes. */
async function build(): Promise<void> {
  const sha = repository.tip("main") ?? "";
  const event = join(sandbox.folder, "event.json");
  writeFileSync(event, JSON.stringify({ ...described, ref: "refs/heads/main", after: sha }));
  const env = {
    ...sandbox.environment,
    GITHUB_ACTIONS: "true",
    GITHUB_SERVER_URL: git.origin,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_REPOSITORY: name,
    GITHUB_EVENT_NAME: "push",
    GITHUB_EVENT_PATH: event,
    GITHUB_SHA: sha,
    GITHUB_REF: "refs/heads/main",
    GITHUB_RUN_ID: "1",
    GITHUB_RUN_NUMBER: "1",
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_JOB: "build",
    GITHUB_WORKFLOW: "build",
    GLU_TOKEN: token,
  };
  const image = `web=registry.test/acme/web:1.0.0@sha256:${"a".repeat(64)}`;
  const command = [join(root, "dist/glu.js"), "artifact", "create", "--app", "web", "--image", image];
  const { exitCode, stderr } = await execute("node", command, { cwd: sandbox.folder, env });
  expect(exitCode, stderr).toBe(0);
}

const head = () => repository.tip("glu/production/web") ?? "";
const status = () => repository.statuses.findLast(({ sha, context }) => sha === head() && context === "glu/production");

it("proposes on a push to the config branch, and fails the status of what a person then changes by hand", async () => {
  await build();
  const run = await workflow("push", { ref: "refs/heads/main", after: repository.tip("main") });
  expect(run.jobs, run.log).toEqual({ reconcile: "success" });
  expect(repository.pulls).toMatchObject([{ head: "glu/production/web", state: "open" }]);
  expect(status()).toMatchObject({ state: "success" });

  repository.git.push("glu/production/web", { [values]: "image:\n  tag: 6.6.6\n" });
  repository.git.git("update-ref", "refs/pull/1/head", head());
  expect(status()).toBeUndefined();
  const side = (ref: string, sha: string) => ({ ref, sha, repo: { full_name: name } });
  const pull_request = {
    head: side("glu/production/web", head()),
    base: side("main", repository.tip("main") ?? ""),
  };
  const judged = await workflow("pull_request", { action: "synchronize", number: 1, pull_request });
  expect(judged.jobs, judged.log).toEqual({ reconcile: "success" });
  expect(status()).toMatchObject({ state: "failure", description: expect.stringContaining(values) });
  expect(github.violations).toEqual([]);
});
