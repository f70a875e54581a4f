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
   * of others are never touched, whatever they say.
   * @param key `[a-z-]+`
   * @param text gets what it says now, undefined when there is none; gives Markdown, or undefined to leave all as it is
   * @returns its page; undefined when there is none
   */
  write(pull: number, key: string, text: (said: string | undefined) => string | undefined): Promise<string | undefined>;
}
