import { GluError } from "../errors.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { Snapshot } from "../ports/config-repository.ts";
import type { PromotePorts } from "../promote/options.ts";

/** Commits before the tip that are looked at: a mistake in the config is found by the next run, as a rule. */
const mostCommits = 20;

/**
 * The newest config of the branch that can be read, along its first parents; undefined where none of the newest can.
 * @throws GluError when the repository cannot be read
 */
export async function lastReadable(
  tip: Snapshot,
  { loadPipeline }: Pick<PromotePorts, "loadPipeline">,
): Promise<Pipeline | undefined> {
  const [, ...before] = await tip.log(mostCommits + 1);
  for (const { commit } of before) {
    const at = await tip.at(commit);
    try {
      return await loadPipeline(at);
    } catch (error) {
      // What a broken config of its own says was said when it was the tip.
      if (!(error instanceof GluError) || error.kind === "outside") throw error;
    }
  }
  return undefined;
}
