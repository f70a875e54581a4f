import type { Timestamp } from "../model/names.ts";
import type { RepositoryCommit } from "./checks.ts";

/** What somebody said last, as far as the forge counts it. */
export interface ReviewVerdict {
  /** The user's name on the forge. */
  by: string;
  said: "approved" | "rejected";
  /** False for an approval of what has changed since, which counts no more. A rejection stands until it is taken back. */
  current: boolean;
  /** When, where the forge tells it: of a run what was made later was not approved. */
  at?: Timestamp | undefined;
}

/** What people said of a pull request, or of a run. */
export interface Verdicts {
  /** Of each user the last. */
  verdicts: readonly ReviewVerdict[];
  /** Where approving is done. */
  url: string | undefined;
}

/** What people said of the run that asks, before it was let begin. */
export interface RunVerdicts extends Verdicts {
  /** Who started it, in whatever attempt: they approve nothing that it does. */
  startedBy: readonly string[];
  /** When it was made: where no verdict has a time, what is newer was approved by nobody. */
  startedAt: Timestamp;
  /** The run, as an artifact names the one that made it. */
  id: string;
}

/** Who made a change, as far as the forge vouches for it. */
export interface Authors {
  /** Users' names: who opened the pull request, and who wrote its commits. */
  people: readonly string[];
  /** Why it is not known of all of them; undefined: it is. */
  unknown: string | undefined;
}

/**
 * What people have approved on a forge.
 * Errors (`OutsideError`) have codes `approval/…`, and `forge/unreachable`.
 */
export interface Approvals {
  /** Reviews of a proposal. Those that are `current` are of this commit. */
  ofProposal(proposal: { repository: string; number: number; head: string }, signal: AbortSignal): Promise<Verdicts>;
  /** Reviews of the merged pull requests that brought a commit; undefined: there is none. */
  ofSource(commit: RepositoryCommit, signal: AbortSignal): Promise<Verdicts | undefined>;
  /** Of the run that asks: who approved that it may deploy to this environment of the forge. */
  ofRun(environment: string, signal: AbortSignal): Promise<RunVerdicts>;
  /** Who made a commit, and what was merged with it. */
  authors(commit: RepositoryCommit, signal: AbortSignal): Promise<Authors>;
}
