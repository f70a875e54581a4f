import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { GiteaServer, type GiteaUser } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { execute } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";

// A real Gitea: what is proposed is merged by a squash, verified, fails, and goes back by a proposal, in spite of a rule
// that keeps everybody but Glu from pushing to the config branch.
const sandbox = new Sandbox();
let gitea: GiteaServer;
let glu: GiteaUser;
let ada: GiteaUser;

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
const at = "/repos/glu/config";

beforeAll(async () => {
  gitea = await GiteaServer.start();
  [glu, ada] = [await gitea.user("glu"), await gitea.user("ada")];
  await gitea.repository(glu, "config", { "glu.yaml": config, "apps/web/production.yaml": "image:\n  tag: 0.9.0\n" });
  await gitea.api(glu, "PUT", `${at}/collaborators/ada`, { permission: "admin" });
});
afterAll(async () => {
  await gitea?.[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});

const tip = async () => (await gitea.api<{ commit: { id: string } }>(ada, "GET", `${at}/branches/main`)).commit.id;
const text = async (path: string) => {
  const { content } = await gitea.api<{ content: string }>(ada, "GET", `${at}/contents/${path}?ref=main`);
  return Buffer.from(content, "base64").toString();
};
const record = async () => JSON.parse(await text(".glu/web/production.json"));

let runs = 0;
async function job(...args: readonly string[]) {
  const sha = await tip();
  const payload = join(sandbox.folder, "event.json");
  const about = { sender: { login: "ada" }, repository: { full_name: "glu/config", default_branch: "main" } };
  writeFileSync(payload, JSON.stringify({ ...about, after: sha, ref: "refs/heads/main" }));
  const env = {
    ...sandbox.environment,
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITEA_ACTIONS: "true",
    GITHUB_SERVER_URL: gitea.origin,
    GITHUB_API_URL: `${gitea.origin}/api/v1`,
    GITHUB_REPOSITORY: "glu/config",
    GITHUB_EVENT_NAME: "workflow_dispatch",
    GITHUB_EVENT_PATH: payload,
    GITHUB_SHA: sha,
    GITHUB_REF: "refs/heads/main",
    GITHUB_RUN_ID: String(++runs),
    GITHUB_RUN_NUMBER: String(runs),
    GITHUB_JOB: "glu",
    GITHUB_WORKFLOW: "glu",
    GLU_TOKEN: glu.token,
  };
  const done = await execute("node", [join(root, "dist/glu.js"), ...args, "--output", "json"], {
    cwd: sandbox.folder,
    env,
  });
  return { ...done, answer: JSON.parse(done.stdout || "{}") };
}

const smoke = (isWell: boolean) => writeFileSync(join(sandbox.folder, "smoke-test"), `exit ${isWell ? 0 : 1}\n`);
const merge = (number: number) => gitea.api(ada, "POST", `${at}/pulls/${number}/merge`, { Do: "squash" });

async function release(version: string): Promise<void> {
  const content = Buffer.from(version).toString("base64");
  await gitea.api(ada, "POST", `${at}/contents/src-${version}`, { message: `Version ${version}`, content });
  const image = `web=registry.test/acme/web:${version}@sha256:${version.replaceAll(".", "").padStart(64, "0")}`;
  await job("artifact", "create", "--app", "web", "--image", image);
  const proposed = await job("promote", "--app", "web", "--environment", "production", "--artifact", "latest");
  expect(proposed.answer, proposed.stderr).toMatchObject({ result: "proposed" });
  await merge(proposed.answer.decisions[0].proposal.number);
  const told = await job("reconcile");
  expect(told.exitCode, told.stderr).toBe(0);
}

it("what was merged is verified, and what fails goes back by a proposal", async () => {
  smoke(true);
  await release("1.0.0");
  await job("reconcile");
  expect((await record()).current).toMatchObject({ state: "healthy", releasedAt: expect.any(String) });
  smoke(false);
  await release("2.0.0");
  await gitea.api(glu, "POST", `${at}/branch_protections`, {
    rule_name: "main",
    enable_push: true,
    enable_push_whitelist: true,
    push_whitelist_usernames: ["ada"],
  });
  const forbidden = await job("reconcile");
  expect(forbidden.exitCode, forbidden.stderr).toBe(2);
  expect(forbidden.stdout).toMatch(/web 2\.0\.0 in production is not verified yet .*, which cannot be written down: /);
  await gitea.api(glu, "PATCH", `${at}/branch_protections/main`, { push_whitelist_usernames: ["glu"] });
  await job("reconcile");
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const failing = await job("reconcile");
  expect(failing.exitCode, failing.stderr).toBe(3);
  expect(failing.answer).toMatchObject({ result: "failed", verified: [{ release: { state: "failed" } }] });
  smoke(true);
  await merge(3);
  await job("reconcile");
  await job("reconcile");
  expect(await record()).toMatchObject({ current: { kind: "rollback", state: "healthy" }, rejected: [{}] });
  expect(await text("apps/web/production.yaml")).toContain("tag: 1.0.0");
});
