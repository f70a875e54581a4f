import { OutsideError } from "../../errors.ts";
import type { HttpAnswer } from "../../ports/outside.ts";
import { parseRetryAfter, waitAfter } from "../../retry.ts";
import type { Look } from "../gate.ts";

/** Statuses that may be others in a moment. */
const passing = [429, 500, 502, 503, 504];

export interface Asking {
  /** How often it is asked again at most. */
  retries: number;
  /** Milliseconds for all of it. */
  limit: number;
  signal: AbortSignal;
  /** Whether this status is what is waited for. */
  wants(status: number): boolean;
}

/**
 * Asks until the status is wanted or will not change by waiting; waits what the server asks for, else longer each time.
 * What does not fit into the time is not waited for: the last answer counts.
 * @throws OutsideError of the last attempt, when that had no answer
 */
export async function askAgain(
  ask: () => Promise<HttpAnswer>,
  { clock }: Pick<Look, "clock">,
  { retries, limit, signal, wants }: Asking,
): Promise<HttpAnswer> {
  const end = clock.now() + limit;
  for (let failures = 1; ; failures++) {
    const { answer, error } = await ask().then(
      (answer) => ({ answer, error: undefined }),
      (error: unknown) => ({ answer: undefined, error }),
    );
    if (answer !== undefined && (wants(answer.status) || !passing.includes(answer.status))) return answer;
    if (answer === undefined && !(error instanceof OutsideError && error.transient)) throw error;
    const failure = error instanceof OutsideError ? error : busy(answer?.headers["retry-after"], clock.now());
    const wait = waitAfter(failure, failures, clock);
    if (failures > retries || signal.aborted || clock.now() + wait >= end) {
      if (answer === undefined) throw error;
      return answer;
    }
    await clock.sleep(wait);
  }
}

/** A status that asks to come again, as the failure that says when. */
function busy(retryAfter: string | undefined, now: number): { retryAfter: number | undefined } {
  return { retryAfter: parseRetryAfter(retryAfter, now) };
}
