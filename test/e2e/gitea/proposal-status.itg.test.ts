import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GiteaServer, type GiteaUser } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { execute } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";

// A real Gitea, whose branch rule requires the status of an environment: what is frozen cannot be merged by anybody.
const sandbox = new Sandbox();
let gitea: GiteaServer;
let acme: GiteaUser;

const config = `version: 1
environments:
  production:
    propose: true
apps:
  web:
    images: { web: registry.test/acme/web }
    write:
      - yaml: "apps/web/{{ env }}.yaml"
        set: { image.tag: "{{ images.web.tag }}" }
`;

beforeAll(async () => {
  gitea = await GiteaServer.start();
  acme = await gitea.user("acme");
  await gitea.repository(acme, "deployments", {
    "glu.yaml": config,
    "apps/web/production.yaml": "image:\n  tag: 0.9.0\n",
  });
  await gitea.api(acme, "POST", "/repos/acme/deployments/branch_protections", {
    rule_name: "main",
    enable_push: true,
    enable_status_check: true,
    status_check_contexts: ["glu/production"],
  });
});
afterAll(async () => {
  await gitea?.[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});

let runs = 0;
async function glu(args: readonly string[], event = "workflow_dispatch", payload = {}) {
  const path = join(sandbox.folder, "event.json");
  writeFileSync(
    path,
    JSON.stringify({ sender: { login: "acme" }, repository: { default_branch: "main" }, ...payload }),
  );
  const env = {
    ...sandbox.environment,
    GITEA_ACTIONS: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_SERVER_URL: gitea.origin,
    GITHUB_API_URL: gitea.apiUrl,
    GITHUB_REPOSITORY: "acme/deployments",
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: path,
    GITHUB_SHA: (await gitea.api<{ commit: { id: string } }>(acme, "GET", "/repos/acme/deployments/branches/main"))
      .commit.id,
    GITHUB_REF: "refs/heads/main",
    GITHUB_RUN_ID: String(++runs),
    GITHUB_RUN_NUMBER: String(runs),
    GITHUB_JOB: "glu",
    GLU_TOKEN: acme.token,
  };
  const done = await execute("node", [join(root, "dist/glu.js"), ...args, "--output", "json"], {
    cwd: sandbox.folder,
    env,
  });
  expect(done.exitCode, done.stderr + done.stdout).toBe(0);
  return { ...done, answer: JSON.parse(done.stdout) };
}

const headOf = async (number = 1) =>
  (await gitea.api<{ head: { sha: string } }>(acme, "GET", `/repos/acme/deployments/pulls/${number}`)).head.sha;

async function statusOf(sha: string) {
  const at = `/repos/acme/deployments/commits/${sha}/status`;
  const { statuses } = await gitea.api<{ statuses: { context: string; status: string; description: string }[] | null }>(
    acme,
    "GET",
    at,
  );
  return statuses?.find(({ context }) => context === "glu/production");
}

/** As somebody who presses the button. Until Gitea has looked whether it can be merged, it refuses for another reason. */
async function merge(number: number, how = "squash"): Promise<{ status: number; text: string }> {
  for (let tries = 0; ; tries++) {
    const response = await fetch(`${gitea.apiUrl}/repos/acme/deployments/pulls/${number}/merge`, {
      method: "POST",
      headers: { authorization: `token ${acme.token}`, "content-type": "application/json" },
      body: JSON.stringify({ Do: how }),
    });
    const text = await response.text();
    if (tries >= 50 || !/try again/i.test(text)) return { status: response.status, text };
    await sleep(200);
  }
}

it("refuses the merge of a proposal that was opened before a freeze, and takes it afterwards", async () => {
  await glu(
    ["artifact", "create", "--app", "web", "--image", `web=registry.test/acme/web:1.0.0@sha256:${"a".repeat(64)}`],
    "push",
  );
  const { answer } = await glu(["promote", "--app", "web", "--environment", "production", "--artifact", "latest"]);
  expect(answer).toMatchObject({ result: "proposed" });
  const head = await headOf();
  expect(await statusOf(head)).toMatchObject({ status: "success", description: "web: all gates are met" });

  await glu(["freeze", "production", "--reason", "audit"]);
  expect(await statusOf(head)).toMatchObject({
    status: "failure",
    description: expect.stringMatching(
      /^freeze: production is frozen by .*: audit, since .*; glu unfreeze production$/,
    ),
  });
  const refused = await merge(1);
  expect(refused.status).toBe(405);
  expect(refused.text).toMatch(/status checks/i);

  // On its own event it is judged in the same way.
  const pull_request = {
    head: { ref: "glu/production/web", sha: head, repo: { full_name: "acme/deployments" } },
    base: { ref: "main", repo: { full_name: "acme/deployments" } },
  };
  const judged = await glu(["reconcile"], "pull_request", { action: "synchronized", number: 1, pull_request });
  expect(judged.answer).toMatchObject({ result: "held", proposal: { number: 1 }, statuses: [{ state: "failure" }] });

  await glu(["unfreeze", "production"]);
  expect(await statusOf(head)).toMatchObject({ status: "success" });
  expect(await merge(1)).toMatchObject({ status: 200 });
  expect(
    (await glu(["promote", "--app", "web", "--environment", "production", "--artifact", "latest"])).answer,
  ).toMatchObject({
    result: "unchanged",
  });
}, 240_000);

it("one that was asked for by name conflicts with a verdict in the record below it, until the next reconciliation", async () => {
  await glu(["reconcile"]);
  await glu(
    ["artifact", "create", "--app", "web", "--image", `web=registry.test/acme/web:2.0.0@sha256:${"b".repeat(64)}`],
    "push",
  );
  const asked = [
    "--app",
    "web",
    "--environment",
    "production",
    "--artifact",
    "latest",
    "--reason",
    "the customer asked",
  ];
  expect((await glu(["promote", ...asked])).answer).toMatchObject({ result: "proposed" });
  const before = await headOf(2);
  const path = ".glu/web/production.json";
  const contents = (ref: string) =>
    gitea.api<{ sha: string; content: string }>(acme, "GET", `/repos/acme/deployments/contents/${path}?ref=${ref}`);
  const read = async (ref: string) => JSON.parse(Buffer.from((await contents(ref)).content, "base64").toString());
  const record = await read("main");
  const current = { ...record.current, state: "healthy", verifiedAt: record.current.decidedAt };
  await gitea.api(acme, "PUT", `/repos/acme/deployments/contents/${path}`, {
    sha: (await contents("main")).sha,
    message: "Verify web",
    branch: "main",
    content: Buffer.from(`${JSON.stringify({ ...record, current }, null, 2)}\n`).toString("base64"),
  });
  const pull = () => gitea.api<{ mergeable: boolean }>(acme, "GET", "/repos/acme/deployments/pulls/2");
  await expect.poll(async () => (await pull()).mergeable, { timeout: 30_000 }).toBe(false);

  const done = await glu(["reconcile"], "schedule");
  expect(done.stderr).toContain(`#2 was put on the newest main: ${path} has changed there.`);
  const after = await headOf(2);
  expect(after).not.toBe(before);
  const [was, is] = [await read(before), await read(after)];
  for (const key of ["request", "actor", "reason", "kind", "artifact", "releasedAt"]) {
    expect(is.current[key], key).toEqual(was.current[key]);
  }
  expect(is.history[0]).toMatchObject({ state: "healthy" });
  expect(await statusOf(after)).toMatchObject({ status: "success" });
  await glu(["reconcile"], "schedule");
  expect(await headOf(2)).toBe(after);
  await expect.poll(async () => (await pull()).mergeable, { timeout: 30_000 }).toBe(true);
  expect(await merge(2)).toMatchObject({ status: 200 });
  expect((await read("main")).current).toMatchObject({ reason: "the customer asked", request: was.current.request });
}, 240_000);

it.each([
  ["rebase", "nobody"],
  ["rebase-merge", "nobody"],
  ["rebase", "a rebase by somebody who is its author then"],
  ["fast-forward-only", "an update by a merge"],
  ["squash", "an update by a rebase"],
])(
  "is released by %s, whoever made its commits, after %s brought it up to date",
  async (how, before) => {
    const version = `3.0.${++runs}`;
    const repository = "/repos/acme/deployments";
    const digest = createHash("sha256").update(version).digest("hex");
    await glu(
      ["artifact", "create", "--app", "web", "--image", `web=registry.test/acme/web:${version}@sha256:${digest}`],
      "push",
    );
    const asked = ["promote", "--app", "web", "--environment", "production", "--artifact", "latest"];
    const proposed = (await glu(asked)).answer;
    expect(proposed).toMatchObject({ result: "proposed" });
    const { number } = proposed.decisions[0].proposal;
    // The branch is behind, so that commits are made anew.
    const content = Buffer.from(version).toString("base64");
    await gitea.api(acme, "POST", `${repository}/contents/note-${version}`, {
      branch: "main",
      message: "Note",
      content,
    });
    const tip = async () =>
      (await gitea.api<{ commit: { id: string } }>(acme, "GET", `${repository}/branches/main`)).commit.id;
    if (before.startsWith("an update")) {
      const style = before.endsWith("rebase") ? "rebase" : "merge";
      await gitea.api(acme, "POST", `${repository}/pulls/${number}/update?style=${style}`);
    } else if (before.startsWith("a rebase")) {
      const clone = join(sandbox.folder, version);
      const git = async (...args: string[]) => {
        const done = await execute("git", args, { cwd: sandbox.folder, env: { ...sandbox.environment, ...grace } });
        expect(done.exitCode, done.stderr).toBe(0);
      };
      const url = `${gitea.origin.replace("://", `://acme:${acme.token}@`)}/acme/deployments.git`;
      await git("clone", "-q", url, clone);
      await git("-C", clone, "checkout", "-q", "glu/production/web");
      await git("-C", clone, "rebase", "-q", "origin/main");
      await git("-C", clone, "commit", "-q", "--amend", "--no-edit", "--reset-author");
      await git("-C", clone, "push", "-q", "--force", "origin", "glu/production/web");
    }
    const head = await headOf(number);
    const pull_request = {
      head: { ref: "glu/production/web", sha: head, repo: { full_name: "acme/deployments" } },
      base: { ref: "main", repo: { full_name: "acme/deployments" } },
    };
    await glu(["reconcile"], "pull_request", { action: "synchronized", number, pull_request });
    expect(await statusOf(head)).toMatchObject({ status: "success" });
    const was = await tip();
    expect(await merge(number, how)).toMatchObject({ status: 200 });

    const found = await glu(["drift"], "push", { ref: "refs/heads/main", before: was, after: await tip() });
    expect(found.answer.findings ?? []).toEqual([]);
    await glu(["reconcile"], "push", { ref: "refs/heads/main", before: was, after: await tip() });
    const record = await gitea.api<{ content: string }>(acme, "GET", `${repository}/contents/.glu/web/production.json`);
    const { current } = JSON.parse(Buffer.from(record.content, "base64").toString());
    const { merged_at } = await gitea.api<{ merged_at: string }>(acme, "GET", `${repository}/pulls/${number}`);
    expect(current).toMatchObject({ request: proposed.request, artifact: { images: { web: { tag: version } } } });
    expect(Date.parse(current.releasedAt)).toBe(Date.parse(merged_at));
    expect((await glu(asked)).answer).toMatchObject({ result: "unchanged" });
    const branches = await gitea.api<{ name: string }[]>(acme, "GET", `${repository}/branches`);
    expect(branches.map(({ name }) => name)).toEqual(["main"]);
  },
  240_000,
);

const grace = Object.fromEntries(
  ["AUTHOR", "COMMITTER"].flatMap((who) => [
    [`GIT_${who}_NAME`, "Grace"],
    [`GIT_${who}_EMAIL`, "grace@acme.example"],
  ]),
);
