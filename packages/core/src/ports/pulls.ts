/** A pull or merge request as the forge has it now, not as an event told it. */
export interface Pull {
  number: number;
  isOpen: boolean;
  /** The commit at its head. */
  head: string;
  /** Milliseconds since the epoch: its last change of any kind. */
  updatedAt: number;
  /** Milliseconds since the epoch; undefined: it is open, or the forge does not tell. */
  closedAt: number | undefined;
  author: string | undefined;
  /** Its source branch. */
  branch: string | undefined;
  fromFork: boolean;
  labels: readonly string[];
}

/** All open ones; `complete` is false where the forge may have left some out: then nothing follows from one's absence. */
export interface OpenPulls {
  pulls: readonly Pull[];
  complete: boolean;
}

/**
 * Pull or merge requests of one repository, read only.
 * Errors (`UserError`, `OutsideError`) have codes `pull/…`, and `forge/unreachable`.
 */
export interface Pulls {
  /** Undefined: there is none of that number. */
  find(number: number): Promise<Pull | undefined>;
  open(): Promise<OpenPulls>;
}
