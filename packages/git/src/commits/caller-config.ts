import { lstat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Environment, gitEnvironment } from "../process/environment.ts";
import { runGit } from "../process/run-git.ts";

/**
 * What `git config -z --get-regexp` says about `pattern` where the caller stands: in a working copy its own configuration
 * counts beside the user's, as it does for `git commit` there.
 */
export async function readCallerConfig(
  { env, cwd }: { env: Environment; cwd?: string },
  pattern: string,
): Promise<string> {
  const top = cwd === undefined ? undefined : await workingCopyAround(cwd);
  // Of no repository, wherever the process happens to run.
  const nowhere = { GIT_DIR: "/dev/null/none" };
  const where = { cwd: top ?? ".", env: { ...gitEnvironment(env), ...(top === undefined ? nowhere : {}) } };
  // Exit code 1 is "nothing configured".
  const { stdout } = await runGit(["config", "-z", "--get-regexp", pattern], where);
  return stdout.toString("utf8");
}

/**
 * The folder with `.git` in it, at `folder` or above. It is looked for by hand: Git itself also takes a folder that looks
 * like a bare repository, which could be content of somebody else's, and obeys the configuration in it. `.git` cannot be
 * content. In the folder found Git still checks who owns it.
 */
async function workingCopyAround(folder: string): Promise<string | undefined> {
  let at = resolve(folder);
  for (;;) {
    if (await exists(join(at, ".git"))) return at;
    const above = dirname(at);
    if (above === at) return undefined;
    at = above;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    // Not there, or in a folder that may not be looked into: then it is none of the caller's.
    return false;
  }
}
