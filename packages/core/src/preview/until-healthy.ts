import { GluError } from "../errors.ts";
import { formatDuration } from "../model/duration.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";

/** `unknown`: nobody looked, or something else took its place meanwhile. */
export const healths = ["healthy", "unhealthy", "unknown"] as const;
export type Health = (typeof healths)[number];

export interface HealthOptions {
  address: string;
  /** What is waited for, for people. */
  what: string;
  /** Milliseconds until it is given up. */
  patience: number;
  /** One look. @returns the status of the answer, or why there is none */
  ask(address: string): Promise<number | string>;
  /** Whether what is waited for is still what stands there. */
  stands(): Promise<boolean>;
  clock: Clock;
  logger: Logger;
}

/** Milliseconds between two looks: they grow to the second. */
const [shortest, longest] = [2_000, 30_000];

/**
 * Asks until an address answers with 2xx. Whatever else it says means not yet: a redirect, a certificate that is not there,
 * no answer at all.
 * @returns what was seen last, in words
 */
export async function untilHealthy(options: HealthOptions): Promise<{ health: Health; seen: string }> {
  const { address, what, patience, ask, stands, clock, logger } = options;
  const started = clock.now();
  for (let pause = shortest; ; pause = Math.min(longest, pause * 1.5)) {
    const answer = await ask(address);
    const seen = typeof answer === "number" ? `it answers ${answer}` : answer;
    if (typeof answer === "number" && answer >= 200 && answer < 300) return { health: "healthy", seen };
    const waited = clock.now() - started;
    if (!(await stillStands(stands, logger))) return { health: "unknown", seen: "something else took its place" };
    if (waited >= patience) return { health: "unhealthy", seen };
    logger.progress(
      `Waiting until ${what} is healthy: ${formatDuration(waited)} of ${formatDuration(patience)}, ${seen}`,
    );
    await clock.sleep(Math.max(1, Math.min(pause, patience - waited)));
  }
}

async function stillStands(stands: HealthOptions["stands"], logger: Logger): Promise<boolean> {
  try {
    return await stands();
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    logger.info(`Whether it is still wanted could not be looked at: ${error.message}`);
    return true;
  }
}
