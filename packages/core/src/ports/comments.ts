import type { Timestamp } from "../model/names.ts";

/** A pull or merge request that somebody merged. */
export interface MergedPull {
  number: number;
  mergedAt: Timestamp;
}

/**
 * Comments on the pull or merge requests of one repository.
 * Errors (`UserError`, `OutsideError`) have codes `comment/…`, and `forge/unreachable`.
 */
export interface Comments {
  /** The merged ones by which a commit came into this repository. */
  pullsOf(commit: string): Promise<readonly MergedPull[]>;
  /** The commits that `to` has and `from` has not, in no order: at most about a hundred of `total`. */
  between(from: string, to: string): Promise<{ commits: readonly string[]; total: number }>;
  /**
   * Writes the one comment of a key that this identity has on a pull request, and updates it in place afterwards. Those
   * of others are never touched, whatever they say. Nothing keeps two runs from writing it at the same moment: each may
   * have made one, of which the oldest stays, and the one that writes last may not have seen what the other wrote. Who
   * must know looks again.
   * @param key `[a-z-]+`
   * @param text gets what it says now: nothing, one text, or one for each that was made at the same moment, oldest
   *   first; gives Markdown, or undefined to leave all as it is
   */
  write(pull: number, key: string, text: (said: readonly string[]) => string | undefined): Promise<Commented>;
}

/** What became of a comment. */
export interface Commented {
  /** Its page; undefined when there is none. */
  url: string | undefined;
  /** Whether anything was written: false when it said that already. */
  written: boolean;
}
