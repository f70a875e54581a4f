import type { Sha } from "../model/names.ts";
import type { LogEntry, Snapshot } from "../ports/config-repository.ts";
import { type Told, toldByMerges, toldByThemselves } from "../records/merged-blocks.ts";
import type { TrailerBlock } from "../records/trailers.ts";

/** What a request did, as the trailers of its commit tell it. */
export interface PastRequest extends TrailerBlock {
  commit: Sha;
}

const asPast = ({ entry: { commit }, block }: Told): PastRequest => ({ ...block, commit });

/**
 * The commit whose trailers carry a request for an app and environment, looked for from the tip backwards in growing
 * steps; of what came by a merge commit that one. Undefined when history does not have it, or no longer: the record is then the only witness.
 */
export async function findRequest(
  tip: Snapshot,
  wanted: Pick<TrailerBlock, "request" | "app" | "environment">,
): Promise<PastRequest | undefined> {
  const isWanted = ({ block: { request, app, environment } }: Told) =>
    request === wanted.request && app === wanted.app && environment === wanted.environment;
  let entries: readonly LogEntry[] = [];
  for (const limit of [50, 500, 5000]) {
    entries = await tip.log(limit);
    const found = toldByThemselves(entries).find(isWanted);
    if (found !== undefined) return asPast(found);
    if (entries.length < limit) break;
  }
  // It may have come by a merge commit, which says nothing of it.
  for await (const told of toldByMerges(tip, entries, wanted.environment)) {
    if (isWanted(told)) return asPast(told);
  }
  return undefined;
}
