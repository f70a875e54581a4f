import { spawn } from "node:child_process";
import { compileCache } from "../product/compile-cache.ts";

export interface Finished {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Where and how long a program runs. */
export interface Running {
  cwd: string;
  env: Record<string, string>;
  /** Milliseconds after which it is ended. */
  timeout?: number;
}

/**
 * Runs a program to its end and gives what it wrote, whatever its exit code.
 *
 * @throws when it cannot be started: a tool that is missing fails its suite, and says how to get it.
 */
export function execute(
  program: string,
  args: readonly string[],
  { cwd, env, timeout = 110_000 }: Running,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...compileCache, ...env },
      timeout,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", (cause) => reject(new Error(`${program} cannot be started; .ci/run installs it.`, { cause })));
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

/** Runs Git and gives its output; anything but success is an error. */
export async function git(running: Running, ...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await execute("git", args, running);
  if (exitCode !== 0) throw new Error(`git ${args[0]} ended with ${exitCode}: ${stderr}`);
  return stdout.trim();
}
