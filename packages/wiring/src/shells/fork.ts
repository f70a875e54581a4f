import { type CiContext, GluError } from "@glu/core";
import { nothingDone } from "../nothing-done.ts";
import type { Outcome } from "../outcome.ts";

const noRights = new Set([
  "repository/unauthorised",
  "repository/read-only",
  // What servers answer to a token that may not see a private repository, and to none.
  "repository/not-found",
  "forge/no-token",
  "forge/unauthorised",
  "forge/forbidden",
  "forge/not-found",
  "registry/unauthorised",
]);

/**
 * A pull request from a fork has no token that may write: that is no failure of the contributor's, so it is a notice
 * and exit code 0. Nothing was written.
 * @throws the error, when it is another one or this is no fork
 */
export function forkOutcome(error: unknown, { fork }: CiContext): Outcome {
  if (!fork || !(error instanceof GluError) || !noRights.has(error.code)) throw error;
  const notice = `This run is of a pull request from a fork, whose token may not write: nothing was done. (${error.message})`;
  return nothingDone(notice);
}
