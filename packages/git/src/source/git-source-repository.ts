import { OutsideError, type SourceCommit, type SourceRepository } from "@glu/core";
import type { SimpleGit } from "simple-git";
import type { Environment } from "../process/environment.ts";
import { commitTime } from "../remote/commit-time.ts";
import { parseRemote } from "./remote-name.ts";

export interface SourceRepositoryOptions {
  /** The working copy or a folder in it. */
  cwd: string;
  env: Environment;
}

/** What a read of a working copy needs; simple-git refuses most of Git's own variables, and nothing here wants them. */
const passedOn = /^(?:PATH|HOME|XDG_CONFIG_HOME|USERPROFILE|HOMEDRIVE|HOMEPATH|SYSTEMROOT|TMP|TEMP|TMPDIR)$/i;

/** The working copy that a job runs in. Git is asked when something is, and simple-git is loaded then. */
export function openSourceRepository({ cwd, env }: SourceRepositoryOptions): SourceRepository {
  let opened: Promise<SimpleGit | undefined> | undefined;
  const ask = async (...args: string[]): Promise<string | undefined> => {
    opened ??= open(cwd, env);
    const git = await opened;
    return git === undefined ? undefined : run(git, args);
  };

  return {
    commit: async (sha = "HEAD") => {
      const id = await known(ask, sha);
      return id === undefined
        ? undefined
        : parseCommit((await ask("log", "-1", commitFormat, "--no-show-signature", id)) ?? "");
    },
    branch: async () => line(await ask("symbolic-ref", "--short", "--quiet", "HEAD")),
    remote: async () => {
      const url = line(await ask("config", "--get", "remote.origin.url"));
      return url === undefined ? undefined : parseRemote(url);
    },
    user: async () => line(await ask("config", "--get", "user.name")),
    isAncestor: async (ancestor, descendant) => {
      const [older, newer] = [await known(ask, ancestor), await known(ask, descendant)];
      if (older === undefined || newer === undefined) return undefined;
      const outside = line(await ask("rev-list", "--max-count=1", older, `^${newer}`));
      if (outside === undefined) return true;
      // In a shallow clone the way between the two may be what is cut off.
      return line(await ask("rev-parse", "--is-shallow-repository")) === "true" ? undefined : false;
    },
  };
}

const commitFormat = "--format=%H%x00%an%x00%ae%x00%cn%x00%ce%x00%ct%x00%B";

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

function line(output: string | undefined): string | undefined {
  return output?.trim() || undefined;
}

function parseCommit(output: string): SourceCommit {
  const [sha = "", authorName = "", authorEmail = "", name = "", email = "", seconds = "0", message = ""] =
    output.split("\0");
  return {
    sha,
    author: { name: authorName, email: authorEmail },
    committer: { name, email },
    committedAt: commitTime(Number(seconds)),
    message: message.replace(/\n$/, ""),
  };
}
