import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { GiteaUser } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { example } from "../acme/files.ts";
import { makeWorkingTree } from "../delivery.ts";
import { execute } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";
import { AcmeOnGitea, type Pull } from "./acme-on-gitea.ts";

// The examples on a real Gitea with its real runner: from a push to the app, over a proposal that somebody merges, to a
// release. The actions are those that a release publishes; the docker of the runner is a stand-in.
const sandbox = new Sandbox();
let on: AcmeOnGitea;
let bot: GiteaUser;

const values = "# kept   as it is\nimage:\n    tag:   '0.0.0'\n    digest: \"\"\n";
const valuesOf = (environment: string) => `apps/frontend/envs/${environment}/values.yaml`;
const status = "glu/production";

beforeAll(async () => {
  sandbox.addProgram(join(root, "test/e2e/fixtures/docker"));
  vi.stubEnv("PATH", sandbox.environment.PATH);
  on = await AcmeOnGitea.start(sandbox);
  const { server } = on;
  const action = readFileSync(join(root, "test/e2e/fixtures/checkout/action.yml"), "utf8");
  const checkout = await makeWorkingTree(sandbox, "checkout", { "action.yml": action });
  await on.publish(await server.user("actions"), "checkout", checkout);
  // With no more than what the heads of the examples say.
  bot = await server.user("glu-bot", { scopes: "write:repository,write:issue,read:user" });
  const asker = await server.user("frontend-ci", { scopes: "write:repository" });

  await server.repository(on.acme, "deployments", { "README.md": "What runs\n" });
  await on.api("PUT", "deployments", "/collaborators/glu-bot", { permission: "write" });
  await on.api("PUT", "deployments", "/collaborators/frontend-ci", { permission: "write" });
  await on.api("PUT", "deployments", "/actions/secrets/GLU_TOKEN", { data: bot.token });
  await on.add("deployments", {
    "glu.yaml": replaced(example("gitea/glu.yaml"), "soak: 1h", "soak: 1s"),
    [valuesOf("staging")]: values,
    [valuesOf("production")]: values,
    ".gitea/workflows/glu.yml": fromHere(example("gitea/config-glu.yml")),
    ".gitea/workflows/drift.yml": fromHere(example("gitea/config-drift.yml")),
  });
  // As the head of the example says.
  await on.api("POST", "deployments", "/branch_protections", {
    rule_name: "main",
    enable_push: true,
    enable_push_whitelist: true,
    push_whitelist_usernames: ["glu-bot"],
    enable_status_check: true,
    status_check_contexts: [status],
  });
  await server.repository(on.acme, "frontend", { "README.md": "The frontend\n" });
  await on.api("POST", "frontend", "/actions/variables/REGISTRY_USER", { value: "acme" });
  await on.api("PUT", "frontend", "/actions/secrets/REGISTRY_TOKEN", { data: "registry-token" });
  await on.api("PUT", "frontend", "/actions/secrets/GLU_REQUEST_TOKEN", { data: asker.token });
  await server.runner();
});
afterAll(async () => {
  await on?.[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
  vi.unstubAllEnvs();
});

/** A workflow whose actions come from this server, and with them a checkout that needs no other one. */
function fromHere(workflow: string): string {
  const standIn = workflow.replace(/(actions\/checkout)@[0-9a-f]{40} # v.*/g, "$1@v1");
  return replaced(standIn, /https:\/\/github\.com\//g, `${on.server.origin}/`);
}

function replaced(text: string, from: string | RegExp, to: string): string {
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`The example has no ${from}.`);
  return changed;
}

/** The status of a commit that the branch rule wants. */
async function statusOf(sha: string): Promise<string | undefined> {
  const { statuses } = await on.api<{ statuses: { context: string; status: string }[] | null }>(
    "GET",
    "deployments",
    `/commits/${sha}/status`,
  );
  return statuses?.find(({ context }) => context === status)?.status;
}

/** A command of somebody whom the branch rule lets push, and the run that its commit starts. */
async function atTerminal(...args: string[]): Promise<void> {
  const url = `${on.server.origin}/acme/deployments.git`;
  const command = [join(root, "dist/glu.js"), ...args, "--config-repository", url];
  const env = { ...sandbox.environment, GLU_TOKEN: bot.token };
  const { exitCode, stderr } = await execute("node", command, { cwd: sandbox.folder, env });
  expect(exitCode, stderr).toBe(0);
  await on.runOf("deployments", "glu.yml", { event: "push", sha: await on.tipOf("deployments") });
}

const merge = (number: number) => on.api("POST", "deployments", `/pulls/${number}/merge`, { Do: "merge" });

it("a push goes to staging, and to production by a proposal that somebody merges", async () => {
  await on.add("frontend", {
    Dockerfile: "FROM scratch\n",
    ".gitea/workflows/build.yml": fromHere(example("gitea/app-build.yml")),
  });
  expect(await on.runOf("frontend", "build.yml")).toContain("Asked acme/deployments/glu.yml");
  const version = await on.tipOf("frontend");
  const digest = `sha256:${createHash("sha256").update("FROM scratch\n").digest("hex")}`;
  const promoted = replaced(replaced(values, "0.0.0", version), '""', `"${digest}"`);

  // The request goes to staging. What is pushed there starts the workflow again.
  await on.runOf("deployments", "glu.yml", { event: "workflow_dispatch" });
  expect(await on.fileAt("main", valuesOf("staging"))).toBe(promoted);
  await on.runOf("deployments", "glu.yml", { event: "push", sha: await on.tipOf("deployments") });
  // In the place of the schedule, after the time in staging.
  await on.dispatch("glu.yml", {});
  const [pull, ...others] = await on.pulls();
  expect(others).toEqual([]);
  expect(pull).toMatchObject({
    title: `Promote frontend to production: ${version}`,
    user: { login: "glu-bot" },
    labels: [{ name: "release" }],
  });
  const { number, head, body } = pull as Pull;
  // The body is the plan, with the exact diff.
  expect(body).toContain(`+    tag:   '${version}'`);
  expect(head.ref).toBe("glu/production/frontend");
  expect(await on.fileAt(head.ref, valuesOf("production"))).toBe(promoted);
  expect(await on.fileAt("main", valuesOf("production"))).toBe(values);
  await on.runOf("deployments", "glu.yml", { event: "pull_request", sha: head.sha });
  expect(await statusOf(head.sha)).toBe("success");

  // Whoever may push freezes at a terminal, which knows no forge: the workflow sees to the status.
  await atTerminal("freeze", "production", "--reason", "audit");
  expect(await statusOf(head.sha)).toBe("failure");
  await expect(merge(number)).rejects.toThrow(/405 .*status checks/i);
  await atTerminal("unfreeze", "production");
  expect(await statusOf(head.sha)).toBe("success");

  await merge(number);
  const merged = { event: "push", sha: await on.tipOf("deployments") };
  expect(await on.runOf("deployments", "drift.yml", merged)).toContain("Nothing was changed past Glu");
  await on.runOf("deployments", "glu.yml", merged);
  expect(await on.fileAt("main", valuesOf("production"))).toBe(promoted);
  const { current } = JSON.parse(await on.fileAt("main", ".glu/frontend/production.json"));
  expect(current).toMatchObject({ artifact: { images: { web: { digest } } }, releasedAt: expect.any(String) });
  expect(await on.pulls()).toEqual([]);
  // The branch of what was merged is put away.
  expect(await on.branches()).toEqual(["main"]);
  expect(await on.dispatch("glu.yml", { environment: "production", app: "frontend" })).toContain("unchanged");
}, 240_000);

it("what a person changes by hand cannot be pushed, and a pull request that does it cannot be merged", async () => {
  const path = valuesOf("production");
  const { sha } = await on.api<{ sha: string }>("GET", "deployments", `/contents/${path}`);
  const changed = { sha, message: "Hotfix", content: Buffer.from(values).toString("base64") };
  await expect(on.api("PUT", "deployments", `/contents/${path}`, { ...changed, branch: "main" })).rejects.toThrow(
    /403 /,
  );

  await on.api("PUT", "deployments", `/contents/${path}`, { ...changed, branch: "main", new_branch: "hotfix" });
  const asked = { head: "hotfix", base: "main", title: "Hotfix" };
  const { number, head } = await on.api<Pull>("POST", "deployments", "/pulls", asked);
  await on.runOf("deployments", "glu.yml", { event: "pull_request", sha: head.sha });
  expect(await statusOf(head.sha)).toBe("failure");
  await expect(merge(number)).rejects.toThrow(/405 .*status checks/i);
}, 240_000);
