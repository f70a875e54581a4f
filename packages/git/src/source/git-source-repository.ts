import { OutsideError, type SourceRepository } from "@glu/core";
import type { SimpleGit } from "simple-git";
import { type CallerConfig, openCallerConfig, settingOf } from "../commits/caller-config.ts";
import type { Environment } from "../process/environment.ts";
import { logOne, logSeveral, parseSourceCommit, parseSourceCommits } from "./commit-format.ts";
import { parseRemote } from "./remote-name.ts";

export interface SourceRepositoryOptions {
  /** The working copy or a folder in it. */
  cwd: string;
  env: Environment;
  /** Git's configuration in `cwd`, where it is read for other things too. */
  callerConfig?: CallerConfig;
}

/** What a read of a working copy needs; simple-git refuses most of Git's own variables, and nothing here wants them. */
const passedOn = /^(?:PATH|HOME|XDG_CONFIG_HOME|USERPROFILE|HOMEDRIVE|HOMEPATH|SYSTEMROOT|TMP|TEMP|TMPDIR)$/i;

/**
 * The working copy that a job runs in. Git is asked when something is, and simple-git is loaded when that is about
 * commits: what Git is configured with is known without it.
 */
export function openSourceRepository({ cwd, env, callerConfig }: SourceRepositoryOptions): SourceRepository {
  const config = callerConfig ?? openCallerConfig({ cwd, env });
  const configured = async (key: string): Promise<string | undefined> => {
    const settings = await config();
    return settings.inWorkingCopy ? line(settingOf(settings, key)) : undefined;
  };
  let opened: Promise<SimpleGit | undefined> | undefined;
  const ask = async (...args: string[]): Promise<string | undefined> => {
    if (!(await config()).inWorkingCopy) return undefined;
    opened ??= open(cwd, env);
    const git = await opened;
    return git === undefined ? undefined : run(git, args);
  };

  // A commit that is here stays here, and is asked for again with every other one.
  const here = new Map<string, Promise<string | undefined>>();
  const seen = (sha: string): Promise<string | undefined> => {
    const found = here.get(sha) ?? known(ask, sha);
    here.set(sha, found);
    return found;
  };

  const isShallow = async () => line(await ask("rev-parse", "--is-shallow-repository")) === "true";
  const isAncestor = async (ancestor: string, descendant: string): Promise<boolean | undefined> => {
    const [older, newer] = await Promise.all([seen(ancestor), seen(descendant)]);
    if (older === undefined || newer === undefined) return undefined;
    const outside = line(await ask("rev-list", "--max-count=1", older, `^${newer}`));
    if (outside === undefined) return true;
    // In a shallow clone the way between the two may be what is cut off.
    return (await isShallow()) ? undefined : false;
  };

  return {
    commit: async (sha = "HEAD") => {
      const id = await known(ask, sha);
      return id === undefined ? undefined : parseSourceCommit((await ask(...logOne, id)) ?? "");
    },
    branch: async () => line(await ask("symbolic-ref", "--short", "--quiet", "HEAD")),
    remote: async () => {
      const url = await configured("remote.origin.url");
      return url === undefined ? undefined : parseRemote(url);
    },
    user: () => configured("user.name"),
    isAncestor,
    ancestorsAmong: async (commits) => {
      const ids = [...new Set(commits)].filter((id) => fullId.test(id));
      const there = ids.length < 2 ? [] : lines(await ask("rev-list", "--no-walk", "--ignore-missing", ...ids));
      if (there.length < 2) return [];
      const heads = new Set(lines(await ask("merge-base", "--independent", ...there)));
      return there.filter((id) => !heads.has(id));
    },
    commitsBetween: async (from, to, limit) => {
      const [older, newer] = await Promise.all([seen(from), seen(to)]);
      if (older === undefined || newer === undefined) return undefined;
      // Where history is cut off, what both have would seem new.
      if ((await isShallow()) && (await isAncestor(older, newer)) !== true) return undefined;
      const way = `${older}..${newer}`;
      const [total, commits] = await Promise.all([ask("rev-list", "--count", way), ask(...logSeveral(limit), way)]);
      return { commits: parseSourceCommits(commits ?? ""), total: Number(line(total) ?? 0) };
    },
  };
}

const fullId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

async function open(cwd: string, env: Environment): Promise<SimpleGit | undefined> {
  const { simpleGit } = await import("simple-git");
  const kept = Object.entries(env).flatMap(([key, value]) =>
    value !== undefined && passedOn.test(key) ? [[key, value]] : [],
  );
  const git = simpleGit({ baseDir: cwd, maxConcurrentProcesses: 2 }).env({ ...Object.fromEntries(kept), LC_ALL: "C" });
  return (await git.checkIsRepo()) ? git : undefined;
}

async function run(git: SimpleGit, args: string[]): Promise<string> {
  try {
    return await git.raw(args);
  } catch (cause) {
    const seen = cause instanceof Error ? cause.message.trim() : String(cause);
    throw new OutsideError("repository/working-copy", `git ${args[0]} failed in the working copy: ${seen}`, {
      seen,
      cause,
    });
  }
}

/** The full id of a commit that is here. Only ids are taken, so that no name can be an option or another revision. */
async function known(
  ask: (...args: string[]) => Promise<string | undefined>,
  sha: string,
): Promise<string | undefined> {
  if (sha !== "HEAD" && !/^[0-9a-f]{7,64}$/.test(sha)) return undefined;
  return line(await ask("rev-parse", "--verify", "--quiet", `${sha}^{commit}`));
}

function lines(output: string | undefined): string[] {
  return output?.split("\n").filter((text) => text !== "") ?? [];
}

function line(output: string | undefined): string | undefined {
  return output?.trim() || undefined;
}
