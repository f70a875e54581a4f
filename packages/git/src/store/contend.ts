import { type Clock, OutsideError, waitInLine } from "@glu/core";

/** How long a writer competes for a ref before it gives up. */
const patience = 120_000;

/**
 * Repeats a compare-and-swap until it is not lost.
 * @param attempt gives undefined when somebody else was first
 * @throws OutsideError `store/contention` after two minutes
 */
export async function contend<T>(clock: Clock, what: string, attempt: () => Promise<T | undefined>): Promise<T> {
  const begin = clock.now();
  for (let attempts = 1; ; attempts++) {
    const started = clock.now();
    const result = await attempt();
    if (result !== undefined) return result;
    const now = clock.now();
    if (now - begin >= patience) {
      throw new OutsideError(
        "store/contention",
        `Others were first ${attempts} times in ${patience / 1000} s at ${what}.`,
        {
          seen: attempts,
          fix: "Too many jobs write to it at once; run again, or let fewer of them run at the same time.",
        },
      );
    }
    await clock.sleep(Math.min(waitInLine(now - started, attempts, clock), patience - (now - begin)));
  }
}
