import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { git } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";
import { AcmeOnGitea } from "./acme-on-gitea.ts";

// A real Gitea with its real runner, and the root action: what a proposal starts with the job's own token, and with the
// token of a user.
const sandbox = new Sandbox();
let on: AcmeOnGitea;

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
          image: web=registry.test/acme/web:1.0.0@sha256:${"a".repeat(64)}
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
  on = await AcmeOnGitea.start(sandbox);
  const { server, acme } = on;
  await on.publish(await server.user("root-action"), "actions", await rootAction());
  const actions = `${server.origin}/root-action/actions`;
  const values = "image:\n  tag: 0.0.0\n";
  const asUser = "\n        env: { GLU_TOKEN: '${{ secrets.GLU_TOKEN }}' }";
  await server.repository(acme, "deployments", {
    "glu.yaml": config,
    "apps/web/staging.yaml": values,
    "apps/web/production.yaml": values,
    "apps/web/live.yaml": values,
    ".gitea/workflows/promote.yml": promote(actions),
    ".gitea/workflows/promote-as-user.yml": promote(actions, asUser),
    ".gitea/workflows/check.yml": check,
  });
  await server.runner();
  await server.repository(acme, "web", { "README.md": "web\n", ".gitea/workflows/build.yml": build(actions) });
  await on.runOf("web", "build.yml");
  await on.dispatch("promote.yml", { app: "web", environment: "staging" });
});
afterAll(async () => {
  await on?.[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});

/** The working tree of a repository that has the root action, with all commands. */
async function rootAction(): Promise<string> {
  const folder = sandbox.makeFolder("root-action");
  const running = { cwd: folder, env: sandbox.environment };
  await git(running, "init", "--quiet", "--initial-branch=main");
  for (const path of ["dist", "action.yml"]) cpSync(join(root, path), join(folder, path), { recursive: true });
  await git(running, "add", "--all", "--force");
  await git(running, "commit", "--quiet", "--message", "v1");
  return folder;
}

it("the job's own token proposes, and starts no workflow on the proposal", async () => {
  const inputs = { app: "web", environment: "production" };
  await on.dispatch("promote.yml", inputs);
  const [pull] = await on.pulls();
  expect(pull).toMatchObject({ title: "Promote web to production: 1.0.0", labels: [{ name: "release" }] });

  // The same again proposes nothing new.
  await on.dispatch("promote.yml", inputs);
  expect((await on.pulls()).map(({ number }) => number)).toEqual([pull?.number]);

  await on.api("POST", "deployments", `/pulls/${pull?.number}/merge`, { Do: "merge" });
  expect(await on.fileAt("main", "apps/web/production.yaml")).toContain("1.0.0");
  const { current } = JSON.parse(await on.fileAt("main", ".glu/web/production.json"));
  expect(current).toMatchObject({ releasedAt: null });
  expect(await on.dispatch("promote.yml", inputs)).toContain("unchanged");
  expect(await on.runs("deployments", "check.yml")).toEqual([]);
  // The branch of what was merged is put away.
  expect(await on.branches()).toEqual(["main"]);
}, 240_000);

it("checks run on what the token of a user proposes, and Gitea merges it by itself when they succeed", async () => {
  const bot = await on.server.user("bot");
  await on.api("PUT", "deployments", "/collaborators/bot", { permission: "write" });
  await on.api("PUT", "deployments", "/actions/secrets/GLU_TOKEN", { data: bot.token });
  const rule = { rule_name: "main", enable_push: true, enable_status_check: true, status_check_contexts: ["*ci*"] };
  await on.api("POST", "deployments", "/branch_protections", rule);
  const inputs = { app: "web", environment: "live" };
  await on.dispatch("promote-as-user.yml", inputs);
  expect(await on.runOf("deployments", "check.yml")).toContain("checked");
  const merged = async () => (await on.pulls("closed")).find((one) => one.merged && one.head.label === "glu/live/web");
  await vi.waitFor(async () => expect(await merged()).toBeDefined(), { timeout: 60_000, interval: 500 });
  expect(await merged()).toMatchObject({
    title: "Deploy web 1.0.0",
    body: expect.stringMatching(/^For live\.\n\n## /),
  });
  expect(await on.fileAt("main", "apps/web/live.yaml")).toContain("1.0.0");
  await vi.waitFor(async () => expect(await on.branches()).toEqual(["main"]), { timeout: 30_000, interval: 500 });
  expect(await on.dispatch("promote-as-user.yml", inputs)).toContain("unchanged");
}, 240_000);
