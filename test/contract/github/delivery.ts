import { execFileSync } from "node:child_process";
import type { BareFixture } from "@glu/testing/internal";
import { configFiles } from "../delivery.ts";
import { Forge } from "../forge.ts";
import { Machine } from "../machine.ts";
import { type GithubEvent, push } from "./events.ts";
import { type GithubJob, githubJob } from "./job.ts";

/** An app's repository, checked out on a machine, and the config repository, on one forge. */
export class Delivery implements AsyncDisposable {
  readonly forge: Forge;
  readonly machine: Machine;
  readonly web: BareFixture;
  readonly config: BareFixture;

  private constructor(forge: Forge, machine: Machine, files: Record<string, string>) {
    this.forge = forge;
    this.machine = machine;
    this.web = forge.add("acme/web", { seed: { "README.md": "web\n" } });
    this.config = forge.add("acme/config", { seed: files });
    machine.checkOut(this.web, `${forge.origin}/acme/web.git`);
  }

  static async start(options: { files?: Record<string, string>; node?: string } = {}): Promise<Delivery> {
    return new Delivery(await Forge.start(), new Machine(options.node), { ...configFiles, ...options.files });
  }

  /** A job in the app's repository, on its newest commit; a push unless another event is given. */
  appJob(more: Partial<GithubJob> = {}, event: GithubEvent = push(this.web.git("rev-parse", "main"))): GithubJob {
    return githubJob(this.machine, this.forge, event, more);
  }

  /** A job in the config repository. */
  configJob(event: GithubEvent, more: Partial<GithubJob> = {}): GithubJob {
    return githubJob(this.machine, this.forge, event, { repository: "acme/config", ...more });
  }

  /** Tip of the config branch. */
  get tip(): string {
    return this.config.git("rev-parse", "main");
  }

  /** A file at the tip, byte for byte. */
  file(path: string): string {
    const run = { cwd: this.config.path, env: this.machine.environment, encoding: "utf8" } as const;
    return execFileSync("git", ["cat-file", "blob", `main:${path}`], run);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.machine[Symbol.dispose]();
    await this.forge[Symbol.asyncDispose]();
  }
}
