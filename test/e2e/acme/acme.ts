import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { GitServer, type GitServerBehaviour } from "@glu/testing/internal";
import { makeWorkingTree } from "../delivery.ts";
import { git } from "../process.ts";
import type { Sandbox } from "../sandbox.ts";
import { appFiles, configFiles } from "./files.ts";

export type RepositoryName = "frontend" | "deployments";

/** The organisation of the examples: an app's repository and a config repository on a Git server of their own. */
export class Acme implements AsyncDisposable {
  readonly server: GitServer;
  /** The folder of the bare repositories. */
  readonly served: string;
  /** Working trees of both. */
  readonly app: string;
  readonly config: string;
  readonly #env: Record<string, string>;

  private constructor(server: GitServer, served: string, trees: { app: string; config: string }, sandbox: Sandbox) {
    this.server = server;
    this.served = served;
    this.app = trees.app;
    this.config = trees.config;
    this.#env = sandbox.environment;
  }

  static async start(
    sandbox: Sandbox,
    { behaviour = {} }: { behaviour?: Partial<GitServerBehaviour> } = {},
  ): Promise<Acme> {
    const served = sandbox.makeFolder("served");
    sandbox.makeFolder("served", "acme");
    const app = await makeWorkingTree(sandbox, "frontend", appFiles());
    const config = await makeWorkingTree(sandbox, "deployments", configFiles());
    const acme = new Acme(await GitServer.start(served, behaviour), served, { app, config }, sandbox);
    await acme.#serve("frontend", app);
    await acme.#serve("deployments", config);
    return acme;
  }

  async #serve(name: RepositoryName, tree: string): Promise<void> {
    const bare = this.#bare(name);
    await git({ cwd: tree, env: this.#env }, "clone", "-q", "--bare", tree, bare);
    await this.git(name, "config", "http.receivepack", "true");
    await this.git(name, "config", "uploadpack.allowFilter", "true");
  }

  #bare(name: RepositoryName): string {
    return join(this.served, "acme", `${name}.git`);
  }

  /** Says where both working trees were cloned from: runners take server and names from it. */
  async cloneFrom(server: string): Promise<void> {
    for (const [tree, name] of [
      [this.app, "frontend"],
      [this.config, "deployments"],
    ] as const) {
      const running = { cwd: tree, env: this.#env };
      await git(running, "config", "remote.origin.url", `${server}/acme/${name}.git`);
    }
  }

  /** Puts files into a repository by one more commit on main. */
  async change(name: RepositoryName, files: Record<string, string>): Promise<void> {
    const cwd = name === "frontend" ? this.app : this.config;
    for (const [path, content] of Object.entries(files)) writeFileSync(join(cwd, path), content);
    const running = { cwd, env: this.#env };
    await git(running, "add", "-A");
    await git(running, "commit", "-q", "-m", "Change");
    await git(running, "push", "-q", this.#bare(name), "main");
  }

  /** Git in the bare repository. */
  git(name: RepositoryName, ...args: string[]): Promise<string> {
    return git({ cwd: this.#bare(name), env: this.#env }, ...args);
  }

  /** What the config branch holds: the content of the file, without the last line's end. */
  file(path: string): Promise<string> {
    return this.git("deployments", "show", `main:${path}`);
  }

  async releaseOf(environment: string): Promise<Release> {
    return JSON.parse(await this.file(`.glu/frontend/${environment}.json`)).current;
  }

  /** Puts the config branch back to its first commit, as if nothing had been promoted. Artifacts stay. */
  async forgetReleases(): Promise<void> {
    const first = await this.git("deployments", "rev-list", "--max-parents=0", "main");
    await this.git("deployments", "update-ref", "refs/heads/main", first);
  }

  async forgetArtifacts(): Promise<void> {
    await this.git("frontend", "update-ref", "-d", "refs/glu/artifacts/frontend");
  }

  tip(): Promise<string> {
    return this.git("deployments", "rev-parse", "main");
  }

  /** Ids of the artifacts of the app, oldest first. */
  async artifacts(): Promise<string[]> {
    const listed = await this.git("frontend", "ls-tree", "--name-only", "refs/glu/artifacts/frontend");
    return listed.split("\n").sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
  }
}

/** The part of a release in a record that tests look at. */
export interface Release {
  request: string;
  actor: { name: string; verified: boolean };
  reason?: string;
  artifact: { id: string };
}
