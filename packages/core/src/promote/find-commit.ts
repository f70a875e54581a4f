import type { Sha } from "../model/names.ts";
import type { Snapshot } from "../ports/config-repository.ts";
import { parseTrailers } from "../records/trailers.ts";

/**
 * The commit whose trailers carry a request for an app and environment, looked for from the tip backwards in growing
 * steps. Undefined when history no longer has it: the record is then the only witness.
 */
export async function findCommit(
  tip: Snapshot,
  wanted: { request: string; app: string; environment: string },
): Promise<Sha | undefined> {
  for (const limit of [50, 500, 5000]) {
    const entries = await tip.log(limit);
    const found = entries.find((entry) =>
      parseTrailers(entry.message).some(
        (block) =>
          block.request === wanted.request && block.app === wanted.app && block.environment === wanted.environment,
      ),
    );
    if (found !== undefined) return found.commit;
    if (entries.length < limit) return undefined;
  }
  return undefined;
}
