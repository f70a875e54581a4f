import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GithubServer, GitServer } from "@glu/testing/internal";
import { expect, it } from "vitest";
import { execute } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";

// As people use the actions: the job is the app repository's, with its own token for that, and is given another one for
// the repository of previews, which says nothing to GitHub's API.
const config = `version: 1
environments: { staging: {} }
previews: { host: "{{ preview.name }}.preview.example.com" }
apps:
  web:
    repository: acme/web
    preview: { template: deploy/preview, from: app }
    write: [{ yaml: web.yaml, set: { image.tag: "{{ images.web.tag }}" } }]
`;
const template = (line: string) =>
  `kind: ConfigMap\napiVersion: v1\nmetadata: { name: web }\ndata: { line: ${line}, sha: "{{ pull.sha }}" }\n`;

it("a job of a pull request asks and comments by its own token, commits by the given one, and renders what the base branch has", async () => {
  using sandbox = new Sandbox();
  await using github = await GithubServer.start();
  const own = github.token("github-actions[bot]");
  const ada = github.token("ada");
  const repository = github.repository("acme/previews", { "glu.yaml": config, "web.yaml": "image: { tag: '1' }\n" });
  const web = github.repository("acme/web", { "deploy/preview/web.yaml": template("main") });
  for (const [name, at] of [
    ["acme/previews", repository.git.path],
    ["acme/web", web.git.path],
  ] as const) {
    const path = join(sandbox.folder, "git", `${name}.git`);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(at, path);
  }
  await using git = await GitServer.start(join(sandbox.folder, "git"));
  web.git.git("update-ref", "refs/heads/release", "refs/heads/main");
  web.git.push("release", { "deploy/preview/web.yaml": template("release") });
  web.git.git("update-ref", "refs/heads/change", "refs/heads/release");
  const sha = web.git.push("change", { "deploy/preview/web.yaml": template("of-the-pull-request") });
  const api = async (method: string, at: string, body: unknown) => {
    const headers = { authorization: `Bearer ${ada}`, "user-agent": "test", "x-github-api-version": "2022-11-28" };
    const url = `${github.apiUrl}/repos/acme/web${at}`;
    const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
    expect(response.status).toBeLessThan(300);
    return (await response.json()) as Record<string, unknown>;
  };
  await api("POST", "/pulls", { head: "change", base: "release", title: "A change" });

  /** The job of what has just happened; run again it has the same event. */
  const job = async (action: string, event?: string, more: Record<string, string> = {}) => {
    if (event !== undefined) {
      const pull = await (
        await fetch(`${github.apiUrl}/repos/acme/web/pulls/1`, {
          headers: { authorization: `Bearer ${ada}`, "user-agent": "test", "x-github-api-version": "2022-11-28" },
        })
      ).json();
      writeFileSync(
        join(sandbox.folder, "event.json"),
        JSON.stringify({ action: event, number: 1, pull_request: pull }),
      );
    }
    writeFileSync(join(sandbox.folder, "summary.md"), "");
    return execute("node", [join(root, `dist/${action}.js`)], {
      cwd: sandbox.folder,
      env: {
        ...sandbox.environment,
        GITHUB_ACTIONS: "true",
        GITHUB_SERVER_URL: git.origin,
        GITHUB_API_URL: github.apiUrl,
        GITHUB_REPOSITORY: "acme/web",
        GITHUB_EVENT_NAME: "pull_request",
        GITHUB_EVENT_PATH: join(sandbox.folder, "event.json"),
        GITHUB_STEP_SUMMARY: join(sandbox.folder, "summary.md"),
        GITHUB_SHA: sha,
        GITHUB_REF: "refs/pull/1/merge",
        GITHUB_RUN_ID: "100",
        GITHUB_RUN_NUMBER: "1",
        GITHUB_RUN_ATTEMPT: "1",
        GITHUB_JOB: "up",
        GITHUB_WORKFLOW: "preview",
        INPUT_APP: "web",
        "INPUT_CONFIG-REPOSITORY": "acme/previews",
        INPUT_TOKEN: "token-of-previews-alone",
        "INPUT_HOST-TOKEN": own,
        ...more,
      },
    });
  };
  const there = () => repository.git.git("ls-tree", "-r", "--name-only", "main");
  const up = await job("preview-up", "opened");
  expect(up.exitCode, up.stderr + up.stdout).toBe(0);
  const text = repository.git.git("cat-file", "blob", "main:previews/web/pr-1/web.yaml");
  expect(text).toContain(`data: { line: release, sha: "${sha}" }`);
  expect(web.pulls[0]?.comments).toMatchObject([
    { author: { login: "github-actions[bot]" }, body: expect.stringContaining("web-pr-1.preview.example.com") },
  ]);

  // The comment has changed the pull request: the same event, run again, still changes nothing.
  const tip = repository.tip("main");
  const again = await job("preview-up");
  expect(again.exitCode, again.stderr + again.stdout).toBe(0);
  expect(repository.tip("main")).toBe(tip);
  expect(web.pulls[0]?.comments).toHaveLength(1);

  // By name no event tells where it goes: the forge does.
  web.git.push("release", { "deploy/preview/web.yaml": template("release-2") });
  const byName = { GITHUB_EVENT_NAME: "workflow_dispatch", INPUT_NUMBER: "1", INPUT_SHA: sha };
  const named = await job("preview-up", undefined, byName);
  expect(named.exitCode, named.stderr + named.stdout).toBe(0);
  expect(repository.git.git("cat-file", "blob", "main:previews/web/pr-1/web.yaml")).toContain("line: release-2,");

  await api("PATCH", "/pulls/1", { state: "closed" });
  const down = await job("preview-down", "closed");
  expect(down.exitCode, down.stderr + down.stdout).toBe(0);
  expect(there()).not.toMatch(/^previews\//m);
  expect(web.pulls[0]?.comments).toMatchObject([{ body: expect.stringContaining("taken down") }]);
  for (const { stdout, stderr } of [up, again, named, down]) {
    // A runner takes masks out of the log.
    expect(`${stdout}${stderr}`.replace(/^::add-mask::.*$/gm, "")).not.toContain("token-of-previews-alone");
  }
  expect(github.violations).toEqual([]);
}, 120_000);
