import type { Sha } from "../model/names.ts";
import type { Snapshot } from "../ports/config-repository.ts";

/** Commits of the branch that are looked through. */
const looked = 5000;

/** What names a commit at the end of a revision: whole or begun, and after what some tools put before it (`main@sha1:…`). */
const named = /(?:^|[:/@])([0-9a-f]{7,64})$/i;

/**
 * Whether what is at a revision of a branch has a commit of it, along first parents. Undefined: the revision names no
 * commit that is known there.
 */
export async function isIn(revision: string, commit: Sha, tip: Snapshot): Promise<boolean | undefined> {
  const sha = named.exec(revision.trim())?.[1]?.toLowerCase();
  if (sha === undefined) return undefined;
  if (commit.startsWith(sha)) return true;
  const log = await tip.log(looked);
  const at = log.findIndex((one) => one.commit.startsWith(sha));
  const own = log.findIndex((one) => one.commit === commit);
  return at < 0 || own < 0 ? undefined : at <= own;
}
