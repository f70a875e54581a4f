import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Git as on a machine that was never set up: nobody's configuration, hooks or signing keys play a part. */
export function demoEnv(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  return {
    PATH: env.PATH,
    HOME: env.HOME,
    SystemRoot: env.SystemRoot,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "Demo",
    GIT_AUTHOR_EMAIL: "demo@example.org",
    GIT_COMMITTER_NAME: "Demo",
    GIT_COMMITTER_EMAIL: "demo@example.org",
  };
}

export interface Repository {
  /** The bare repository, which stands for the one on a forge. */
  bare: string;
  /** A working copy of it. */
  work: string;
}

export type Git = (cwd: string, ...args: string[]) => Promise<string>;

export function gitWith(env: Record<string, string | undefined>): Git {
  return async (cwd, ...args) => (await run("git", args, { cwd, env, maxBuffer: 1 << 26 })).stdout;
}

/** A bare repository and a working copy, with a first commit on `main`. */
export async function createRepository(
  git: Git,
  folder: string,
  name: string,
  files: Record<string, string>,
): Promise<Repository> {
  const bare = join(folder, `${name}.git`);
  const work = join(folder, name);
  await git(folder, "init", "--quiet", "--bare", "--initial-branch=main", bare);
  await git(folder, "init", "--quiet", "--initial-branch=main", work);
  await git(work, "remote", "add", "origin", bare);
  // Whoever goes on working there may have none, as on a machine that was never set up.
  await git(work, "config", "user.name", "Demo");
  await git(work, "config", "user.email", "demo@example.org");
  await commitFiles(git, work, files, "Start");
  return { bare, work };
}

/** Writes files, commits and pushes. */
export async function commitFiles(
  git: Git,
  work: string,
  files: Record<string, string>,
  message: string,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(work, path)), { recursive: true });
    await writeFile(join(work, path), content);
  }
  await git(work, "add", "--all");
  await git(work, "commit", "--quiet", "--message", message);
  await git(work, "push", "--quiet", "--set-upstream", "origin", "main");
}
