import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileCache } from "./compile-cache.ts";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

export interface Ended {
  /** Null when a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** Milliseconds. */
  took: number;
}

export interface RunOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** Milliseconds after which it is killed. */
  killAfter?: number;
  /** Kills it. */
  kill?: AbortSignal;
}

/** A machine of its own for the processes of one test: a home and a place for temporary files, and no configuration. */
export class Machine implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), "glu-machine-"));

  get env(): Record<string, string> {
    return {
      PATH: process.env.PATH ?? "",
      HOME: this.root,
      TMPDIR: this.root,
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GLU_USER: "ada",
    };
  }

  /** Writes a file here and gives its path. */
  write(name: string, content: string | Uint8Array, mode = 0o644): string {
    const path = join(this.root, name);
    writeFileSync(path, content, { mode });
    return path;
  }

  /** Runs `glu` as a person does. */
  glu(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    return this.#node(["glu.js", ...args], options);
  }

  /**
   * Runs an action as GitHub's runner does: inputs in `INPUT_…`, files for outputs and summary. They are in the answer.
   */
  async action(
    name: string,
    inputs: Record<string, string>,
    { env = {}, ...options }: RunOptions = {},
  ): Promise<Ended & { outputs: string; summary: string }> {
    const files = mkdtempSync(join(this.root, "runner-"));
    const at = (file: string) => join(files, file);
    for (const file of ["output", "summary", "env", "state", "path"]) writeFileSync(at(file), "");
    writeFileSync(at("event.json"), JSON.stringify({ sender: { login: "ada" } }));
    const given = Object.entries(inputs).map(([key, value]) => [`INPUT_${key.toUpperCase()}`, value]);
    const ended = await this.#node([`${name}.js`], {
      ...options,
      cwd: options.cwd ?? files,
      env: {
        GITHUB_ACTIONS: "true",
        GITHUB_EVENT_NAME: "workflow_dispatch",
        GITHUB_EVENT_PATH: at("event.json"),
        GITHUB_OUTPUT: at("output"),
        GITHUB_STEP_SUMMARY: at("summary"),
        GITHUB_ENV: at("env"),
        GITHUB_STATE: at("state"),
        GITHUB_PATH: at("path"),
        GITHUB_WORKSPACE: files,
        RUNNER_TEMP: files,
        GITHUB_SERVER_URL: "https://forge.invalid",
        GITHUB_REPOSITORY: "acme/config",
        GITHUB_RUN_ID: "1",
        GITHUB_RUN_NUMBER: "1",
        GITHUB_RUN_ATTEMPT: "1",
        GITHUB_JOB: "promote",
        GITHUB_SHA: "c".repeat(40),
        GITHUB_REF: "refs/heads/main",
        ...Object.fromEntries(given),
        ...env,
      },
    });
    return { ...ended, outputs: readFileSync(at("output"), "utf8"), summary: readFileSync(at("summary"), "utf8") };
  }

  #node(
    [script = "", ...args]: readonly string[],
    { env = {}, cwd = this.root, killAfter, kill }: RunOptions,
  ): Promise<Ended> {
    const started = performance.now();
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [join(dist, script), ...args], {
        cwd,
        env: { ...compileCache, ...this.env, ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const out: Buffer[] = [];
      const errors: Buffer[] = [];
      child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
      child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
      child.on("error", reject);
      // Not `close`: a git that outlives a killed parent holds its pipes open.
      child.on("exit", (code, signal) => {
        clearTimeout(timer);
        const end = () =>
          resolve({
            code,
            stdout: Buffer.concat(out).toString("utf8"),
            stderr: Buffer.concat(errors).toString("utf8"),
            took: performance.now() - started,
          });
        if (signal === null) child.on("close", end);
        else {
          child.stdout.destroy();
          child.stderr.destroy();
          end();
        }
      });
      kill?.addEventListener("abort", () => void child.kill("SIGKILL"));
      const timer = setTimeout(() => child.kill("SIGKILL"), killAfter ?? 150_000);
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}
