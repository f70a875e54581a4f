import { type AppName, type EnvName, type Timestamp, timestamp } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import type { Release, ReleaseRecord } from "../model/record.ts";
import type { Clock } from "../ports/clock.ts";
import type { Snapshot } from "../ports/config-repository.ts";
import type { State } from "../state/state.ts";
import { cameBack } from "./came-back.ts";
import { type AskingForMerges, mergedProposal } from "./merged-proposal.ts";

/** When releases that came by proposals were merged, by request and place. */
export type Merges = Map<string, ObservedMerge>;

export interface ObservedMerge {
  at: Timestamp;
  /** Whether the forge says so, and will say it again; else it is when it was first seen. */
  told: boolean;
}

interface Merged {
  app: AppName;
  /** All that were merged with it, itself too. */
  apps: readonly AppName[];
  environment: Environment;
  release: Release;
  /** The branch that holds it. */
  tip: Snapshot;
}

const keyOf = (app: AppName, environment: EnvName, { request }: Release): string =>
  `${request}\0${app}\0${environment}`;

/** What Glu writes into the record of a proposal, which has no time until it is merged. */
const notYet = Buffer.from('"releasedAt": null');

/** Whether a record's file may hold a release without a time; to look at many for little. */
export const mayBeProposed = (content: Uint8Array): boolean =>
  Buffer.from(content.buffer, content.byteOffset, content.byteLength).includes(notYet);

/**
 * Remembers when a release that the config branch holds was merged: as the forge says it, else now. So a soak may begin
 * late, never early; and what was observed once in a run stays so. What was undone since and has come back runs since
 * then, and not since the merge.
 */
export async function observeMerge(
  { app, apps, environment, release, tip }: Merged,
  merges: Merges,
  ports: AskingForMerges & { clock: Clock },
): Promise<ObservedMerge> {
  const key = keyOf(app, environment.name, release);
  const known = merges.get(key);
  if (known !== undefined) return known;
  const merged = await mergedProposal({ app, apps, environment, request: release.request }, ports);
  const isThere = { app, environment: environment.name, request: release.request };
  const told = merged === undefined || (await cameBack(tip, isThere, merged)) ? undefined : merged.mergedAt;
  const seen = { at: told ?? timestamp(ports.clock.now()), told: told !== undefined };
  merges.set(key, seen);
  return seen;
}

/** The state with the times that were observed. */
export function withMerges(state: State, merges: Merges): State {
  if (merges.size === 0) return state;
  const timed = (app: AppName, environment: EnvName, release: Release | null): Release | null => {
    if (release === null || release.releasedAt !== null) return release;
    const merged = merges.get(keyOf(app, environment, release));
    return merged === undefined ? release : { ...release, releasedAt: merged.at };
  };
  return {
    ...state,
    record: (app, environment): ReleaseRecord => {
      const record = state.record(app, environment);
      const current = timed(app, environment, record.current);
      return current === record.current ? record : { ...record, current };
    },
    current: (app, environment) => timed(app, environment, state.current(app, environment)),
  };
}
