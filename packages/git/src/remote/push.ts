import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, type GluError, OutsideError, type RefName, type Sha } from "@glu/core";
import type { GitResult } from "../process/run-git.ts";
import { isBusy } from "./failure.ts";
import type { GitCommands } from "./git-commands.ts";
import { readHistory } from "./read-history.ts";

/** Tries of a push that another writer's lock got in the way of. */
const busyTries = 5;

/** How far back our commit is looked for when the answer to its push was lost. */
const lookBack = 100;

/** One way of pushing one commit to a ref, and of looking what became of it. */
export interface PushWay {
  /** Pushes once. A failure is an answer: the outcome is read from the ref. */
  push(): Promise<PushTry>;
  /** What the ref points to now. @throws GluError `repository/…` */
  readRef(): Promise<Sha | undefined>;
  /** The newest commits of the ref as it is now. */
  newest(now: Sha, limit: number): Promise<readonly { commit: Sha }[]>;
  clock: Clock;
}

export interface PushTry {
  outcome:
    | "pushed"
    /** A no that was said once, or before anything was sent: nothing was written. */
    | "refused"
    /** Nothing was heard, or a no to a request that may have been sent twice. */
    | "unclear";
  /** Another writer held the ref's lock: worth another try at once. */
  busy: boolean;
  /** What the failure means when the ref has not moved. */
  failure(): GluError;
}

/**
 * Pushes `commit` onto `old` (undefined: the ref must not exist). What became of it is decided by reading the ref again,
 * never by the server's words. `moved`: somebody else was first and nothing was written.
 * @throws GluError `repository/…` when the ref stands where it stood; `repository/unclear` when it cannot be read
 */
export async function settlePush(way: PushWay, old: Sha | undefined, commit: Sha): Promise<"pushed" | "moved"> {
  for (let attempt = 1; ; attempt++) {
    const tried = await way.push();
    if (tried.outcome === "pushed") return "pushed";
    const now = await readAfter(way, tried);
    if (now === commit) return "pushed";
    if (now !== old) {
      // Somebody may have built upon ours already.
      const below = tried.outcome === "unclear" && now !== undefined ? await way.newest(now, lookBack) : [];
      return below.some((one) => one.commit === commit) ? "pushed" : "moved";
    }
    if (!tried.busy || attempt === busyTries) throw tried.failure();
    await way.clock.sleep(way.clock.random() * 100 * attempt);
  }
}

/** {@link settlePush} by the git binary. */
export function push(git: GitCommands, ref: RefName, old: Sha | undefined, commit: Sha): Promise<"pushed" | "moved"> {
  return settlePush(
    {
      push: async () => {
        const pushed = await pushOnce(git, ref, old, commit);
        const status = statusLine(pushed);
        // `[rejected]` is Git's own no, before it sent anything. A server's no may be to a request that was sent twice,
        // because curl repeats one whose connection broke: then the first may have been taken in, and ours lies below.
        const unsent = status !== undefined && /\t\[rejected\]/.test(status);
        return {
          outcome: pushed.code === 0 ? "pushed" : unsent ? "refused" : "unclear",
          busy: isBusy(status),
          failure: () => git.failure(pushed, ref, "writing", status),
        };
      },
      readRef: () => git.readRef(ref),
      newest: (now, limit) => readHistory(git, now, limit, ref),
      clock: git.options.clock,
    },
    old,
    commit,
  );
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

async function readAfter(way: PushWay, tried: PushTry): Promise<Sha | undefined> {
  try {
    return await way.readRef();
  } catch (cause) {
    const { message, seen } = tried.failure();
    throw new OutsideError("repository/unclear", `${message} Whether it was written could not be read.`, {
      seen,
      fix: "Run again: what was written is found, and is not written twice.",
      transient: true,
      cause,
    });
  }
}
