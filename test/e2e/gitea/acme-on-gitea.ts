import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GiteaServer, type GiteaUser, plainGitEnvironment } from "@glu/testing/internal";
import { makeMirrors } from "../delivery.ts";
import type { Sandbox } from "../sandbox.ts";

interface Run {
  id: number;
  path: string;
  event: string;
  head_sha: string;
  status: string;
  conclusion: string;
}

/** A pull request, as Gitea tells it. */
export interface Pull {
  number: number;
  title: string;
  body: string;
  merged: boolean;
  user: { login: string };
  head: { ref: string; label: string; sha: string };
  labels: { name: string }[];
}

/** Which runs of a workflow. Two pushes in a row may start two for the later commit: Gitea looks at the branch's tip. */
export interface WhichRuns {
  event?: string;
  /** The commit they run on. */
  sha?: string;
}

/** The people and repositories of acme on a real Gitea, with the actions as a release publishes them. */
export class AcmeOnGitea implements AsyncDisposable {
  readonly server: GiteaServer;
  readonly acme: GiteaUser;
  /** Who publishes the actions. */
  readonly glu: GiteaUser;

  private constructor(server: GiteaServer, { acme, glu }: { acme: GiteaUser; glu: GiteaUser }) {
    this.server = server;
    this.acme = acme;
    this.glu = glu;
  }

  /** @param actions those that are published */
  static async start(
    sandbox: Sandbox,
    actions: readonly string[] = ["build-artifact", "promote", "rollback", "drift"],
  ): Promise<AcmeOnGitea> {
    const server = await GiteaServer.start();
    try {
      const [acme, glu] = [await server.user("acme"), await server.user("glu")];
      const started = new AcmeOnGitea(server, { acme, glu });
      const mirrors = await makeMirrors(sandbox);
      for (const action of actions) {
        await started.publish(glu, action, join(mirrors, action));
      }
      return started;
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Pushes the commit of a working tree as the tag v1 of an action. */
  async publish(owner: GiteaUser, name: string, folder: string): Promise<void> {
    const url = await this.server.repository(owner, name, { "README.md": `${name}\n` });
    const to = url.replace("://", `://${owner.name}:${owner.token}@`);
    execFileSync("git", ["-C", folder, "push", "--quiet", to, "HEAD:refs/tags/v1"], {
      env: { ...plainGitEnvironment, GIT_TERMINAL_PROMPT: "0" },
    });
  }

  /** One call of the API, as acme, below one of its repositories. */
  api<T = unknown>(method: string, repository: string, path: string, body?: unknown): Promise<T> {
    return this.server.api<T>(this.acme, method, `/repos/acme/${repository}${path}`, body);
  }

  /** Waits for a run of a workflow, which has to succeed; the first is number 1. @returns the logs of its jobs */
  async runOf(repository: string, workflow: string, which: WhichRuns = {}, number = 1): Promise<string> {
    for (let tries = 0; tries < 600; tries++) {
      const run = (await this.runs(repository, workflow, which))[number - 1];
      if (run?.status === "completed") {
        const log = await this.#logOf(repository, run.id);
        if (run.conclusion !== "success") throw new Error(`The run failed.\n${log}`);
        return log;
      }
      await sleep(200);
    }
    throw new Error(`The run did not end. ${this.server.log("runner").slice(-3000)}`);
  }

  /** The runs of a workflow, the oldest first. */
  async runs(repository: string, workflow: string, { event, sha }: WhichRuns = {}): Promise<Run[]> {
    const { workflow_runs: runs } = await this.api<{ workflow_runs: Run[] }>(
      "GET",
      repository,
      "/actions/runs?limit=50",
    );
    return runs
      .filter((run) => run.path.startsWith(`${workflow}@`))
      .filter((run) => (event ?? run.event) === run.event && (sha ?? run.head_sha) === run.head_sha)
      .sort((one, other) => one.id - other.id);
  }

  async #logOf(repository: string, run: number): Promise<string> {
    const { jobs } = await this.api<{ jobs: { id: number; name: string }[] }>(
      "GET",
      repository,
      `/actions/runs/${run}/jobs`,
    );
    const logs = jobs.map(async ({ id, name }) => {
      const at = `${this.server.apiUrl}/repos/acme/${repository}/actions/jobs/${id}/logs`;
      const response = await fetch(at, { headers: { authorization: `token ${this.acme.token}` } });
      return `${name}:\n${await response.text()}`;
    });
    return (await Promise.all(logs)).join("\n");
  }

  /** Starts the workflow of the config repository by hand, and waits for it. @returns its log */
  async dispatch(workflow: string, inputs: Record<string, string>): Promise<string> {
    const which = { event: "workflow_dispatch" };
    const started = (await this.runs("deployments", workflow, which)).length;
    await this.api("POST", "deployments", `/actions/workflows/${workflow}/dispatches`, { ref: "main", inputs });
    return this.runOf("deployments", workflow, which, started + 1);
  }

  /** The commit at the tip of a branch. */
  async tipOf(repository: string, branch = "main"): Promise<string> {
    const path = `/branches/${encodeURIComponent(branch)}`;
    return (await this.api<{ commit: { id: string } }>("GET", repository, path)).commit.id;
  }

  /** A file of the config repository. */
  async fileAt(ref: string, path: string): Promise<string> {
    const { content } = await this.api<{ content: string }>(
      "GET",
      "deployments",
      `/contents/${path}?ref=${encodeURIComponent(ref)}`,
    );
    return Buffer.from(content, "base64").toString("utf8");
  }

  /** Commits new files to a branch, as acme. */
  async add(repository: string, files: Readonly<Record<string, string>>, branch = "main"): Promise<void> {
    const changes = Object.entries(files).map(([path, text]) => ({
      operation: "create",
      path,
      content: Buffer.from(text).toString("base64"),
    }));
    await this.api("POST", repository, "/contents", { branch, message: "Add files", files: changes });
  }

  /** The pull requests of the config repository. */
  pulls(state: "open" | "closed" = "open"): Promise<Pull[]> {
    return this.api<Pull[]>("GET", "deployments", `/pulls?state=${state}`);
  }

  /** The branches of the config repository. */
  async branches(): Promise<string[]> {
    return (await this.api<{ name: string }[]>("GET", "deployments", "/branches")).map(({ name }) => name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
  }
}
