import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { OutsideError, UserError } from "@glu/core";
import { minimumGitVersion } from "./minimum-version.ts";

export interface GitRun {
  cwd: string;
  env: Record<string, string>;
  /** Bytes for its standard input. */
  input?: Uint8Array | string;
  /** Milliseconds after which it is ended; default two minutes. */
  timeout?: number;
  /** Bytes of standard output after which it is ended; default 256 MiB. */
  limit?: number;
  /** Takes secrets out of what Git prints on standard error. */
  scrub?: (text: string) => string;
}

export interface GitResult {
  /** 0 is success; null when a signal ended it. */
  code: number | null;
  stdout: Buffer;
  /** At most the last 64 KiB, scrubbed. */
  stderr: string;
}

const defaultTimeout = 120_000;
const defaultLimit = 256 * 1024 * 1024;
const errorLimit = 64 * 1024;

/**
 * Runs the git binary without a shell. A failed command is a result, not an exception.
 * @throws UserError `git/not-found` when there is no git
 * @throws OutsideError `git/timeout` or `git/too-much` when it was ended
 */
export function runGit(args: readonly string[], options: GitRun): Promise<GitResult> {
  const { timeout = defaultTimeout, limit = defaultLimit, scrub = (text) => text } = options;
  return new Promise((resolve, reject) => {
    const child = spawn("git", args, { cwd: options.cwd, env: options.env, stdio: "pipe", windowsHide: true });
    const output: Buffer[] = [];
    let received = 0;
    let errors = Buffer.alloc(0);
    let ended: OutsideError | undefined;
    const end = (error: OutsideError): void => {
      ended ??= error;
      child.kill("SIGKILL");
    };
    const timer = setTimeout(() => {
      end(
        new OutsideError("git/timeout", `git ${args[0]} did not end within ${timeout / 1000} s.`, {
          fix: "Try again; if it stays so, look at the network between here and the Git server.",
          transient: true,
        }),
      );
    }, timeout);
    child.stdout.on("data", (chunk: Buffer) => {
      received += chunk.length;
      if (received > limit) end(new OutsideError("git/too-much", `git ${args[0]} printed more than ${limit} bytes.`));
      else output.push(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      errors = Buffer.concat([errors, chunk]).subarray(-errorLimit);
    });
    child.on("error", (cause: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      // A folder that is gone gives ENOENT, too.
      reject(cause.code === "ENOENT" && existsSync(options.cwd) ? gitMissing(cause) : cause);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      if (ended !== undefined) reject(ended);
      else resolve({ code, stdout: Buffer.concat(output), stderr: scrub(errors.toString("utf8")) });
    });
    // Git may end before it has read its input; its exit code tells why.
    child.stdin.on("error", () => child.stdin.destroy());
    child.stdin.end(options.input ?? "");
  });
}

function gitMissing(cause: Error): UserError {
  return new UserError("git/not-found", "There is no git to run.", {
    fix: `Install Git ${minimumGitVersion} or newer and put it on PATH.`,
    cause,
  });
}
