import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { OutsideError, type RefName, type Sha } from "@glu/core";
import type { GitResult } from "../process/run-git.ts";
import { isBusy } from "./failure.ts";
import type { GitCommands } from "./git-commands.ts";
import { readHistory } from "./read-history.ts";

/** Tries of a push that another writer's lock got in the way of. */
const busyTries = 5;

/** How far back our commit is looked for when the answer to its push was lost. */
const lookBack = 100;

/**
 * Moves the ref from `old` (undefined: it must not exist) to `commit`. What became of it is decided by reading the ref
 * again, never by Git's words. `moved`: somebody else was first and nothing was written.
 * @throws GluError `repository/…` when the ref stands where it stood; `repository/unclear` when it cannot be read
 */
export async function push(
  git: GitCommands,
  ref: RefName,
  old: Sha | undefined,
  commit: Sha,
): Promise<"pushed" | "moved"> {
  for (let attempt = 1; ; attempt++) {
    const pushed = await pushOnce(git, ref, old, commit);
    if (pushed.code === 0) return "pushed";
    const status = statusLine(pushed);
    const now = await readAfter(git, pushed, ref);
    if (now === commit) return "pushed";
    if (now !== old) {
      // A status line means that the server, or Git before it asked, said no. Without one, ours may lie below.
      const answered = status !== undefined && /\t\[(?:remote )?rejected\]/.test(status);
      return !answered && now !== undefined && (await contains(git, now, commit, ref)) ? "pushed" : "moved";
    }
    if (!isBusy(status) || attempt === busyTries) throw git.failure(pushed, ref, "writing", status);
    await git.options.clock.sleep(git.options.clock.random() * 100 * attempt);
  }
}

async function pushOnce(git: GitCommands, ref: RefName, old: Sha | undefined, commit: Sha): Promise<GitResult> {
  // Where the history ends here, the server must be told; what was fetched knows.
  const shallow = join(git.at.work, "shallow");
  await copyFile(join(git.at.fetch, "shallow"), shallow).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return rm(shallow, { force: true });
  });
  const lease = `--force-with-lease=${ref}:${old ?? ""}`;
  const only = ["--no-verify", "--no-follow-tags", "--no-recurse-submodules"];
  return git.online("work", ["push", "--porcelain", ...only, lease, "--", git.location.url, `${commit}:${ref}`]);
}

/** The line of `git push --porcelain` that says a ref was not updated. */
function statusLine({ stdout }: GitResult): string | undefined {
  return stdout
    .toString("utf8")
    .split("\n")
    .find((line) => line.startsWith("!\t"));
}

async function readAfter(git: GitCommands, pushed: GitResult, ref: RefName): Promise<Sha | undefined> {
  try {
    return await git.readRef(ref);
  } catch (cause) {
    const { message, seen } = git.failure(pushed, ref, "writing");
    throw new OutsideError("repository/unclear", `${message} Whether it was written could not be read.`, {
      seen,
      fix: "Run again: what was written is found, and is not written twice.",
      transient: true,
      cause,
    });
  }
}

async function contains(git: GitCommands, now: Sha, commit: Sha, ref: RefName): Promise<boolean> {
  return (await readHistory(git, now, lookBack, ref)).some((entry) => entry.commit === commit);
}
