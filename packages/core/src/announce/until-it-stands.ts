import { GluError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";

/** Writes a comment once more, by what it says now. @returns whether what was written before was no longer there */
export type Again = () => Promise<boolean>;

const mostLooks = 5;

/** Milliseconds between two looks, at least: more than a run takes from reading a comment to writing it. */
const pause = 1_500;

/**
 * Looks again at comments that were written, and writes once more what is no longer there. No forge writes a comment
 * only if it is as it was read, so that of two runs at the same moment the one that writes last takes away what the other
 * has written; but that other one sees it when it looks again.
 */
export async function untilItStands(
  written: readonly Again[],
  { clock, logger }: { clock: Clock; logger: Logger },
): Promise<void> {
  let left = written;
  for (let looks = 0; left.length > 0 && looks < mostLooks; looks++) {
    // Not all at the same time again.
    await clock.sleep(pause * (1 + clock.random()));
    const gone: Again[] = [];
    for (const again of left) {
      try {
        if (await again()) gone.push(again);
      } catch (error) {
        // It was written; only whether it stands is not known.
        if (!(error instanceof GluError)) throw error;
        logger.info(`Whether a comment stands as it was written could not be looked at: ${error.message}`);
      }
    }
    left = gone;
  }
}
