/** A commit of a repository on a forge. */
export interface RepositoryCommit {
  /** `owner/name` on the forge of the config repository, or a URL. */
  repository: string;
  commit: string;
}

/** A status, check run or job that the forge shows on a commit. */
export interface CommitCheck {
  /** As the forge names it: what a branch rule can require. */
  name: string;
  /** `succeeded`: the forge would let what requires it pass. */
  state: "succeeded" | "failed" | "running" | "waiting";
  /** The forge's own word for it, such as `timed_out`. */
  said: string;
  /** When it began or ended, in milliseconds since the epoch. */
  since: number | undefined;
  /** Its page for people. */
  url: string | undefined;
}

/** What a forge shows on commits. */
export interface Checks {
  /**
   * All of a commit, of each name the newest. Without Glu's own statuses, and without what the run that asks has not
   * finished: it would wait for itself.
   * @throws OutsideError `checks/…`, `forge/unreachable`
   */
  of(commit: RepositoryCommit, signal: AbortSignal): Promise<readonly CommitCheck[]>;
}

/** What the contexts of Glu's own statuses begin with. */
export const ownContexts = "glu/";
