import type { Snapshot } from "../ports/config-repository.ts";
import { findRequest } from "../promote/find-request.ts";
import type { State } from "../state/state.ts";
import type { Place } from "../state/tips.ts";
import type { Merged } from "./arrivals.ts";

/** Releases that came by merged proposals, of places whose record has no time for them yet, as people are told of them. */
export async function mergedReleases(places: readonly Place[], state: State, tip: Snapshot): Promise<Merged[]> {
  const merged: Merged[] = [];
  for (const { app, environment } of places) {
    const { current, history } = state.record(app, environment);
    if (current === null) continue;
    const commit = (await findRequest(tip, { request: current.request, app, environment }))?.commit;
    merged.push({ app, environment, release: current, previous: history[0], commit });
  }
  return merged;
}
