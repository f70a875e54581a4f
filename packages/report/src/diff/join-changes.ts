import type { Decision, FileChange } from "@glu/core";

/** Decisions whose changes are in the commit, or would be: what is held or refused writes nothing. */
const writing: readonly Decision["result"][] = ["promoted", "proposed", "planned"];

/**
 * The changes of a run, file by file, as its commit shows them. Decisions that share a file change it one after the
 * other, in the order they were made; each begins where the one before it ended.
 */
export function joinChanges(decisions: readonly Decision[]): FileChange[] {
  const joined: FileChange[] = [];
  for (const change of decisions.flatMap((one) => (writing.includes(one.result) ? one.changes : []))) {
    const index = joined.findLastIndex((one) => one.path === change.path);
    const earlier = joined[index];
    if (earlier !== undefined && same(earlier.after, change.before))
      joined[index] = { ...earlier, after: change.after };
    else if (earlier === undefined || !same(earlier.after, change.after)) joined.push(change);
  }
  return joined;
}

function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
