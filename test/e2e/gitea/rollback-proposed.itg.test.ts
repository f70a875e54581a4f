import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { GiteaServer, type GiteaUser } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { execute } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";

// The built product on a real Gitea: the way back into an environment whose changes are proposed.
const sandbox = new Sandbox();
let gitea: GiteaServer;
let glu: GiteaUser;
let ada: GiteaUser;
let folder: string;

const config = `version: 1
environments:
  production: {}
  live: {}
defaults:
  write:
    - yaml: "apps/{{ app }}/{{ env }}.yaml"
      set: { image.tag: "{{ images.web.tag }}" }
apps:
  web: { repository: ada/source, images: { web: registry.test/acme/web } }
  api: { repository: ada/source, images: { web: registry.test/acme/api } }
break-glass: { gates: [freeze], users: [ada] }
`;
const proposing = config
  .replace("production: {}", "production: { propose: { auto-merge: true } }")
  .replace("live: {}", "live: { propose: true }");

interface Pull {
  number: number;
  title: string;
  body: string;
  state: string;
  merged: boolean;
  head: { ref: string; sha: string };
}

beforeAll(async () => {
  folder = sandbox.makeFolder("work");
  gitea = await GiteaServer.start();
  [glu, ada] = [await gitea.user("glu"), await gitea.user("ada")];
  const values = "image:\n  tag: 0.9.0 # ours\n";
  const files = ["web", "api"].flatMap((app) =>
    ["production", "live"].map((name) => [`apps/${app}/${name}.yaml`, values]),
  );
  await gitea.repository(ada, "config", { "glu.yaml": config, ...Object.fromEntries(files) });
  await gitea.repository(ada, "source", { "README.md": "Source\n" });
  for (const name of ["config", "source"]) {
    await gitea.api(ada, "PUT", `/repos/ada/${name}/collaborators/glu`, { permission: "write" });
  }
  for (const version of ["1.0.0", "1.1.0", "1.2.0"]) {
    for (const app of ["web", "api"]) {
      const image = `web=registry.test/acme/${app}:${version}@sha256:${"a".repeat(64)}`;
      await job("source", "artifact", "create", "--app", app, "--image", image);
      if (version === "1.2.0") continue;
      await job("config", "promote", "--app", app, "--environment", "production,live", "--artifact", "latest");
    }
  }
  await write("glu.yaml", proposing);
  await gitea.api(ada, "POST", "/repos/ada/config/branch_protections", {
    rule_name: "main",
    enable_push: false,
    enable_status_check: true,
    status_check_contexts: ["glu/production"],
  });
});
afterAll(async () => {
  await gitea?.[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});

let runs = 0;
/** A command of a job on Gitea that people start. */
async function ran(repository: string, args: readonly string[], run = String(++runs)) {
  const event = join(folder, `event-${run}.json`);
  const name = `ada/${repository}`;
  writeFileSync(
    event,
    JSON.stringify({ repository: { full_name: name, default_branch: "main" }, sender: { login: "ada" } }),
  );
  const branch = await gitea.api<{ commit: { id: string } }>(ada, "GET", `/repos/${name}/branches/main`);
  const env = {
    ...sandbox.environment,
    CI: "true",
    GITEA_ACTIONS: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_SERVER_URL: gitea.origin,
    GITHUB_API_URL: gitea.apiUrl,
    GITHUB_REPOSITORY: name,
    GITHUB_SHA: branch.commit.id,
    GITHUB_REF: "refs/heads/main",
    GITHUB_REF_NAME: "main",
    GITHUB_REF_TYPE: "branch",
    GITHUB_EVENT_NAME: "workflow_dispatch",
    GITHUB_EVENT_PATH: event,
    GITHUB_RUN_ID: run,
    GITHUB_RUN_NUMBER: run,
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_JOB: "glu",
    GITHUB_WORKFLOW: "glu",
    GITHUB_ACTOR: "ada",
    GLU_TOKEN: glu.token,
  };
  const done = await execute("node", [join(root, "dist/glu.js"), ...args, "--output", "json"], { cwd: folder, env });
  return { ...done, document: JSON.parse(done.stdout || "null") };
}
async function job(repository: string, ...args: readonly string[]) {
  const { exitCode, stderr, document } = await ran(repository, args);
  expect(exitCode, stderr).toBe(0);
  return document;
}

async function write(path: string, text: string) {
  const { sha } = await gitea.api<{ sha: string }>(ada, "GET", `/repos/ada/config/contents/${path}`);
  const content = Buffer.from(text).toString("base64");
  await gitea.api(ada, "PUT", `/repos/ada/config/contents/${path}`, {
    sha,
    content,
    message: "Change",
    branch: "main",
  });
}
async function text(path: string, ref = "main"): Promise<string> {
  const at = `/repos/ada/config/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const { content } = await gitea.api<{ content: string }>(ada, "GET", at);
  return Buffer.from(content, "base64").toString("utf8");
}
const pull = (number: number) => gitea.api<Pull>(ada, "GET", `/repos/ada/config/pulls/${number}`);
const open = () => gitea.api<Pull[]>(ada, "GET", "/repos/ada/config/pulls?state=open");
async function status(number: number) {
  const { head } = await pull(number);
  const at = `/repos/ada/config/commits/${head.sha}/status`;
  const { statuses } = await gitea.api<{ statuses: { context: string; status: string; description: string }[] | null }>(
    ada,
    "GET",
    at,
  );
  return statuses?.find(({ context }) => context === `glu/${head.ref.split("/")[1]}`);
}
async function merge(number: number) {
  for (let tries = 0; ; tries++) {
    try {
      await gitea.api(ada, "POST", `/repos/ada/config/pulls/${number}/merge`, { Do: "merge" });
      return;
    } catch (error) {
      // Gitea looks at it again after each push to the branch.
      if (tries >= 50 || !/try again/i.test(String(error))) throw error;
      await new Promise((done) => setTimeout(done, 200));
    }
  }
}

/** A command that is not carried out. */
async function refused(exitCode: number, ...args: string[]): Promise<string> {
  const done = await ran("config", args);
  expect(done.exitCode, done.stdout + done.stderr).toBe(exitCode);
  return done.stderr;
}
const rollback = (...args: string[]) => ["rollback", "--environment", "live", ...args];
const recordOf = async (app: string, environment = "live", ref = "main") =>
  JSON.parse(await text(`.glu/${app}/${environment}.json`, ref)).current;
const pinOf = async (app: string, environment = "live", ref = "main") =>
  JSON.parse(await text(`.glu/${app}/${environment}.pin.json`, ref));

/** Waits for what Gitea does a moment later. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries++) {
    if (tries > 150) throw new Error("It did not come to be.");
    await new Promise((done) => setTimeout(done, 200));
  }
}

it("merges by itself where that is allowed, and stays", async () => {
  const { result, decisions } = await job("config", "rollback", "--environment", "production", "--app", "web");
  expect(result).toBe("proposed");
  await until(async () => (await pull(decisions[0].proposal.number)).merged);
  expect(await text("apps/web/production.yaml")).toContain("tag: 1.0.0 # ours");
  expect(await recordOf("web", "production")).toMatchObject({
    kind: "rollback",
    artifact: { images: { web: { tag: "1.0.0" } } },
  });
  expect(await pinOf("web", "production")).toMatchObject({ reason: "rolled back from 1.1.0 to 1.0.0" });
  const held = await refused(3, "promote", "--environment", "production", "--app", "web", "--artifact", "latest");
  expect(held).toContain("is pinned at");
}, 240_000);

it("a whole environment goes back by a pull request of each app, which has the newest words", async () => {
  await job("config", "promote", "--environment", "live", "--app", "api", "--artifact", "latest");
  const [forward] = await open();
  const first = await job("config", ...rollback("--reason", "first <b>"));
  const numbers = first.decisions.map(({ proposal }: { proposal: { number: number } }) => proposal.number);
  expect(numbers).toContain(forward?.number);
  const again = await job("config", ...rollback("--reason", "second", "--until", "2h"));
  expect(again.decisions.map(({ proposal }: { proposal: { number: number } }) => proposal.number)).toEqual(numbers);
  for (const number of numbers) {
    const { title, body, head } = await pull(number);
    const app = head.ref.split("/").at(-1) ?? "";
    expect(title).toBe(`Roll back ${app} in live to 1.0.0`);
    expect(body).toContain("reason: second");
    expect(await pinOf(app, "live", head.ref)).toMatchObject({ reason: "second", until: expect.any(String) });
    expect(await status(number)).toMatchObject({ status: "success" });
  }
}, 240_000);

it("that somebody closed, or whose branch is gone, says what brings it back; who may not push is told so", async () => {
  const pulls = await open();
  const [web, api] = ["web", "api"].map((app) => pulls.find(({ head }) => head.ref === `glu/live/${app}`));
  if (web === undefined || api === undefined) throw new Error("There are no proposals.");
  const { document, exitCode } = await ran("config", rollback("--app", "web", "--strategy", "commit"));
  expect([exitCode, document.code]).toEqual([2, "repository/protected"]);
  expect(document.fix).toContain("Without --strategy commit it is proposed");

  const at = ({ number }: Pull) => `/repos/ada/config/pulls/${number}`;
  await gitea.api(ada, "PATCH", at(api), { state: "closed" });
  expect(await refused(3, ...rollback("--app", "api"))).toContain(
    `Cleared by: opening #${api.number} again, or --strategy commit.`,
  );
  await gitea.api(ada, "DELETE", `/repos/ada/config/branches/${encodeURIComponent(web.head.ref)}`);
  await until(async () => (await pull(web.number)).state === "closed");
  expect(await refused(3, ...rollback("--app", "web"))).toContain(
    `Cleared by: restoring the branch glu/live/web and opening #${web.number} again, or --strategy commit.`,
  );

  await gitea.api(ada, "PATCH", at(api), { state: "open" });
  const again = await job("config", ...rollback("--app", "api", "--reason", "third", "--pin", "false"));
  expect(again.decisions).toMatchObject([{ result: "proposed", proposal: { number: api.number } }]);
}, 240_000);

it("what came by a merge commit goes back byte for byte, named by the commit that was proposed", async () => {
  const [back] = (await open()).filter(({ head }) => head.ref === "glu/live/api");
  if (back === undefined) throw new Error("There is no proposal.");
  await merge(back.number);
  expect((await recordOf("api")).reason).toBe("third");
  const newer = ["promote", "--environment", "live", "--app", "api", "--artifact", "latest"];
  const { decisions } = await job("config", ...newer);
  expect(decisions).toMatchObject([{ result: "proposed" }]);
  await merge(decisions[0].proposal.number);
  expect(await text("apps/api/live.yaml")).toContain("tag: 1.2.0 # ours");

  for (const to of [back.head.sha.slice(0, 10), "1.0.0"]) {
    const proposed = await job("config", ...rollback("--app", "api", "--to", to, "--exact"));
    expect(proposed.decisions).toMatchObject([{ result: "proposed", artifact: { version: "1.0.0" } }]);
    const { number } = proposed.decisions[0].proposal;
    expect(await status(number)).toMatchObject({ status: "success" });
    expect(await text("apps/api/live.yaml", (await pull(number)).head.ref)).toContain("tag: 1.0.0 # ours");
  }
}, 240_000);
