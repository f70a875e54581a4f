import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { GithubServer, GitServer } from "@glu/testing/internal";
import { expect, it } from "vitest";
import { execute } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";

// The built product brings previews up and down by what GitHub says of their pull requests.
const config = `version: 1
environments: { staging: {} }
previews:
  host: "{{ preview.name }}.preview.example.com"
  links: { Logs: "https://logs.example.com/?namespace={{ preview.namespace }}" }
defaults:
  repository: acme/web
  preview: { template: preview }
  write: [{ yaml: "{{ app }}.yaml", set: { image.tag: "{{ images.web.tag }}" } }]
apps: { web: {}, docs: {} }
`;
const template = 'kind: ConfigMap\napiVersion: v1\nmetadata: { name: web }\ndata: { sha: "{{ pull.sha }}" }\n';

async function start() {
  const sandbox = new Sandbox();
  const github = await GithubServer.start();
  const token = github.token("glu-acme[bot]");
  const files = { "glu.yaml": config, "preview/web.yaml": template, "web.yaml": "image: { tag: '1' }\n" };
  const repository = github.repository("acme/config", files);
  const web = github.repository("acme/web", { "README.md": "Web\n" });
  const path = join(sandbox.folder, "git", "acme/config.git");
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(repository.git.path, path);
  const git = await GitServer.start(join(sandbox.folder, "git"));
  const as = async <T>(method: string, at: string, body: unknown): Promise<T> => {
    const response = await fetch(`${github.apiUrl}/repos/acme/web${at}`, {
      method,
      headers: {
        authorization: `Bearer ${github.token("ada")}`,
        "user-agent": "test",
        "x-github-api-version": "2022-11-28",
      },
      body: JSON.stringify(body),
    });
    expect(response.status).toBeLessThan(300);
    return (await response.json()) as T;
  };
  let count = 0;
  return {
    github,
    open: async () => {
      const head = `change-${++count}`;
      web.git.git("update-ref", `refs/heads/${head}`, "refs/heads/main");
      const sha = web.git.push(head, { [head]: "x\n" });
      const { number } = await as<{ number: number }>("POST", "/pulls", { head, base: "main", title: "A change" });
      return { number: String(number), sha, push: () => web.git.push(head, { [head]: "y\n" }) };
    },
    /** What stands on a pull request. */
    comments: (number: string): string[] =>
      web.pulls.find((pull) => pull.number === Number(number))?.comments.map(({ body }) => body) ?? [],
    set: (number: string, state: "open" | "closed") => as("PATCH", `/pulls/${number}`, { state }),
    up: (): string[] =>
      repository.git
        .git("ls-tree", "-r", "--name-only", "main")
        .split("\n")
        .filter((name) => /^previews\//.test(name)),
    async preview(...args: readonly string[]) {
      const ended = await execute("node", [join(root, "dist/glu.js"), "preview", ...args, "--output", "json"], {
        cwd: sandbox.folder,
        env: {
          ...sandbox.environment,
          GITHUB_ACTIONS: "true",
          GITHUB_SERVER_URL: git.origin,
          GITHUB_API_URL: github.apiUrl,
          GITHUB_REPOSITORY: "acme/config",
          GITHUB_EVENT_NAME: "schedule",
          GITHUB_SHA: repository.tip("main") ?? "",
          GITHUB_REF: "refs/heads/main",
          GITHUB_RUN_ID: "100",
          GITHUB_RUN_NUMBER: "1",
          GITHUB_RUN_ATTEMPT: "1",
          GITHUB_JOB: "glu",
          GITHUB_WORKFLOW: "glu",
          GLU_TOKEN: token,
        },
      });
      return { ...ended, answer: JSON.parse(ended.stdout || "{}") as Record<string, unknown> };
    },
    async [Symbol.asyncDispose]() {
      expect(github.violations).toEqual([]);
      await git[Symbol.asyncDispose]();
      await github[Symbol.asyncDispose]();
      sandbox[Symbol.dispose]();
    },
  };
}

it("what is open and at that commit comes up; a commit that is overtaken, or of one that is closed or not there, does not", async () => {
  await using at = await start();
  const { number, sha, push } = await at.open();
  const created = await at.preview("up", "web", number, "--sha", sha);
  expect(created.exitCode, created.stderr).toBe(0);
  expect(at.up()).toContain("previews/web/pr-1/web.yaml");
  const newer = push();
  const late = await at.preview("up", "web", number, "--sha", sha);
  expect([late.exitCode, `${late.stdout}${late.stderr}`]).toEqual([3, expect.stringContaining(newer.slice(0, 7))]);
  await at.set(number, "closed");
  expect((await at.preview("up", "web", number, "--sha", newer)).exitCode).toBe(3);
  const absent = await at.preview("up", "web", "4711", "--sha", sha);
  expect([absent.exitCode, `${absent.stdout}${absent.stderr}`]).toEqual([3, expect.stringContaining("#4711")]);
});

it("a sweep takes down what is closed, and nothing where it cannot see", async () => {
  await using at = await start();
  const [gone, stays] = [await at.open(), await at.open()];
  for (const { number, sha } of [gone, stays]) {
    const created = await at.preview("up", "web", number, "--sha", sha);
    expect(created.exitCode, created.stderr).toBe(0);
  }
  await at.set(gone.number, "closed");
  for (const [status, code] of [
    [403, "pull/forbidden"],
    [404, "pull/not-found"],
  ] as const) {
    at.github.fault = ({ name }) =>
      name.includes("/acme/web/pulls") ? { answer: { status, text: JSON.stringify({ message: "No" }) } } : undefined;
    const blind = await at.preview("sweep");
    expect(blind.exitCode, blind.stderr).toBe(2);
    const fix = expect.stringContaining("permissions: { pull-requests: read }");
    expect(blind.answer).toMatchObject({ result: "error", code, fix });
    expect(at.up()).toHaveLength(4);
  }
  at.github.fault = () => undefined;
  const swept = await at.preview("sweep");
  expect(swept.exitCode, swept.stderr).toBe(0);
  expect(swept.answer).toMatchObject({ result: "swept", kept: 1, swept: [{ number: Number(gone.number) }] });
  expect(at.up().every((path) => path.startsWith(`previews/web/pr-${stays.number}/`))).toBe(true);
  expect(at.comments(gone.number)).toEqual([expect.stringContaining("taken down")]);
});

it("one comment on the pull request says where its previews are, of all apps of its repository, and when they are gone", async () => {
  await using at = await start();
  const { number, sha } = await at.open();
  for (const app of ["web", "docs"]) {
    expect((await at.preview("up", app, number, "--sha", sha)).answer).toMatchObject({
      state: "created",
      degraded: null,
    });
  }
  const [comment, ...others] = at.comments(number);
  expect(others).toEqual([]);
  for (const app of ["web", "docs"]) {
    expect(comment).toContain(`https://${app}-pr-${number}.preview.example.com`);
    expect(comment).toContain(`https://logs.example.com/?namespace=${app}-pr-${number}`);
  }
  expect(comment).toContain(sha.slice(0, 7));
  await at.set(number, "closed");
  expect((await at.preview("down", "docs", number)).answer).toMatchObject({ state: "removed", degraded: null });
  const [after, ...more] = at.comments(number);
  expect(more).toEqual([]);
  expect(after).toContain(`web-pr-${number}.preview`);
  expect(after).not.toContain(`docs-pr-${number}.preview`);
  expect(after).toContain("taken down");
});

it("a comment that may not be written is told, and the preview stands", async () => {
  await using at = await start();
  const { number, sha } = await at.open();
  at.github.fault = ({ name }) =>
    name.includes("/comments") ? { answer: { status: 403, text: JSON.stringify({ message: "No" }) } } : undefined;
  const { exitCode, stderr, answer } = await at.preview("up", "web", number, "--sha", sha);
  expect(exitCode, stderr).toBe(0);
  expect(answer).toMatchObject({ state: "created", degraded: expect.stringContaining("pull-requests: write") });
  expect(stderr).toContain(`The comment on #${number} could not be written`);
  expect(at.up()).toContain(`previews/web/pr-${number}/web.yaml`);
});
