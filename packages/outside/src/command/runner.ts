import { type ChildProcess, spawn } from "node:child_process";
import { type CommandResult, type CommandRunner, OutsideError } from "@glu/core";
import { type Environment, plainEnvironment } from "./environment.ts";
import { LastOutput } from "./last-output.ts";
import { endGroup, endWithThisProcess } from "./process-group.ts";

export interface CommandRunnerOptions {
  /** The job's environment, of which a program gets next to nothing. */
  env: Environment;
  /** The folder of the job. */
  cwd: string;
  /** A text without the secrets of this run. */
  redact(text: string): string;
}

/** Milliseconds that a program's pipes may stay open after it has ended, held by what left its group. */
const drain = 500;

/** Runs programs of this machine, without a shell and without input. */
export function openCommandRunner({ env, cwd, redact }: CommandRunnerOptions): CommandRunner {
  const { platform } = process;
  return {
    async run({ argv: [program = "", ...args], variables }, signal): Promise<CommandResult> {
      if (signal.aborted) return { code: undefined, output: "" };
      const output = new LastOutput();
      const child = start(program, args, {
        cwd,
        env: { ...plainEnvironment(env, platform), ...variables },
        detached: platform !== "win32",
      });
      for (const stream of [child.stdout, child.stderr]) if (stream !== null) output.take(stream);
      const end = () => endGroup(child, platform);
      const letGo = endWithThisProcess(end);
      signal.addEventListener("abort", end, { once: true });
      try {
        const code = await endOf(child, program);
        end();
        await closeOf(child);
        return { code, output: output.end(redact) };
      } finally {
        signal.removeEventListener("abort", end);
        letGo();
      }
    },
  };
}

function start(
  program: string,
  args: string[],
  options: { cwd: string; env: Record<string, string>; detached: boolean },
) {
  try {
    return spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
  } catch (error) {
    // A text that no system takes, such as one with a NUL in it.
    throw notStarted(program, error);
  }
}

/** Its exit code; undefined when a signal ended it. */
function endOf(child: ChildProcess, program: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(notStarted(program, error)));
    child.once("exit", (code) => resolve(code ?? undefined));
  });
}

/** When all is read that it printed. */
function closeOf(child: ChildProcess): Promise<void> {
  const streams = [child.stdout, child.stderr];
  if (streams.every((stream) => stream === null || stream.closed)) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      for (const stream of streams) stream?.destroy();
    }, drain);
    child.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function notStarted(program: string, cause: unknown): OutsideError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
  return new OutsideError("command/not-started", `${JSON.stringify(program)} cannot be started: ${code}.`, {
    seen: code,
    fix: "Name a program of the PATH, or a file in the folder of the job that may be executed. There is no shell.",
    cause,
  });
}
