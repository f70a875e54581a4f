import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { RefName, Sha } from "@glu/core";
import type { GitResult } from "../process/run-git.ts";
import { isBusy } from "../remote/busy.ts";
import { settlePush } from "../remote/settle-push.ts";
import type { GitCommands } from "./git-commands.ts";
import { readHistory } from "./read-history.ts";

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
