import { OutsideError } from "./errors.ts";
import type { Clock } from "./ports/clock.ts";

export interface RetryLimits {
  /** How often the task is tried in all. */
  attempts: number;
  /** The first wait in milliseconds; it doubles with each attempt. */
  base: number;
  /** No wait is longer. When the other side asks for more, its error is thrown at once. */
  longest: number;
}

export const retryLimits: RetryLimits = { attempts: 5, base: 500, longest: 60_000 };

/**
 * Runs the task again while it fails with a transient {@link OutsideError}. Waits what the error asks for, else an
 * exponential back-off with jitter, so that many runners that failed together do not come back together.
 * The last error is thrown as it is; so is every other one.
 */
export async function retryTransient<T>(
  clock: Clock,
  task: () => Promise<T>,
  limits: RetryLimits = retryLimits,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof OutsideError) || !error.transient || attempt >= limits.attempts) throw error;
      const wait = waitAfter(error, attempt, clock, limits);
      if (wait > limits.longest) throw error;
      await clock.sleep(wait);
    }
  }
}

/** Milliseconds to wait after the `failures`-th transient failure in a row; what is asked for may exceed the longest. */
export function waitAfter(
  error: Pick<OutsideError, "retryAfter">,
  failures: number,
  clock: Clock,
  limits = retryLimits,
): number {
  const backOff = Math.min(limits.longest, limits.base * 2 ** (failures - 1)) * (0.5 + clock.random() / 2);
  return error.retryAfter ?? backOff;
}

/**
 * Milliseconds to wait before a compare-and-swap is tried again: a uniform part of up to four times the last attempt for
 * each that was lost, and of sixteen times at most. A wait that does not grow lets few writers through sooner and many
 * later, with many more pushes (docs/performance.md); an exponential one makes them all late.
 * @param took milliseconds of the last attempt
 * @param lost attempts lost in a row, at least 1
 */
export function waitInLine(took: number, lost: number, clock: Clock): number {
  return clock.random() * Math.min(4 * lost, 16) * Math.min(took, 10_000);
}

/**
 * Milliseconds that a `Retry-After` header asks to wait: seconds or an HTTP date (RFC 9110, section 10.2.3).
 * `undefined` when there is none or it makes no sense.
 */
export function parseRetryAfter(header: string | null | undefined, now: number): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  if (!/^[A-Za-z]{3}, /.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
