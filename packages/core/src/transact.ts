import { OutsideError } from "./errors.ts";
import type { Sha } from "./model/names.ts";
import type { Clock } from "./ports/clock.ts";
import type { Commit, ConfigRepository, Snapshot } from "./ports/config-repository.ts";
import type { Logger } from "./ports/logger.ts";
import { retryLimits, waitAfter, waitInLine } from "./retry.ts";

/** What one attempt decided on one tip: a commit to make, or nothing to write, and what to answer once it is there. */
export interface Attempt<T> {
  commit: Commit | undefined;
  /** Called once, with the commit that now carries the decision; undefined when there was nothing to write. */
  done(commit: Sha | undefined): T;
}

export interface Tries {
  /** Attempts before this one. */
  count: number;
  /** True when an earlier push may have arrived: what it wrote is looked for before deciding again. */
  unclear: boolean;
}

export interface TransactOptions {
  repository: Pick<ConfigRepository, "location" | "branch" | "open" | "commit">;
  clock: Clock;
  /** A tip that was opened already, for the first attempt. */
  first?: Snapshot | undefined;
  /** Told when a race was lost, and when something failed that may pass. */
  logger?: Logger | undefined;
  /** Milliseconds after which contention is given up; 120 s by contract. */
  patience?: number;
}

/** Milliseconds of an attempt that count for how long the next one waits, at most. */
const longestTurn = 10_000;

/**
 * The only place that knows of retries. Opens the tip, lets `attempt` decide on it, and pushes as a compare-and-swap.
 * When the branch has moved, everything is decided and edited again on the new tip; nothing is merged or forced.
 * Between attempts it sleeps as {@link waitInLine} says; after a transient failure at least as long as
 * {@link retryTransient} would.
 */
export async function transact<T>(
  options: TransactOptions,
  attempt: (tip: Snapshot, tries: Tries) => Promise<Attempt<T>>,
): Promise<T> {
  const { repository, clock, logger, patience = 120_000 } = options;
  /** When the first race was lost, or the first try failed: what an attempt itself takes is no contention. */
  let contended: number | undefined;
  let first = options.first;
  let failures = 0;
  /** The last attempt whose push may have arrived. */
  let unclearAt: number | undefined;
  for (let count = 0; ; count++) {
    const attemptStarted = clock.now();
    let pushing = false;
    let outage = 0;
    try {
      const tip = first ?? (await repository.open());
      first = undefined;
      const decided = await attempt(tip, { count, unclear: unclearAt !== undefined });
      if (decided.commit === undefined) return decided.done(undefined);
      pushing = true;
      const outcome = await repository.commit(tip, decided.commit);
      if (outcome.kind === "committed") return decided.done(outcome.commit);
      logger?.info(`${repository.location} has moved on meanwhile: deciding again (attempt ${count + 2}).`);
      failures = 0;
    } catch (error) {
      first = undefined;
      if (!(error instanceof OutsideError) || !error.transient) throw error;
      failures += 1;
      if (pushing) unclearAt = count;
      outage = waitAfter(error, failures, clock);
      if (failures >= retryLimits.attempts || outage > retryLimits.longest) throw error;
      logger?.info(`${error.message} Trying again (attempt ${count + 2}).`);
    }
    contended ??= clock.now();
    // A gate may have waited for minutes; it is not asked again.
    const took = Math.min(longestTurn, Math.max(1, clock.now() - attemptStarted));
    // What may have arrived is looked for once more.
    if (clock.now() - contended > patience && unclearAt !== count) {
      throw new OutsideError(
        "repository/contention",
        `The branch ${repository.branch} of ${repository.location} moved under every one of ${count + 1} attempts.`,
        {
          seen: `${Math.round((clock.now() - contended) / 1000)} s`,
          fix: `${unclearAt !== undefined ? "Whether something was written is not clear" : "Nothing was written"}. Run the job again, or let fewer jobs write to this branch at once.`,
        },
      );
    }
    await clock.sleep(Math.max(outage, waitInLine(took, count + 1, clock)));
  }
}
