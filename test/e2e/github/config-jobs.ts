import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { type GithubRepository, GithubServer, GitServer } from "@glu/testing/internal";
import { execute } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";

const name = "acme/config";

/** A config repository on the strict GitHub, the built product in its jobs, and a server that says how releases are. */
export class ConfigJobs implements AsyncDisposable {
  /** What the server answers to a path such as `/web/production`: a status; 503 where nothing is said. */
  readonly health = new Map<string, number>();
  readonly github: GithubServer;
  readonly repository: GithubRepository;
  readonly git: GitServer;
  /** Of the jobs. */
  readonly token: string;
  /** Of a person. */
  readonly ada: string;
  readonly #sandbox: Sandbox;
  readonly #server: Server;
  #runs = 0;

  private constructor(
    server: Server,
    made: Pick<ConfigJobs, "github" | "repository" | "git" | "token" | "ada">,
    sandbox: Sandbox,
  ) {
    this.#sandbox = sandbox;
    this.#server = server;
    ({ github: this.github, repository: this.repository, git: this.git, token: this.token, ada: this.ada } = made);
    server.on("request", ({ url = "" }, response) => response.writeHead(this.health.get(url) ?? 503).end());
  }

  /** @param files of the config repository, made from where the server is that says how releases are */
  static async start(files: (origin: string) => Record<string, string>): Promise<ConfigJobs> {
    const [sandbox, server, github] = [new Sandbox(), createServer(), await GithubServer.start()];
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const repository = github.repository(name, files(`http://127.0.0.1:${port}`));
    const path = join(sandbox.folder, "git", `${name}.git`);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(repository.git.path, path);
    const git = await GitServer.start(join(sandbox.folder, "git"));
    const [token, ada] = [github.token("github-actions[bot]"), github.token("ada")];
    return new ConfigJobs(server, { github, repository, git, token, ada }, sandbox);
  }

  /** A job of an event, which people start where nothing else is said; `answer` is its JSON. */
  async job(args: readonly string[], event: { name: string; payload?: object } = { name: "workflow_dispatch" }) {
    const payload = join(this.#sandbox.folder, "event.json");
    const about = { sender: { login: "ada" }, repository: { full_name: name, default_branch: "main" } };
    writeFileSync(payload, JSON.stringify({ ...about, ...event.payload }));
    const env = {
      ...this.#sandbox.environment,
      GITHUB_ACTIONS: "true",
      GITHUB_SERVER_URL: this.git.origin,
      GITHUB_API_URL: this.github.apiUrl,
      GITHUB_REPOSITORY: name,
      GITHUB_EVENT_NAME: event.name,
      GITHUB_EVENT_PATH: payload,
      GITHUB_SHA: this.repository.tip("main") ?? "",
      GITHUB_REF: "refs/heads/main",
      GITHUB_RUN_ID: String(100 + ++this.#runs),
      GITHUB_RUN_NUMBER: String(this.#runs),
      GITHUB_RUN_ATTEMPT: "1",
      GITHUB_JOB: "glu",
      GITHUB_WORKFLOW: "glu",
      GITHUB_STEP_SUMMARY: join(this.#sandbox.folder, "summary.md"),
      GLU_TOKEN: this.token,
    };
    writeFileSync(env.GITHUB_STEP_SUMMARY, "");
    const done = await execute("node", [join(root, "dist/glu.js"), ...args, "--output", "json"], {
      cwd: this.#sandbox.folder,
      env,
    });
    return { ...done, answer: JSON.parse(done.stdout || "{}") };
  }

  /** What a schedule does. */
  reconcile() {
    return this.job(["reconcile"], { name: "schedule" });
  }

  /** Records an artifact, of a commit of its own. */
  async build(app: string, version: string): Promise<string> {
    this.repository.git.push("main", { [`src/${app}`]: `${version}\n` });
    const image = `web=registry.test/acme/${app}:${version}@sha256:${version.replaceAll(/\D/g, "").padStart(64, "0")}`;
    const push = { name: "push", payload: { after: this.repository.tip("main") } };
    const { answer } = await this.job(["artifact", "create", "--app", app, "--image", image], push);
    return answer.id;
  }

  /** Merges a pull request as ada; the answer's status. */
  async merge(number: number, how: object = {}): Promise<number> {
    const response = await fetch(`${this.github.apiUrl}/repos/${name}/pulls/${number}/merge`, {
      method: "PUT",
      headers: { authorization: `Bearer ${this.ada}`, "x-github-api-version": "2022-11-28", "user-agent": "ada" },
      body: JSON.stringify(how),
    });
    return response.status;
  }

  /** A file of the config branch that holds JSON; undefined where there is none. */
  json(path: string) {
    const listed = this.repository.git.git("ls-tree", "--name-only", "main", path);
    return listed === "" ? undefined : JSON.parse(this.repository.git.git("show", `main:${path}`));
  }

  /** The subjects of the config branch, oldest first. */
  subjects(): string[] {
    return this.repository.git.git("log", "--reverse", "--format=%s", "main").split("\n");
  }

  pull(app = "web", environment = "production") {
    return this.repository.pulls.findLast((one) => one.head === `glu/${environment}/${app}`);
  }

  status(app = "web", environment = "production") {
    const head = this.repository.tip(`glu/${environment}/${app}`);
    return this.repository.statuses.findLast((one) => one.sha === head && one.context === `glu/${environment}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    await this.git[Symbol.asyncDispose]();
    await this.github[Symbol.asyncDispose]();
    this.#sandbox[Symbol.dispose]();
  }
}
