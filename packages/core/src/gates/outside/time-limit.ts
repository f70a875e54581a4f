import { z } from "zod";
import { duration, lastingPattern } from "../../model/duration.ts";

/** How long something outside may take, as the config has it. */
export const timeLimit = z
  .string("must be a duration, such as 30s or 5m")
  .regex(lastingPattern, "must be a duration longer than none, such as 30s or 5m")
  // A timer of Node holds 31 bits of milliseconds, and no job of a forge runs for longer.
  .refine((text) => !lastingPattern.test(text) || duration(text) <= 86_400_000, "must be at most 1d");

/** Milliseconds that are left to end what has run out of time, and to say so. */
const grace = 5000;

/** When the gate is given up if even its own limit does not end it. */
export const withGrace = (limit: number): number => limit + grace;

/** Runs a task with a signal that tells it to end when the limit is over, or when the gate is given up. */
export async function withinLimit<T>(
  given: AbortSignal,
  limit: number,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const control = new AbortController();
  const end = () => control.abort();
  const timer = setTimeout(end, limit);
  given.addEventListener("abort", end, { once: true });
  if (given.aborted) end();
  try {
    return await task(control.signal);
  } finally {
    clearTimeout(timer);
    given.removeEventListener("abort", end);
  }
}
