import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { GithubServer, GitlabServer, GitServer } from "@glu/testing/internal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { execute } from "./process.ts";
import { root, Sandbox } from "./sandbox.ts";

// The built product: what people see of a release on the forge.
const sandbox = new Sandbox();
let github: GithubServer;
let gitlab: GitlabServer;
let git: GitServer;

const config = (repository: string, propose = "") => `version: 1
environments:
  production:
    tier: production
    notify:
      status: true
      comment: true
      deployment: { url: "https://{{ app }}.example.org", success: committed }
${propose}
apps:
  web:
    repository: ${repository}
    images: { web: registry.test/acme/web }
    write:
      - yaml: "apps/web/{{ env }}.yaml"
        set: { image.tag: "{{ images.web.tag }}" }
`;
const values = { "apps/web/production.yaml": "image:\n  tag: 0.9.0 # ours\n" };

function serve(name: string, path: string): void {
  const at = join(sandbox.folder, "git", `${name}.git`);
  mkdirSync(dirname(at), { recursive: true });
  symlinkSync(path, at);
}

beforeAll(async () => {
  [github, gitlab] = [await GithubServer.start(), await GitlabServer.start()];
  serve(gitlab.project, gitlab.repository.path);
  git = await GitServer.start(join(sandbox.folder, "git"));
});
afterAll(async () => {
  await git?.[Symbol.asyncDispose]();
  await github?.[Symbol.asyncDispose]();
  await gitlab?.[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});

const image = (version: string) => ["--image", `web=registry.test/acme/web:${version}@sha256:${"a".repeat(64)}`];
const promotion = ["promote", "--app", "web", "--environment", "production", "--artifact", "latest"];

/** The app's own page, by which a release is verified. */
async function page() {
  const state = { status: 200 };
  const server = createServer((_, response) => response.writeHead(state.status).end("{}"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/healthz`;
  return Object.assign(state, {
    /** The config whose releases it verifies. */
    verify: (text: string, within: string) =>
      text
        .replace(/deployment: .*/, "deployment: true")
        .replace(
          "    notify:",
          `    verify: { gates: [{ http: { url: "${url}", retries: 0 } }], within: ${within} }\n    notify:`,
        ),
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}

describe("on GitHub", () => {
  let runs = 0;
  async function job(repository: string, sha: string, token: Record<string, string>, args: readonly string[]) {
    const number = String(++runs);
    const event = join(sandbox.folder, `event-${number}.json`);
    writeFileSync(event, JSON.stringify({ repository: { full_name: repository, default_branch: "main" } }));
    const env = {
      ...sandbox.environment,
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_SERVER_URL: git.origin,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_REPOSITORY: repository,
      GITHUB_SHA: sha,
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
      ...token,
    };
    return execute("node", [join(root, "dist/glu.js"), ...args, "--output", "json"], {
      cwd: sandbox.folder,
      env,
    });
  }

  const ada = (path: string, method: string, body: unknown) =>
    fetch(`${github.apiUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${github.token("ada")}`,
        "user-agent": "test",
        "x-github-api-version": "2022-11-28",
      },
      body: JSON.stringify(body),
    });

  async function setting(name: string) {
    const source = github.repository(`acme/${name}`, { "README.md": "Web\n" });
    const deployments = github.repository(`acme/${name}-config`, {
      "glu.yaml": config(source.fullName),
      ...values,
    });
    for (const one of [source, deployments]) serve(one.fullName, one.git.path);
    source.git.git("update-ref", "refs/heads/change", "refs/heads/main");
    source.git.push("change", { "src.txt": "new\n" });
    await ada(`/repos/${source.fullName}/pulls`, "POST", { head: "change", base: "main", title: "A change" });
    await ada(`/repos/${source.fullName}/pulls/1/merge`, "PUT", { merge_method: "squash" });
    const commit = source.tip("main") ?? "";
    const app = { GLU_TOKEN: github.token("glu-acme[bot]") };
    const made = await job(source.fullName, commit, app, ["artifact", "create", "--app", "web", ...image("1.0.0")]);
    expect(made, made.stderr).toMatchObject({ exitCode: 0 });
    const promote = (token: Record<string, string>) =>
      job(deployments.fullName, deployments.tip("main") ?? "", token, promotion);
    return { source, deployments, commit, app, promote };
  }

  it("is on the pull request, the commit and the page of environments of the source", async () => {
    const { source, deployments, commit, app, promote } = await setting("web");
    for (let times = 0; times < 2; times++) {
      const { exitCode, stdout, stderr } = await promote(app);
      expect(exitCode, stderr).toBe(0);
      if (times > 0) continue;
      expect(JSON.parse(stdout)).toMatchObject({
        result: "promoted",
        told: {
          told: [
            { what: "deployment of web 1.0.0 in production" },
            { what: "comment on acme/web#1", url: "https://github.com/acme/web/pull/1#issuecomment-1" },
          ],
          warnings: [],
        },
      });
    }
    expect(source.deployments).toMatchObject([
      {
        sha: commit,
        environment: "production",
        production: true,
        payload: { app: "web", environment: "production", version: "1.0.0", config: deployments.tip("main") },
        statuses: [{ state: "success", environment_url: "https://web.example.org" }],
      },
    ]);
    expect(source.statuses).toMatchObject([
      {
        sha: commit,
        context: "glu/released/production",
        state: "success",
        description: expect.stringMatching(/1\.0\.0$/),
      },
    ]);
    expect(source.pull(1)?.comments.map(({ body }) => body)).toEqual([
      expect.stringMatching(
        /### Where this change runs[\s\S]*\| \[production\]\(<https:\/\/web\.example\.org\/>\)[\s\S]*after merge/,
      ),
    ]);
    expect([deployments.deployments, deployments.statuses]).toEqual([[], []]);
    expect(github.violations).toEqual([]);
  });

  it("is in progress until it is verified, by the next reconciliation or by the job that waits, or has failed", async () => {
    await using app = await page();
    const made = await setting("verified");
    const { source, deployments } = made;
    const push = (within: string) =>
      deployments.git.push("main", { "glu.yaml": app.verify(config(source.fullName), within) });
    const run = async (args: readonly string[]) => {
      const { exitCode, stdout, stderr } = await job(
        deployments.fullName,
        deployments.tip("main") ?? "",
        made.app,
        args,
      );
      expect(JSON.parse(stdout).told?.warnings ?? [], stderr).toEqual([]);
      return exitCode;
    };
    const next = async (version: string) => {
      source.git.push("main", { "src.txt": version });
      const create = ["artifact", "create", "--app", "web", ...image(version)];
      expect((await job(source.fullName, source.tip("main") ?? "", made.app, create)).exitCode).toBe(0);
    };
    const states = () => source.deployments.map(({ statuses }) => statuses.map(({ state }) => state));
    push("1h");
    app.status = 503;
    expect(await run(promotion)).toBe(0);
    expect(states()).toEqual([["in_progress"]]);
    app.status = 200;
    expect(await run(["reconcile"])).toBe(0);
    expect(states()).toEqual([["in_progress", "success"]]);
    expect(await run(["reconcile"])).toBe(0);
    await next("1.1.0");
    expect(await run([...promotion, "--wait", "1m"])).toBe(0);
    expect(states().at(-1)?.at(-1)).toBe("success");
    await next("1.2.0");
    push("1s");
    app.status = 503;
    expect(await run([...promotion, "--wait", "1m"])).toBe(3);
    expect(states().at(-1)?.at(-1)).toBe("failure");
    expect(states()).toHaveLength(3);
    expect(github.violations).toEqual([]);
  });

  it("is in the config repository with the job's own token, and says what is needed for the comment", async () => {
    const { source, deployments, promote } = await setting("other");
    // It sees no other repository; here the artifact's has to be one that Git lets everybody read.
    const { exitCode, stdout, stderr } = await promote({ GITHUB_TOKEN: github.token("github-actions[bot]") });
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout).told.warnings).toEqual([
      expect.stringMatching(/the job's own token reaches acme\/other-config alone, not acme\/other\..*GLU_TOKEN/),
    ]);
    expect(source.deployments).toEqual([]);
    expect(deployments.deployments).toMatchObject([{ sha: deployments.tip("main"), environment: "production" }]);
    expect(deployments.statuses).toMatchObject([{ sha: deployments.tip("main"), context: "glu/released/production" }]);
  });

  it("is nothing but a warning with the line to add where a permission is missing, and the release stands", async () => {
    const { deployments, promote } = await setting("third");
    const { exitCode, stdout, stderr } = await promote({
      GLU_TOKEN: github.token("glu-acme[bot]", { access: "read" }),
    });
    expect(exitCode, stderr).toBe(0);
    const { result, told } = JSON.parse(stdout);
    expect(result).toBe("promoted");
    expect(told.told).toEqual([]);
    expect(told.warnings).toEqual([
      expect.stringContaining("'permissions: { deployments: write }'"),
      expect.stringContaining("'permissions: { statuses: write }'"),
      expect.stringContaining("'permissions: { contents: read, pull-requests: write }'"),
    ]);
    expect(deployments.git.git("show", "main:apps/web/production.yaml")).toContain("1.0.0");
  });
});

describe("on GitLab", () => {
  let runs = 0;
  const job = (token: Record<string, string>, args: readonly string[]) => {
    const number = ++runs;
    const env = {
      ...sandbox.environment,
      GITLAB_CI: "true",
      CI_SERVER_URL: git.origin,
      CI_API_V4_URL: gitlab.apiUrl,
      CI_PROJECT_ID: "3",
      CI_PROJECT_PATH: gitlab.project,
      CI_PROJECT_URL: `${git.origin}/${gitlab.project}`,
      CI_PIPELINE_SOURCE: "web",
      CI_PIPELINE_ID: String(100 + number),
      CI_PIPELINE_IID: String(number),
      CI_JOB_ID: String(500 + number),
      CI_JOB_NAME: args[0] ?? "",
      CI_COMMIT_SHA: gitlab.repository.git("rev-parse", "main"),
      CI_COMMIT_BRANCH: "main",
      CI_DEFAULT_BRANCH: "main",
      CI_COMMIT_MESSAGE: "A change",
      CI_COMMIT_AUTHOR: "Ada <ada@acme.example>",
      CI_COMMIT_TIMESTAMP: `2026-11-2${number}T07:00:00Z`,
      GITLAB_USER_LOGIN: "ada",
      ...token,
    };
    return execute("node", [join(root, "dist/glu.js"), ...args, "--output", "json"], { cwd: sandbox.folder, env });
  };

  it("is on the merge request, the commit and the page of environments, also of what came by a proposal", async () => {
    const glu = gitlab.user("project_3_bot", "developer");
    const ada = gitlab.user("ada", "developer");
    gitlab.repository.push("main", { "glu.yaml": config(gitlab.project, "    propose: true"), ...values });
    gitlab.repository.git("update-ref", "refs/heads/change", "refs/heads/main");
    gitlab.repository.push("change", { "src.txt": "new\n" });
    const at = `/projects/${encodeURIComponent(gitlab.project)}/merge_requests`;
    await gitlab.api(ada, "POST", at, { source_branch: "change", target_branch: "main", title: "A change" });
    await gitlab.api(ada, "PUT", `${at}/1/merge`, { squash: true });
    const commit = gitlab.repository.git("rev-parse", "main");
    const token = { GLU_TOKEN: glu.token };
    const made = await job(token, ["artifact", "create", "--app", "web", ...image("1.0.0")]);
    expect(made, made.stderr).toMatchObject({ exitCode: 0 });
    const proposed = await job(token, promotion);
    expect(JSON.parse(proposed.stdout), proposed.stderr).toMatchObject({ result: "proposed" });
    expect(gitlab.deployments.all).toEqual([]);
    await gitlab.api(ada, "PUT", `${at}/2/merge`, { squash: true });

    const { exitCode, stdout, stderr } = await job(token, ["reconcile"]);
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout).told, stderr).toMatchObject({ warnings: [] });
    expect(gitlab.deployments.all).toMatchObject([
      {
        sha: commit,
        ref: "main",
        status: "success",
        environment: { name: "production", externalUrl: "https://web.example.org", tier: "production" },
      },
    ]);
    // Beside what the proposal's head was marked with.
    expect(gitlab.statuses.all.filter(({ name }) => name !== "glu/production")).toMatchObject([
      { name: "glu/released/production", status: "success", pipeline: { sha: commit } },
    ]);
    expect(gitlab.requests.all[0]?.notes.map(({ body }) => body)).toEqual([
      expect.stringMatching(/### Where this change runs[\s\S]*in production, [\s\S]*after merge/),
    ]);
    // It is written down now, and not told again.
    const calls = gitlab.calls.length;
    await job(token, ["reconcile"]);
    expect(gitlab.calls.slice(calls).filter((call) => !call.startsWith("GET"))).toEqual([]);
    expect(gitlab.unmodelled).toEqual([]);

    // What is verified after it was merged is running until then. What is proposed meanwhile is written again on the
    // record that the verification changes.
    await using app = await page();
    gitlab.repository.push("main", { "glu.yaml": app.verify(config(gitlab.project, "    propose: true"), "1h") });
    const next = async (version: string) => {
      gitlab.repository.push("main", { "src.txt": version });
      await job(token, ["artifact", "create", "--app", "web", ...image(version)]);
      const { stdout } = await job(token, promotion);
      expect(JSON.parse(stdout)).toMatchObject({ result: "proposed" });
    };
    const statuses = () => gitlab.deployments.all.map(({ status }) => status);
    app.status = 503;
    await next("1.1.0");
    await gitlab.api(ada, "PUT", `${at}/3/merge`, { squash: true });
    await job(token, ["reconcile"]);
    expect(statuses()).toEqual(["success", "running"]);
    await next("1.2.0");
    app.status = 200;
    await job(token, ["reconcile"]);
    expect(statuses()).toEqual(["success", "success"]);
    await job(token, promotion);
    const branch = "glu/production/web";
    expect(gitlab.repository.git("rev-parse", `${branch}^`)).toBe(gitlab.repository.git("rev-parse", "main"));
    await gitlab.api(ada, "PUT", `${at}/4/merge`, { squash: true });
    // That it was merged is told and written down first; the run after that looks how it is.
    await job(token, ["reconcile"]);
    expect(statuses()).toEqual(["success", "success", "running"]);
    await job(token, ["reconcile"]);
    expect(statuses()).toEqual(["success", "success", "success"]);
    expect(gitlab.repository.git("show", "main:apps/web/production.yaml")).toContain("1.2.0");
    expect(gitlab.unmodelled).toEqual([]);
  });
});
