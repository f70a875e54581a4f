import { type Merging, type RefName, refName, type Sha } from "@glu/core";

/** What a host says of a commit that is to be merged, in whatever form it has. */
export interface SaidOfMerging {
  ref: string | undefined;
  commit: string | undefined;
  into: string | undefined;
  branch?: string | undefined;
}

/** All that must be known to judge a commit; nothing where a part is missing, or is no name of Git's. */
export function mergingOf({ ref, commit, into, branch }: SaidOfMerging): { merging?: Merging } {
  const [from, to] = [readRef(ref), readRef(into)];
  if (from === undefined || to === undefined || !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit ?? "")) return {};
  return { merging: { ref: from, commit: commit as Sha, into: to, branch: readRef(branch) } };
}

function readRef(value: string | undefined): RefName | undefined {
  if (value === undefined || value.length > 1024) return undefined;
  try {
    return refName(value);
  } catch {
    // Untrusted text that Git would not take either.
    return undefined;
  }
}
