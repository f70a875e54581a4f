/** A pull or merge request as the forge has it now, not as an event told it. */
export interface Pull {
  number: number;
  isOpen: boolean;
  /** The commit at its head; empty where the forge does not tell it any more. */
  head: string;
  /** Milliseconds since the epoch: its last change of any kind. */
  updatedAt: number;
  /** Milliseconds since the epoch; undefined: it is open, or the forge does not tell. */
  closedAt: number | undefined;
  author: string | undefined;
  /** Its source branch. */
  branch: string | undefined;
  /** The branch that it goes into. */
  base: string | undefined;
  /** Its head is no branch of this repository: whoever put it there need not be able to write here. */
  fromFork: boolean;
  labels: readonly string[];
  /** How it came to its end, of a closed one, as far as the forge tells; one by its number tells more than a list. */
  ending?: Ending;
}

export interface Ending {
  merged: boolean;
  /** Who did that. */
  by?: string;
  /** That was the token that a job is given, of whose doings no event is sent. */
  byJobToken?: boolean;
  /** It had conflicts with the branch that it was to go into. */
  hasConflicts?: boolean;
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
