import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GiteaServer, type GiteaUser, plainGitEnvironment } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { root } from "../sandbox.ts";

// A real Gitea with its real runner: from a push to the app, over a proposal that somebody merges, to a release.
let gitea: GiteaServer;
let acme: GiteaUser;
let folder: string;

const digest = `sha256:${"a".repeat(64)}`;

const build = (actions: string): string => `on: { push: { branches: [main] } }
jobs:
  artifact:
    runs-on: ubuntu-latest
    permissions: { contents: write }
    steps:
      - uses: ${actions}@v1
        with:
          command: build-artifact
          app: web
          image: web=registry.test/acme/web:1.0.0@${digest}
`;

/** @param token a line of `env` that gives one; the job's own without it */
const promote = (actions: string, token = ""): string => `on:
  workflow_dispatch:
    inputs:
      app: { type: string }
      environment: { type: string }
      artifact: { type: string, default: latest }
jobs:
  promote:
    runs-on: ubuntu-latest
    permissions: { contents: write, pull-requests: write }
    steps:
      - uses: ${actions}@v1${token}
        with:
          command: promote
          app: \${{ inputs.app }}
          environment: \${{ inputs.environment }}
          artifact: \${{ inputs.artifact }}
`;

const check = `on: { pull_request: {} }
jobs:
  ci:
    runs-on: ubuntu-latest
    steps:
      - run: echo checked
`;

const drift = (actions: string): string => `on: { push: { branches: [main] } }
jobs:
  drift:
    runs-on: ubuntu-latest
    permissions: { contents: read, pull-requests: read }
    steps:
      - uses: ${actions}@v1
        with: { command: drift, on-drift: fail }
`;

const config = `version: 1
environments:
  staging: {}
  production:
    from: staging
    propose: { labels: [release] }
  live:
    from: staging
    propose:
      auto-merge: true
      title: "Deploy {{ app }} {{ label }}"
      body: "For {{ env }}.\\n\\n{{ plan }}"
apps:
  web:
    repository: acme/web
    images: { web: registry.test/acme/web }
    write:
      - yaml: "apps/web/{{ env }}.yaml"
        set: { image.tag: "{{ images.web.tag }}" }
`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "glu-e2e-"));
  gitea = await GiteaServer.start();
  const glu = await gitea.user("glu");
  acme = await gitea.user("acme");
  await publish(glu);
  const actions = `${gitea.origin}/glu/actions`;
  const values = "# kept   as it is\nimage:\n    tag:   '0.0.0'\n";
  await gitea.repository(acme, "deployments", {
    "glu.yaml": config,
    "apps/web/staging.yaml": values,
    "apps/web/production.yaml": values,
    "apps/web/live.yaml": values,
    ".gitea/workflows/promote.yml": promote(actions),
    ".gitea/workflows/promote-as-user.yml": promote(
      actions,
      "\n        env: { GLU_TOKEN: '${{ secrets.GLU_TOKEN }}' }",
    ),
    ".gitea/workflows/check.yml": check,
    ".gitea/workflows/drift.yml": drift(actions),
  });
  await gitea.runner();
  await gitea.repository(acme, "web", { "README.md": "web\n", ".gitea/workflows/build.yml": build(actions) });
});
afterAll(async () => {
  await gitea?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** The actions as a release publishes them: one commit with the tag v1. */
async function publish(glu: GiteaUser): Promise<void> {
  const url = await gitea.repository(glu, "actions", { "README.md": "Actions\n" });
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", folder, ...args], { env: { ...plainGitEnvironment, GIT_TERMINAL_PROMPT: "0" } });
  git("init", "--quiet", "--initial-branch=main");
  for (const path of ["dist", "action.yml"]) cpSync(join(root, path), join(folder, path), { recursive: true });
  git("add", "--all", "--force");
  git("commit", "--quiet", "--message", "v1");
  git("push", "--quiet", url.replace("://", `://glu:${glu.token}@`), "HEAD:refs/tags/v1");
}

interface Run {
  id: number;
  path: string;
  status: string;
  conclusion: string;
}

/** Waits for the run of a workflow, whose number is given. */
async function runOf(repository: string, workflow: string, number: number): Promise<string> {
  for (let tries = 0; tries < 600; tries++) {
    const path = `/repos/acme/${repository}/actions/runs?limit=50`;
    const { workflow_runs: runs } = await gitea.api<{ workflow_runs: Run[] }>(acme, "GET", path);
    const run = runs.filter(({ path: file }) => file.startsWith(`${workflow}@`)).at(-number);
    if (run?.status === "completed") {
      if (run.conclusion !== "success") throw new Error(`The run failed.\n${await logOf(repository, run.id)}`);
      return logOf(repository, run.id);
    }
    await sleep(200);
  }
  throw new Error(`The run did not end. ${gitea.log("runner").slice(-3000)}`);
}

async function logOf(repository: string, run: number): Promise<string> {
  const at = `/repos/acme/${repository}/actions`;
  const { jobs } = await gitea.api<{ jobs: { id: number }[] }>(acme, "GET", `${at}/runs/${run}/jobs`);
  const response = await fetch(`${gitea.apiUrl}${at}/jobs/${jobs[0]?.id}/logs`, {
    headers: { authorization: `token ${acme.token}` },
  });
  return response.text();
}

const started = new Map<string, number>();
async function dispatch(inputs: Record<string, string>, workflow = "promote.yml"): Promise<string> {
  const path = `/repos/acme/deployments/actions/workflows/${workflow}/dispatches`;
  await gitea.api(acme, "POST", path, { ref: "main", inputs });
  started.set(workflow, (started.get(workflow) ?? 0) + 1);
  return runOf("deployments", workflow, started.get(workflow) ?? 0);
}

/** How many runs of a workflow there are. */
async function runsOf(workflow: string): Promise<number> {
  const path = "/repos/acme/deployments/actions/runs?limit=50";
  const { workflow_runs: runs } = await gitea.api<{ workflow_runs: Run[] }>(acme, "GET", path);
  return runs.filter(({ path: file }) => file.startsWith(`${workflow}@`)).length;
}

const fileAt = async (ref: string, path: string): Promise<string> => {
  const at = `/repos/acme/deployments/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const { content } = await gitea.api<{ content: string }>(acme, "GET", at);
  return Buffer.from(content, "base64").toString("utf8");
};

interface Pull {
  number: number;
  title: string;
  body: string;
  user: { login: string };
  head: { ref: string; label: string };
  labels: { name: string }[];
}

it("delivers by a proposal that somebody merges", async () => {
  expect(await runOf("web", "build.yml", 1)).toContain("web");
  await dispatch({ app: "web", environment: "staging" });
  expect(await fileAt("main", "apps/web/staging.yaml")).toBe("# kept   as it is\nimage:\n    tag:   '1.0.0'\n");

  await dispatch({ app: "web", environment: "production" });
  expect(await fileAt("main", "apps/web/production.yaml")).toContain("0.0.0");
  const pulls = () => gitea.api<Pull[]>(acme, "GET", "/repos/acme/deployments/pulls?state=open");
  const [pull, ...others] = await pulls();
  expect(others).toEqual([]);
  expect(pull).toMatchObject({ title: "Promote web to production: 1.0.0", labels: [{ name: "release" }] });
  // The body is the plan, with the exact diff.
  expect(pull?.body).toContain("plan: web 1.0.0 → production");
  expect(pull?.body).toContain("+    tag:   '1.0.0'");
  expect(pull?.head.ref).toBe("glu/production/web");
  expect(await fileAt("glu/production/web", "apps/web/production.yaml")).toBe(
    "# kept   as it is\nimage:\n    tag:   '1.0.0'\n",
  );

  // The same again proposes nothing new.
  await dispatch({ app: "web", environment: "production" });
  expect((await pulls()).map(({ number }) => number)).toEqual([pull?.number]);

  await gitea.api(acme, "POST", `/repos/acme/deployments/pulls/${pull?.number}/merge`, { Do: "merge" });
  const { current } = JSON.parse(await fileAt("main", ".glu/web/production.json"));
  expect(current).toMatchObject({ artifact: { images: { web: { digest } } }, releasedAt: null });
  // The push of the first commit, and that of the merge.
  expect(await runOf("deployments", "drift.yml", 2)).toContain("Nothing was changed past Glu");
  expect(await dispatch({ app: "web", environment: "production" })).toContain("unchanged");
  expect(await pulls()).toEqual([]);
  // What the job's own token opens starts no workflow.
  expect(await runsOf("check.yml")).toBe(0);
  // The branch of what was merged is put away.
  expect(await branches()).toEqual(["main"]);
}, 240_000);

const branches = async (): Promise<string[]> =>
  (await gitea.api<{ name: string }[]>(acme, "GET", "/repos/acme/deployments/branches")).map(({ name }) => name);

it("checks run on what the token of a user proposes, and Gitea merges it by itself when they succeed", async () => {
  const bot = await gitea.user("bot");
  const at = "/repos/acme/deployments";
  await gitea.api(acme, "PUT", `${at}/collaborators/bot`, { permission: "write" });
  await gitea.api(acme, "PUT", `${at}/actions/secrets/GLU_TOKEN`, { data: bot.token });
  const rule = { rule_name: "main", enable_push: true, enable_status_check: true, status_check_contexts: ["*ci*"] };
  await gitea.api(acme, "POST", `${at}/branch_protections`, rule);
  const inputs = { app: "web", environment: "live" };
  await dispatch(inputs, "promote-as-user.yml");
  expect(await runOf("deployments", "check.yml", 1)).toContain("checked");
  const merged = async () => {
    const pulls = await gitea.api<(Pull & { merged: boolean })[]>(acme, "GET", `${at}/pulls?state=closed`);
    return pulls.find((one) => one.merged && one.head.label === "glu/live/web");
  };
  await vi.waitFor(async () => expect(await merged()).toBeDefined(), { timeout: 60_000, interval: 500 });
  expect(await merged()).toMatchObject({
    title: "Deploy web 1.0.0",
    body: expect.stringMatching(/^For live\.\n\n## /),
  });
  expect(await fileAt("main", "apps/web/live.yaml")).toContain("1.0.0");
  await vi.waitFor(async () => expect(await branches()).toEqual(["main"]), { timeout: 30_000, interval: 500 });
  expect(await dispatch(inputs, "promote-as-user.yml")).toContain("unchanged");
}, 240_000);
