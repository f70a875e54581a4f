import { lstatSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Environment, gitEnvironment } from "../process/environment.ts";
import { runGit } from "../process/run-git.ts";

/** What Git's configuration says where the caller stands. */
export interface CallerSettings {
  /** As `git config -z --get-regexp` prints them: `<key> LF <value> NUL`, or `<key> NUL` for true; the last one counts. */
  text: string;
  /** Whether the caller stands in a working copy, whose own configuration counts then, as for `git commit` there. */
  inWorkingCopy: boolean;
}

/** Reads them at the first question, and once: a run has one configuration, and every `git` that is started costs. */
export type CallerConfig = () => Promise<CallerSettings>;

/** All that anything here wants to know: who commits, signing, HTTP, other addresses, what was cloned. */
const pattern = "^(user|author|committer|commit|gpg|http|url)\\.|^remote\\.origin\\.url$";

/** The configuration that Git has for whoever stands in `cwd`; without a folder, of no repository. */
export function openCallerConfig(caller: { env: Environment; cwd?: string }): CallerConfig {
  let read: Promise<CallerSettings> | undefined;
  return () => {
    read ??= readSettings(caller);
    return read;
  };
}

async function readSettings({ env, cwd }: { env: Environment; cwd?: string }): Promise<CallerSettings> {
  const top = cwd === undefined ? undefined : workingCopyAround(cwd);
  // Of no repository, wherever the process happens to run.
  const nowhere = { GIT_DIR: "/dev/null/none" };
  const where = { cwd: top ?? ".", env: { ...gitEnvironment(env), ...(top === undefined ? nowhere : {}) } };
  // Exit code 1 is "nothing configured".
  const { stdout } = await runGit(["config", "-z", "--get-regexp", pattern], where);
  return { text: stdout.toString("utf8"), inWorkingCopy: top !== undefined };
}

/** The value of one key, such as `user.name`: key in lower case as Git prints it; undefined for none. */
export function settingOf({ text }: CallerSettings, key: string): string | undefined {
  const entry = text.split("\0").findLast((one) => one.startsWith(`${key}\n`));
  return entry?.slice(key.length + 1) || undefined;
}

/**
 * The folder with `.git` in it, at `folder` or above. It is looked for by hand: Git itself also takes a folder that looks
 * like a bare repository, which could be content of somebody else's, and obeys the configuration in it. `.git` cannot be
 * content. In the folder found Git still checks who owns it.
 */
function workingCopyAround(folder: string): string | undefined {
  let at = resolve(folder);
  for (;;) {
    if (exists(join(at, ".git"))) return at;
    const above = dirname(at);
    if (above === at) return undefined;
    at = above;
  }
}

function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    // Not there, or in a folder that may not be looked into: then it is none of the caller's.
    return false;
  }
}
