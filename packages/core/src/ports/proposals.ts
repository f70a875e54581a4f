import type { RefName, Timestamp } from "../model/names.ts";

/** A pull or merge request that Glu opened. */
export interface Proposal {
  number: number;
  /** Its page for people. */
  url: string;
  state: "open" | "merged" | "closed";
  body: string;
  /** The tip of its branch as the forge knows it; of one that was merged, what was merged. */
  head: string | undefined;
  /** When the forge says that it was merged. */
  mergedAt: Timestamp | undefined;
}

/** What people read of a proposal. */
export interface ProposalText {
  title: string;
  /** Markdown. */
  body: string;
}

/** A branch that is proposed to be merged into another. */
export interface ProposalPlace {
  branch: RefName;
  base: RefName;
}

/** An open pull or merge request beside those of a place, which its branch would change as well. */
export interface OtherProposal {
  number: number;
  url: string;
  /** What it is to be merged into. */
  base: RefName;
  body: string;
  /** Whether this identity opened it. */
  own: boolean;
  /** Who opened it; undefined where the forge does not say, as of users who are gone. */
  by: string | undefined;
}

/** One that another identity opened, and that was merged. Whatever it says of itself anybody may have written. */
export interface MergedElsewhere extends Proposal {
  /** Where the forge keeps what was proposed, also once the branch is gone. */
  ref: RefName;
}

/** How a proposal is opened, beside its text. */
export interface ProposalSettings {
  draft: boolean;
  labels: readonly string[];
  /** User names; on GitHub and Gitea `org/team` for a team. */
  reviewers: readonly string[];
  assignees: readonly string[];
}

/**
 * Pull or merge requests of one repository. What is told and changed is what this identity opened, but for `others` and
 * `mergedByOthers`.
 * Errors (`UserError`, `OutsideError`) have codes `proposal/…`, and `forge/unreachable`.
 */
export interface Proposals {
  /**
   * Those of a place that this identity opened, whatever became of them, newest first.
   * @param begun they are looked at to finish what was begun: that is not left to the next run when little may be asked
   */
  of(place: ProposalPlace, begun?: boolean): Promise<readonly Proposal[]>;
  /** Open ones of the same branch that are not of the place: somebody else opened them, or into another branch. */
  others(place: ProposalPlace): Promise<readonly OtherProposal[]>;
  /** Those of a place that other identities opened, as of the token of another job, and that were merged; newest first. */
  mergedByOthers(place: ProposalPlace): Promise<readonly MergedElsewhere[]>;
  /** Opens one. The branch is there already. When there is an open one of that place, it is that one, with this text. */
  open(place: ProposalPlace, text: ProposalText, settings: ProposalSettings): Promise<Proposal>;
  update(number: number, text: ProposalText): Promise<void>;
  /** Closes it without merging, and says why in a comment. @param body what its text becomes; default: it stays */
  close(number: number, why: string, body?: string): Promise<void>;
  /**
   * Lets the forge merge it by itself once all that it requires is met, or no longer. What stands so already is left so.
   * It is to be called before what it waits for is met: some forges take it for nothing to wait for then.
   * @returns whether it stands so: false where the forge or the repository does not have this, or where nothing is
   * required, so that it would be merged at once
   */
  setAutoMerge(number: number, on: boolean): Promise<boolean>;
}
