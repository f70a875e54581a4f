import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { atEnd, TemporaryFolder } from "./temporary.ts";

export interface Command {
  program: string;
  args: readonly string[];
  env?: Record<string, string>;
}

/** What a process cost, seen from outside, with all that it started. */
export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Milliseconds from its start to its end. */
  wall: number;
  /** Milliseconds of CPU; undefined where there is no GNU time. */
  cpu: number | undefined;
  /** Bytes that the largest of its processes held at most; undefined where there is no GNU time. */
  memory: number | undefined;
}

const time = "/usr/bin/time";
const hasTime = process.platform === "linux" && existsSync(time);
/** Milliseconds after which a process is ended. */
const patience = 300_000;

/** A machine of its own for one run: an empty home, a place for temporary files, no configuration of Git. */
export class Sandbox implements Disposable {
  readonly #folder = new TemporaryFolder("glu-bench-run-");
  readonly root = this.#folder.path;
  readonly env: Record<string, string> = {
    PATH: process.env.PATH ?? "",
    HOME: this.root,
    TMPDIR: this.root,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_AUTHOR_NAME: "Ada",
    GIT_AUTHOR_EMAIL: "ada@example.org",
    GIT_COMMITTER_NAME: "Ada",
    GIT_COMMITTER_EMAIL: "ada@example.org",
    GLU_USER: "ada",
  };

  /** Runs a program to its end here, in a fresh process. */
  run({ program, args, env = {} }: Command): Promise<Ran> {
    const measured = join(this.root, "measured");
    const [file, ...rest] = hasTime
      ? [time, "-q", "-o", measured, "-f", "%U %S %M", program, ...args]
      : [program, ...args];
    const started = performance.now();
    return new Promise((resolve, reject) => {
      const child = spawn(file as string, rest, {
        cwd: this.root,
        env: { ...this.env, ...env },
        stdio: ["ignore", "pipe", "pipe"],
        // A group of its own, so that what it started ends with it.
        detached: true,
      });
      const output: Buffer[] = [];
      const errors: Buffer[] = [];
      let wall = 0;
      child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
      child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
      const end = (): void => {
        try {
          if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
        } catch (error) {
          // It has just ended by itself.
          if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
        }
      };
      const timer = setTimeout(end, patience);
      const forget = atEnd(end);
      child.on("error", reject);
      child.on("exit", () => {
        wall = performance.now() - started;
      });
      child.on("close", (code) => {
        clearTimeout(timer);
        forget();
        const [user = 0, system = 0, kilobytes = 0] = hasTime
          ? readFileSync(measured, "utf8").trim().split(" ").map(Number)
          : [];
        resolve({
          code,
          stdout: Buffer.concat(output).toString("utf8"),
          stderr: Buffer.concat(errors).toString("utf8"),
          wall,
          cpu: hasTime ? (user + system) * 1000 : undefined,
          memory: hasTime ? kilobytes * 1024 : undefined,
        });
      });
    });
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

/** @throws Error with what it printed, when it failed */
export function succeeded(ran: Ran): Ran {
  if (ran.code !== 0) throw new Error(`It ended with ${ran.code}:\n${ran.stdout}${ran.stderr}`);
  return ran;
}
