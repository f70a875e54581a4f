import { type RefName, type Sha, UserError } from "@glu/core";
import { commitTime } from "../commits/commit-time.ts";
import { readCommit } from "../objects/commit.ts";
import type { GitResult } from "../process/run-git.ts";
import type { Tip } from "../remote/remote.ts";
import { type GitCommands, quietly } from "./git-commands.ts";
import { parseBatch } from "./parse-batch.ts";

/**
 * Fetches the ref's commit and all its trees; only what has changed since the last time. Undefined when there is no
 * such ref. A server that knows no filters sends the files too.
 * @throws GluError `repository/…`
 */
export async function fetchTip(git: GitCommands, ref: RefName): Promise<Tip | undefined> {
  const local = `refs/tips/${ref.slice("refs/".length)}`;
  const fetch = (filter: string): Promise<GitResult> =>
    git.online("fetch", ["fetch", ...quietly, "--depth=1", filter, "origin", `+${ref}:${local}`]);
  let fetched = await fetch("--filter=blob:none");
  if (fetched.code !== 0) {
    // Which of the three it is, the refs tell: no such ref, ids of another length, or a server that refuses filters.
    const now = await git.readRefs([ref, "HEAD"]);
    const known = now.get(ref) ?? now.get("HEAD");
    const changed = known !== undefined && (await git.useFormatOf(known));
    if (!now.has(ref)) return undefined;
    if (changed) fetched = await fetch("--filter=blob:none");
    if (fetched.code !== 0) fetched = await fetch("--no-filter");
    if (fetched.code !== 0) throw await git.failure(fetched, ref, "reading");
  }
  const [[commit, content] = []] = parseBatch(
    await git.output("fetch", ["cat-file", "--batch"], { input: `${local}^{commit}\n` }),
  );
  if (commit === undefined || content === undefined) {
    throw new UserError("repository/no-branch", `${ref} of ${git.location.url} is no commit.`, {
      seen: ref,
      fix: "Name a branch with 'ref'.",
    });
  }
  return tipOf(commit, content);
}

/** @param content of the commit object */
export function tipOf(commit: Sha, content: Buffer): Tip {
  const { tree, seconds } = readCommit(content);
  return { commit, tree, committedAt: commitTime(seconds) };
}
