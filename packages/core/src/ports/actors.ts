import type { Actor } from "../model/record.ts";

/**
 * Who acts on a forge, as it vouches for it: never by a variable that whoever starts a job can set.
 * Errors (`OutsideError`) have codes `actor/…`, of teams `team/…`, and `forge/unreachable`.
 */
export interface Actors {
  /** Who started the run that asks; of one that was started again, who did that, as far as the forge says it. undefined: this is no run. */
  startedBy(signal: AbortSignal): Promise<Actor | undefined>;
  /** The name that the token acts under, such as `ada` or `github-actions[bot]`: what is opened with it has this author. */
  self(): Promise<string>;
  /** Whether a user is in a team (`org/team`; on GitLab a group's path). */
  isIn(team: string, user: string, signal: AbortSignal): Promise<boolean>;
}
