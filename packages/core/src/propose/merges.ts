import { GluError } from "../errors.ts";
import { type AppName, type EnvName, type Timestamp, timestamp } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import type { Release, ReleaseRecord } from "../model/record.ts";
import type { PromotePorts } from "../promote/options.ts";
import type { State } from "../state/state.ts";
import { proposalBranch } from "./branch.ts";
import { readMarker } from "./marker.ts";

/** When releases that came by proposals were merged, by request and place. */
export type Merges = Map<string, Timestamp>;

interface Merged {
  app: AppName;
  environment: EnvName;
  release: Release;
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
 * late, never early; and what was observed once in a run stays so.
 */
export async function observeMerge(
  { app, environment, release }: Merged,
  at: Environment,
  merges: Merges,
  ports: Pick<PromotePorts, "proposing" | "repositoryOf" | "clock">,
): Promise<void> {
  const key = keyOf(app, environment, release);
  if (!merges.has(key)) merges.set(key, (await askForge(app, release, at, ports)) ?? timestamp(ports.clock.now()));
}

async function askForge(
  app: AppName,
  { request }: Release,
  environment: Environment,
  { proposing, repositoryOf }: Pick<PromotePorts, "proposing" | "repositoryOf">,
): Promise<Timestamp | undefined> {
  const repository = repositoryOf(environment);
  const place = { branch: proposalBranch(environment.name, [app]), base: repository.branch };
  try {
    const known = await proposing.of(repository).of(place);
    return known.find(({ state, body }) => state === "merged" && readMarker(body)?.request === request)?.mergedAt;
  } catch (error) {
    // It is no reason to decide nothing: the release counts from now on.
    if (error instanceof GluError) return undefined;
    throw error;
  }
}

/** The state with the times that were observed. */
export function withMerges(state: State, merges: Merges): State {
  if (merges.size === 0) return state;
  const timed = (app: AppName, environment: EnvName, release: Release | null): Release | null => {
    if (release === null || release.releasedAt !== null) return release;
    const releasedAt = merges.get(keyOf(app, environment, release));
    return releasedAt === undefined ? release : { ...release, releasedAt };
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
