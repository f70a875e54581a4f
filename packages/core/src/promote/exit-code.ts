import { newlyFailed } from "../verify/newly-failed.ts";
import type { PromoteResult } from "./groups.ts";

/** What a held intent does to the job. */
export type OnHeld = "fail" | "succeed";

/**
 * By contract; see docs/reference. What could not be decided counts first, as its error says; then 3 for what was
 * refused, for a release that was found to have failed, and for what was held where that fails the job.
 */
export function exitCodeOf(
  { decisions, undecided, verified = [] }: Pick<PromoteResult, "decisions" | "undecided" | "verified">,
  onHeld: OnHeld,
): number {
  const failed = Math.max(0, ...undecided.map(({ error }) => error.exitCode));
  if (failed > 0) return failed;
  const stopped = decisions.some(({ result }) => result === "refused" || (result === "held" && onHeld === "fail"));
  return stopped || newlyFailed(verified) ? 3 : 0;
}
