import { readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GitServer } from "@glu/testing/internal";
import { expect } from "vitest";
import { artifactOf, ConfigWorld, writeArtifact } from "../product/config-world.ts";
import { type Ended, Machine, type RunOptions } from "../product/glu-process.ts";
import { type Moment, WrappedGit } from "./wrapped-git.ts";

/** As a GitHub job or at a terminal, both by the git binary on a path; or at a terminal by the wire over HTTP. */
export type As = "github" | "terminal" | "wire";

/** One job that promotes into both apps' staging, as it is started again after a crash: same run, next attempt. */
class Job implements AsyncDisposable {
  readonly world = new ConfigWorld({ apps: ["web", "api"] });
  readonly machine = new Machine();
  readonly git = new WrappedGit(this.machine);
  #attempt = 0;
  /** As it is given: the id of a request is made of the inputs as they are written. */
  #location = "./config.git";

  #server: GitServer | undefined;

  /** Over HTTP, by the wire, instead of by a path. At a terminal only: the port is another one for each job. */
  async serve(): Promise<void> {
    this.#server = await GitServer.start(this.world.root);
    this.#location = this.#server.url(this.world.name);
  }

  constructor() {
    // The same names in every run: the id of a request is made of the inputs as they are written.
    symlinkSync(this.world.path, join(this.machine.root, "config.git"));
    writeArtifact(this.machine, artifactOf("web", 7), "artifact.json");
  }

  /** As a GitHub job, whose request id comes from the run, or at a terminal with a request id of its own. */
  run(as: As, options: RunOptions = {}): Promise<Ended> {
    if (as !== "github") {
      const named = [
        "--app",
        "web",
        "--environment",
        "staging",
        "--artifact",
        "./artifact.json",
        "--request-id",
        "job-1",
      ];
      return this.machine.glu(["promote", ...named, "--config-repository", this.#location, "-o", "json"], options);
    }
    const env = {
      GITHUB_RUN_ID: "4711",
      GITHUB_RUN_ATTEMPT: String(++this.#attempt),
      GITHUB_WORKSPACE: this.machine.root,
      ...options.env,
    };
    return this.machine.action(
      "promote",
      { app: "web", environment: "staging", artifact: "./artifact.json", "config-repository": this.#location },
      { ...options, env },
    );
  }

  /** Folders that killed runs left in the place for temporary files. */
  leftovers(): number {
    const found = readdirSync(this.machine.root, { recursive: true }) as string[];
    return found.filter((path) => /(?:^|\/)glu-[^/]+$/.test(path)).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]();
    this.machine[Symbol.dispose]();
    this.world[Symbol.dispose]();
  }
}

export interface Undisturbed {
  tree: Record<string, string>;
  calls: string[];
  took: number;
}

/** What the job leaves when nobody disturbs it, and the calls of git it makes. */
export async function runUndisturbed(as: As): Promise<Undisturbed> {
  await using job = new Job();
  if (as === "wire") await job.serve();
  const ended = await job.run(as, { env: job.git.env() });
  expect(ended.code, ended.stdout + ended.stderr).toBe(0);
  const calls = job.git.calls();
  expect(job.leftovers()).toBe(0);
  return { tree: job.world.timelessTree(), calls, took: ended.took };
}

export interface Crash {
  as: As;
  /** At a call of git, or after so many milliseconds. */
  at: { call: number; moment: Moment } | { milliseconds: number };
}

/**
 * Kills the job as told, runs it again, and checks that the end is that of an undisturbed run: the same tree, one
 * release, one commit, and nothing between. Gives whether the killed run had released, the folders it left, and how it
 * ended: with a code when it outlived its time.
 */
export async function crashAndRunAgain({ as, at }: Crash, undisturbed: Undisturbed) {
  await using job = new Job();
  if (as === "wire") await job.serve();
  const before = job.world.git("rev-parse", "main");
  const killed =
    "call" in at
      ? await job.run(as, { env: job.git.env(at.call, at.moment) })
      : await job.run(as, { killAfter: at.milliseconds });
  if ("call" in at) expect(killed.code, "it was killed").toBeNull();
  // Either the state before or the whole state after. Looked at once: a push may outlive the killed run.
  const released = job.world.git("rev-parse", "main") !== before;
  if (released) expect(job.world.timelessTree()).toEqual(undisturbed.tree);

  const again = await job.run(as);
  // An orphan may push after the run that replaced it.
  if ("call" in at && at.moment === "orphan") await sleep(600);
  const what = `${JSON.stringify(at)}: ${again.stdout}${again.stderr}`;
  expect(again.code, what).toBe(0);
  expect(job.world.timelessTree(), what).toEqual(undisturbed.tree);
  const commits = job.world.commits();
  expect(commits.length, what).toBe(1);
  expect(commits[0]?.message.match(/^Glu-Request: /gm)).toHaveLength(1);
  expect(job.world.record("web", "staging")?.history).toEqual([]);
  expect(job.world.git("for-each-ref", "--format=%(refname)")).toBe("refs/heads/main");
  // The answer names the one commit, whoever made it.
  expect(again.stdout + ("outputs" in again ? String(again.outputs) : "")).toContain(commits[0]?.id);
  expect(job.world.git("fsck", "--strict", "--no-dangling")).not.toMatch(/error|missing|broken/i);

  const third = await job.run(as);
  expect(third.code, third.stdout + third.stderr).toBe(0);
  expect(job.world.commits()).toHaveLength(1);
  return { released, leftovers: job.leftovers(), code: killed.code, took: killed.took };
}
