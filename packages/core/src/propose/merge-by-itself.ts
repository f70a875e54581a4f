import { GluError } from "../errors.ts";
import type { Environment } from "../model/pipeline.ts";
import type { Logger } from "../ports/logger.ts";
import type { Proposals } from "../ports/proposals.ts";

/**
 * Lets the forge merge a proposal by itself, where its environment says so. What cannot be done is told: what is
 * proposed stands, and the next run tries again.
 */
export async function mergeByItself(
  number: number,
  environment: Environment | undefined,
  { proposals, logger }: { proposals: Proposals; logger: Logger },
): Promise<void> {
  if (environment?.propose?.autoMerge !== true) return;
  try {
    await proposals.setAutoMerge(number, true);
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    const fix = error.fix === undefined ? "" : ` ${error.fix}`;
    logger.warning(`#${number} is not merged by itself: ${error.message}${fix}`);
  }
}
