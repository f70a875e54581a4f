import type { Sha } from "../model/names.ts";
import type { Snapshot } from "../ports/config-repository.ts";

/** Commits that are looked through, in growing steps: what is deployed is among the newest. */
const steps = [50, 500, 5000];

/** What names a commit at the end of a revision: whole or begun, and after what some tools put before it (`main@sha1:…`). */
const named = /(?:^|[:/@])([0-9a-f]{7,64})$/i;

/**
 * Whether what is at a revision of a branch has a commit of it, along first parents. Undefined: the revision names no
 * commit that is known there.
 * @param commit one that the tip's log has
 */
export async function isIn(revision: string, commit: Sha, tip: Snapshot): Promise<boolean | undefined> {
  const sha = named.exec(revision.trim())?.[1]?.toLowerCase();
  if (sha === undefined) return undefined;
  if (commit.startsWith(sha)) return true;
  for (const limit of steps) {
    const log = await tip.log(limit);
    const at = log.findIndex((one) => one.commit.startsWith(sha));
    const own = log.findIndex((one) => one.commit === commit);
    // Newest first: what has not been seen yet is older.
    if (at >= 0) return own < 0 || at < own;
    if (log.length < limit) return undefined;
  }
  return undefined;
}
