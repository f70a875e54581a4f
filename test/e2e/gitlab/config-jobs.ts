import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { GitlabServer, GitServer } from "@glu/testing/internal";
import { execute, type Finished } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";

/** A project on GitLab with its Git server, in whose jobs the built product runs. */
export class ConfigJobs implements AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly gitlab: GitlabServer;
  readonly #git: GitServer;
  #pipelines = 0;

  private constructor(sandbox: Sandbox, gitlab: GitlabServer, git: GitServer) {
    this.sandbox = sandbox;
    this.gitlab = gitlab;
    this.#git = git;
  }

  /** @param files those of the project's branch `main` */
  static async start(files: Record<string, string>): Promise<ConfigJobs> {
    const sandbox = new Sandbox();
    const gitlab = await GitlabServer.start();
    gitlab.repository.push("main", files);
    const path = join(sandbox.folder, "git", `${gitlab.project}.git`);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(gitlab.repository.path, path);
    return new ConfigJobs(sandbox, gitlab, await GitServer.start(join(sandbox.folder, "git")));
  }

  /** The address of the server, as jobs are told it. */
  get origin(): string {
    return this.#git.origin;
  }

  /** The address of the API on the server of the repositories, as GitLab has both. */
  apiBeside(): string {
    this.#git.behaviour.beside = { path: "/api/", origin: new URL(this.gitlab.apiUrl).origin };
    return `${this.origin}/api/v4`;
  }

  /** `glu …` in a job of a pipeline of its own, that somebody started by hand unless variables say otherwise. */
  run(args: readonly string[], variables: Record<string, string>): Promise<Finished> {
    const { gitlab, sandbox, origin } = this;
    const number = ++this.#pipelines;
    const env = {
      ...sandbox.environment,
      GITLAB_CI: "true",
      CI_SERVER_URL: origin,
      CI_API_V4_URL: gitlab.apiUrl,
      CI_PROJECT_ID: "3",
      CI_PROJECT_PATH: gitlab.project,
      CI_PROJECT_URL: `${origin}/${gitlab.project}`,
      CI_PIPELINE_SOURCE: "web",
      CI_PIPELINE_ID: String(100 + number),
      CI_PIPELINE_IID: String(number),
      CI_JOB_ID: String(500 + number),
      CI_JOB_NAME: "glu",
      CI_COMMIT_SHA: gitlab.repository.git("rev-parse", "main"),
      CI_COMMIT_BRANCH: "main",
      CI_DEFAULT_BRANCH: "main",
      CI_COMMIT_MESSAGE: "Version",
      CI_COMMIT_AUTHOR: "Ada <ada@acme.example>",
      CI_COMMIT_TIMESTAMP: `2026-11-${10 + (number % 20)}T07:00:00Z`,
      GITLAB_USER_LOGIN: "ada",
      ...variables,
    };
    const words = [join(root, "dist/glu.js"), ...args, "--output", "json"];
    return execute("node", words, { cwd: sandbox.folder, env });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#git[Symbol.asyncDispose]();
    await this.gitlab[Symbol.asyncDispose]();
    this.sandbox[Symbol.dispose]();
  }
}
