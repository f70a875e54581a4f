import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BareFixture } from "@glu/testing/internal";
import { execute, type Finished } from "../e2e/process.ts";
import { root } from "../e2e/sandbox.ts";

/** A machine on which jobs run: a home without any Git configuration, a working copy, a folder for temporary files. */
export class Machine implements Disposable {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), "glu-job-")));
  readonly home: string = this.makeFolder("home");
  readonly temp: string = this.makeFolder("temp");
  readonly workspace: string = this.makeFolder("workspace");
  /** The Node that runs the bundle; the one that runs the tests unless another is named. */
  readonly node: string;

  constructor(node: string = process.execPath) {
    this.node = node;
  }

  /** All that a job knows of the machine. */
  get environment(): Record<string, string> {
    return { PATH: process.env.PATH ?? "", HOME: this.home, LANG: "C.UTF-8", GIT_CONFIG_NOSYSTEM: "1" };
  }

  /** Checks a branch out into the workspace, as `actions/checkout` does, with `origin` at the URL. */
  checkOut(repository: BareFixture, url: string, branch = "main"): void {
    rmSync(this.workspace, { recursive: true, force: true });
    this.git("clone", "--quiet", "--branch", branch, "--", repository.path, this.workspace);
    this.git("-C", this.workspace, "remote", "set-url", "origin", url);
  }

  git(...args: string[]): string {
    const { status, stdout, stderr } = spawnSync("git", args, { env: this.environment, encoding: "utf8" });
    if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
    return stdout.trim();
  }

  makeFolder(name: string): string {
    const path = join(this.folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** Runs a file of `dist/` in the workspace. */
  run(file: string, args: readonly string[], env: Record<string, string>): Promise<Finished> {
    const running = { cwd: this.workspace, env: { ...this.environment, ...env }, timeout: 50_000 };
    return execute(this.node, [join(root, "dist", file), ...args], running);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
