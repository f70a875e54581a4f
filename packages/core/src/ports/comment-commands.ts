import type { Pull } from "./pulls.ts";

/** How a command is answered without another comment: it was done, or it was refused. */
export type Reaction = "done" | "refused";

/**
 * What must be known of a comment that commands something, and how it is answered, in one repository.
 * Errors (`UserError`, `OutsideError`) have codes `command/…`, and `forge/unreachable`.
 */
export interface CommentCommands {
  /** Whether a user may write to the repository now, by the forge's own answer. Whom it does not know may not. */
  mayWrite(user: string): Promise<boolean>;
  /**
   * Since when a pull request's head is at its commit, by the forge's clock and never by a date in the commit, in
   * milliseconds since the epoch. Undefined: the forge does not tell.
   */
  headSince(pull: Pick<Pull, "number" | "head" | "branch">): Promise<number | undefined>;
  /** Reacts to a comment; a second time is the same. */
  react(comment: number, reaction: Reaction): Promise<void>;
}
