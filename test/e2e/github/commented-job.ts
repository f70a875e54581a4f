import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type GithubRepository, GithubServer, GitServer } from "@glu/testing/internal";
import { expect } from "vitest";
import { execute } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";

const config = `version: 1
environments: { staging: {} }
previews: { host: "{{ preview.name }}.preview.example.com" }
defaults:
  repository: acme/web
  preview: { template: preview }
  write: [{ yaml: "{{ app }}.yaml", set: { image.tag: "{{ images.web.tag }}" } }]
apps: { web: {}, docs: {}, other: { repository: acme/other } }
`;
const template = 'kind: ConfigMap\napiVersion: v1\nmetadata: { name: web }\ndata: { sha: "{{ pull.sha }}" }\n';

type Json = Record<string, unknown>;

/** Repositories on the strict GitHub, and the built actions in jobs that comments on pull requests start. */
export class CommentedJobs implements AsyncDisposable {
  readonly github: GithubServer;
  readonly previews: GithubRepository;
  readonly web: GithubRepository;
  readonly sandbox: Sandbox;
  readonly #git: GitServer;
  readonly #tokens = new Map<string, string>();
  #count = 0;
  #event: Json = {};

  private constructor(sandbox: Sandbox, github: GithubServer, git: GitServer, all: readonly GithubRepository[]) {
    [this.sandbox, this.github, this.#git] = [sandbox, github, git];
    [this.previews, this.web] = all as [GithubRepository, GithubRepository];
  }

  static async start(): Promise<CommentedJobs> {
    const sandbox = new Sandbox();
    const github = await GithubServer.start();
    const files = { "glu.yaml": config, "preview/web.yaml": template, "web.yaml": "image: { tag: '1' }\n" };
    const all = [github.repository("acme/previews", files), github.repository("acme/web", { "README.md": "Web\n" })];
    for (const { fullName, git } of all) {
      const path = join(sandbox.folder, "git", `${fullName}.git`);
      mkdirSync(dirname(path), { recursive: true });
      symlinkSync(git.path, path);
    }
    const git = await GitServer.start(join(sandbox.folder, "git"));
    const jobs = new CommentedJobs(sandbox, github, git, all);
    jobs.web.permissions.set("ada", "write").set("bob", "read");
    return jobs;
  }

  async api(login: string, method: string, at: string, body?: Json): Promise<Json> {
    const token = this.#tokens.get(login) ?? this.github.token(login);
    this.#tokens.set(login, token);
    const headers = { authorization: `Bearer ${token}`, "user-agent": "test", "x-github-api-version": "2022-11-28" };
    const response = await fetch(`${this.github.apiUrl}/repos/acme/web${at}`, {
      ...{ method, headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(response.status).toBeLessThan(300);
    return (await response.json()) as Json;
  }

  /** A pull request with one commit, which was pushed an hour ago. @param fork its owner, of one that comes from a fork */
  async open(fork?: string): Promise<{ number: number; head: string; push(): string }> {
    const branch = `change-${++this.#count}`;
    const { git } = this.web;
    git.git("update-ref", `refs/heads/${branch}`, "refs/heads/main");
    const head = git.push(branch, { [branch]: "x\n" });
    if (fork !== undefined) {
      git.git("update-ref", `refs/forks/${fork}/${branch}`, head);
      git.git("update-ref", "-d", `refs/heads/${branch}`);
    }
    const of = fork === undefined ? branch : `${fork}:${branch}`;
    const opened = await this.api(fork ?? "grace", "POST", "/pulls", { head: of, base: "main", title: "A change" });
    for (const push of this.web.pushes) push.at = "2026-01-01T00:00:00Z";
    const ref = fork === undefined ? `refs/heads/${branch}` : `refs/forks/${fork}/${branch}`;
    const push = () => {
      git.git("update-ref", "refs/heads/next", head);
      const next = git.push("next", { [branch]: "y\n" });
      git.git("update-ref", ref, next);
      git.git("update-ref", "-d", "refs/heads/next");
      return next;
    };
    return { number: Number(opened.number), head, push };
  }

  /** Somebody comments: what GitHub tells of it is the event of the jobs that follow. */
  async comment(login: string, number: number, body: string, more: Json = {}): Promise<number> {
    const comment = await this.api(login, "POST", `/issues/${number}/comments`, { body });
    const { updated_at } = await this.api(login, "GET", `/pulls/${number}`);
    const pull_request = { url: `https://api.github.com/repos/acme/web/pulls/${number}` };
    const issue = { number, updated_at, state: "open", pull_request };
    this.#event = { ...{ action: "created", sender: { login }, issue, comment }, ...more };
    return Number(comment.id);
  }

  /** The event of the last comment. */
  get event(): Json {
    return this.#event;
  }

  /** The address of the Git server, as jobs are told it. */
  get origin(): string {
    return this.#git.origin;
  }

  /** A job of the last comment. */
  async job(action: "preview-up" | "preview-down", inputs: Record<string, string> = {}) {
    const at = (name: string) => join(this.sandbox.folder, name);
    writeFileSync(at("event.json"), JSON.stringify(this.#event));
    for (const name of ["summary.md", "output"]) writeFileSync(at(name), "");
    const given = Object.entries({ APP: "web", ...inputs }).map(([key, value]) => [`INPUT_${key}`, value]);
    const ended = await execute("node", [join(root, `dist/${action}.js`)], {
      cwd: this.sandbox.folder,
      env: {
        ...this.sandbox.environment,
        GITHUB_ACTIONS: "true",
        GITHUB_SERVER_URL: this.#git.origin,
        GITHUB_API_URL: this.github.apiUrl,
        GITHUB_REPOSITORY: "acme/web",
        GITHUB_EVENT_NAME: "issue_comment",
        GITHUB_EVENT_PATH: at("event.json"),
        GITHUB_OUTPUT: at("output"),
        GITHUB_STEP_SUMMARY: at("summary.md"),
        GITHUB_SHA: this.web.tip("main") ?? "",
        GITHUB_REF: "refs/heads/main",
        GITHUB_RUN_ID: "100",
        GITHUB_RUN_NUMBER: "1",
        GITHUB_RUN_ATTEMPT: "1",
        GITHUB_JOB: "preview",
        GITHUB_WORKFLOW: "preview",
        "INPUT_CONFIG-REPOSITORY": "acme/previews",
        INPUT_TOKEN: "token-of-previews-alone",
        "INPUT_HOST-TOKEN": this.github.token("github-actions[bot]"),
        ...Object.fromEntries(given),
      },
    });
    // A runner takes masks out of the log.
    const log = `${ended.stdout}${ended.stderr}`.replace(/^::add-mask::.*$/gm, "");
    expect(log).not.toContain("token-of-previews-alone");
    const outputs = readFileSync(at("output"), "utf8");
    const output = (name: string) => new RegExp(`^${name}(?:=|<<\\S+\\n)(.*)$`, "m").exec(outputs)?.[1];
    const summary = readFileSync(at("summary.md"), "utf8");
    return { exitCode: ended.exitCode, log, result: output("result"), reason: output("reason"), summary };
  }

  /** The commit that runs in a preview. */
  running(number: number, app = "web"): string | undefined {
    const path = `previews/${app}/pr-${number}/web.yaml`;
    const isThere = this.previews.git.git("ls-tree", "--name-only", "main", "--", path) !== "";
    return isThere ? /sha: "(\w+)"/.exec(this.previews.git.git("cat-file", "blob", `main:${path}`))?.[1] : undefined;
  }

  /** Of a comment. */
  reactions(comment: number): string[] {
    return this.web.reactions.filter((one) => one.comment === comment).map(({ content }) => content);
  }

  /** What the job's own token has said on a pull request. */
  said(number: number): string[] {
    const comments = this.web.pull(number)?.comments ?? [];
    return comments.filter(({ author }) => author.type === "Bot").map(({ body }) => body);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    expect(this.github.violations).toEqual([]);
    await this.#git[Symbol.asyncDispose]();
    await this.github[Symbol.asyncDispose]();
    this.sandbox[Symbol.dispose]();
  }
}
