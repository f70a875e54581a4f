import type { Timestamp } from "../model/names.ts";

/** What a commit is marked with, such as `glu/production`: what branch rules can require. */
export interface CommitStatus {
  /** Stable: a later status of the same context takes the place of an earlier one. */
  context: string;
  state: "pending" | "success" | "failure";
  /** One line of plain text. Each forge cuts it where it must. */
  description: string;
  /** A page that says more; undefined: none. */
  url: string | undefined;
}

/**
 * Statuses of commits of one repository.
 * Errors (`UserError`, `OutsideError`) have codes `status/…`, and `forge/unreachable`.
 */
export interface Statuses {
  /**
   * Marks a commit. What it is marked with already is not written again: forges keep each one that was set, and some
   * count them.
   * @param commit its full SHA-1
   */
  set(commit: string, status: CommitStatus): Promise<void>;
  /**
   * What a commit is marked with under a context; undefined: with nothing that counts.
   * @param at as it was then, by the forge's clock, which tells whole seconds; default: as it is
   */
  read(
    commit: string,
    context: string,
    at?: Timestamp,
  ): Promise<Pick<CommitStatus, "state" | "description" | "url"> | undefined>;
}
