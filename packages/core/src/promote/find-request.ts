import type { Sha } from "../model/names.ts";
import type { Snapshot } from "../ports/config-repository.ts";
import { parseTrailers, type TrailerBlock } from "../records/trailers.ts";

/** What a request did, as the trailers of its commit tell it. */
export interface PastRequest extends TrailerBlock {
  commit: Sha;
}

/**
 * The commit whose trailers carry a request for an app and environment, looked for from the tip backwards in growing
 * steps. Undefined when history does not have it, or no longer: the record is then the only witness.
 */
export async function findRequest(
  tip: Snapshot,
  wanted: Pick<TrailerBlock, "request" | "app" | "environment">,
): Promise<PastRequest | undefined> {
  for (const limit of [50, 500, 5000]) {
    const entries = await tip.log(limit);
    for (const { commit, message } of entries) {
      const block = parseTrailers(message).find(
        ({ request, app, environment }) =>
          request === wanted.request && app === wanted.app && environment === wanted.environment,
      );
      if (block !== undefined) return { ...block, commit };
    }
    if (entries.length < limit) return undefined;
  }
  return undefined;
}
