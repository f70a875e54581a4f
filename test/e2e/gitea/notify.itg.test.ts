import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GiteaServer, type GiteaUser } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { execute } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";

// The built product on a real Gitea: what people see of a release on the pull request and on the commit.
const sandbox = new Sandbox();
let gitea: GiteaServer;
let glu: GiteaUser;
let ada: GiteaUser;
let folder: string;

const config = `version: 1
environments:
  staging:
    notify: { comment: true, status: true, deployment: { url: "https://{{ app }}.example.org" } }
apps:
  web:
    repository: ada/web
    images: { web: registry.test/acme/web }
    write:
      - yaml: "apps/web/{{ env }}.yaml"
        set: { image.tag: "{{ images.web.tag }}" }
`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "glu-e2e-"));
  gitea = await GiteaServer.start();
  [glu, ada] = [await gitea.user("glu"), await gitea.user("ada")];
  const values = "image:\n  tag: 0.9.0 # ours\n";
  await gitea.repository(ada, "config", { "glu.yaml": config, "apps/web/staging.yaml": values });
  await gitea.repository(ada, "web", { "README.md": "Web\n" });
  for (const name of ["config", "web"]) {
    await gitea.api(ada, "PUT", `/repos/ada/${name}/collaborators/glu`, { permission: "write" });
  }
});
afterAll(async () => {
  await gitea?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
  sandbox[Symbol.dispose]();
});

let runs = 0;
async function job(repository: string, ...args: readonly string[]) {
  const number = String(++runs);
  const event = join(folder, `event-${number}.json`);
  writeFileSync(event, JSON.stringify({ repository: { full_name: repository, default_branch: "main" } }));
  const [branch] = await gitea.api<{ commit: { id: string } }[]>(ada, "GET", `/repos/${repository}/branches?limit=1`);
  const env = {
    ...sandbox.environment,
    CI: "true",
    GITEA_ACTIONS: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_SERVER_URL: gitea.origin,
    GITHUB_API_URL: gitea.apiUrl,
    GITHUB_REPOSITORY: repository,
    GITHUB_SHA: branch?.commit.id ?? "",
    GITHUB_REF: "refs/heads/main",
    GITHUB_REF_NAME: "main",
    GITHUB_REF_TYPE: "branch",
    GITHUB_EVENT_NAME: "workflow_dispatch",
    GITHUB_EVENT_PATH: event,
    GITHUB_RUN_ID: number,
    GITHUB_RUN_NUMBER: number,
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_JOB: "glu",
    GITHUB_WORKFLOW: "glu",
    GITHUB_ACTOR: "ada",
    GLU_TOKEN: glu.token,
  };
  const command = ["node", [join(root, "dist/glu.js"), ...args, "--output", "json"]] as const;
  const done = await execute(command[0], [...command[1]], { cwd: folder, env });
  expect(done, done.stderr).toMatchObject({ exitCode: 0 });
  return JSON.parse(done.stdout);
}

/** Somebody merges a change. @returns the pull request's number */
async function change(): Promise<number> {
  const head = `change-${++runs}`;
  const files = [{ operation: "create", path: `${head}.txt`, content: Buffer.from("x").toString("base64") }];
  const commit = { branch: "main", new_branch: head, message: "A change", files };
  await gitea.api(ada, "POST", "/repos/ada/web/contents", commit);
  const place = { head, base: "main", title: "A change" };
  const { number } = await gitea.api<{ number: number }>(ada, "POST", "/repos/ada/web/pulls", place);
  await gitea.api(ada, "POST", `/repos/ada/web/pulls/${number}/merge`, {
    Do: "squash",
    delete_branch_after_merge: true,
  });
  return number;
}

async function release(version: string) {
  const image = `web=registry.test/acme/web:${version}@sha256:${"a".repeat(64)}`;
  await job("ada/web", "artifact", "create", "--app", "web", "--image", image);
  return job("ada/config", "promote", "--app", "web", "--environment", "staging", "--artifact", "latest");
}

/** The same promotion by somebody at a terminal, who says of which kind the server is. */
async function releaseByHand(version: string) {
  const image = `web=registry.test/acme/web:${version}@sha256:${"a".repeat(64)}`;
  await job("ada/web", "artifact", "create", "--app", "web", "--image", image);
  const config = ["--config-repository", `${gitea.origin}/ada/config.git`];
  const args = ["promote", "--app", "web", "--environment", "staging", "--artifact", "latest", ...config];
  const env = { ...sandbox.environment, GLU_TOKEN: glu.token, GLU_FORGE: "gitea" };
  const done = await execute("node", [join(root, "dist/glu.js"), ...args, "--output", "json"], { cwd: folder, env });
  expect(done, done.stderr).toMatchObject({ exitCode: 0 });
  return JSON.parse(done.stdout);
}

const commentsOn = async (number: number) =>
  (await gitea.api<{ body: string }[]>(ada, "GET", `/repos/ada/web/issues/${number}/comments`)).map(({ body }) => body);

it("each pull request has one comment that says where its change runs, and each commit a mark", async () => {
  const first = await change();
  const released = await release("1.0.0");
  expect(released.told).toEqual({
    told: [
      { what: `comment on ada/web#${first}`, url: expect.stringContaining(`/ada/web/pulls/${first}#issuecomment-`) },
    ],
    warnings: [],
  });
  expect(await commentsOn(first)).toEqual([
    expect.stringMatching(/### Where this change runs[\s\S]*in staging, .* after merge[\s\S]*<!-- glu:comment /),
  ]);

  const [second, third] = [await change(), await change()];
  const next = await release("1.1.0");
  expect(next.told.warnings).toEqual([]);
  for (const number of [second, third]) {
    expect(await commentsOn(number)).toEqual([expect.stringMatching(/1\.1\.0/)]);
  }
  expect(await commentsOn(first)).toEqual([expect.stringMatching(/in staging[\s\S]*with 1\.1\.0 since/)]);

  const [newest, , before] = await gitea.api<{ sha: string }[]>(ada, "GET", "/repos/ada/web/commits?limit=3");
  const marks = async (sha = "") =>
    (
      await gitea.api<{ statuses: { context: string; status: string; description: string }[] }>(
        ada,
        "GET",
        `/repos/ada/web/commits/${sha}/status`,
      )
    ).statuses;
  expect(await marks(newest?.sha)).toMatchObject([
    {
      context: "glu/released/staging",
      status: "success",
      description: expect.stringMatching(/^In staging since .*1\.1\.0$/),
    },
  ]);
  expect(await marks(before?.sha)).toMatchObject([
    { description: expect.stringMatching(/^Was in staging until .*1\.1\.0 took its place$/) },
  ]);
});

it("people are told by a promotion at a terminal as well, where the forge is known", async () => {
  const number = await change();
  const { told } = await releaseByHand("2.0.0");
  expect(told).toMatchObject({ told: [{ what: `comment on ada/web#${number}` }], warnings: [] });
  const commit = new RegExp(`${gitea.origin}/ada/config/commit/[0-9a-f]{40}`);
  expect(await commentsOn(number)).toEqual([expect.stringMatching(commit)]);
});
