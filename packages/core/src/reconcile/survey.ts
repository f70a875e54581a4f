import type { Merged } from "../announce/arrivals.ts";
import { mergedReleases } from "../announce/merged-releases.ts";
import { mergesAt } from "../drift/by-proposal.ts";
import type { EnvName } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import { type Freeze, inForce, type Pin } from "../model/record.ts";
import type { ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import { noStatuses } from "../ports/no-statuses.ts";
import { type BoardRow, boardOf } from "../promote/board.ts";
import type { Candidate } from "../promote/candidates.ts";
import type { PromotePorts } from "../promote/options.ts";
import type { Merges } from "../propose/merges.ts";
import { ifReadable } from "../state/if-readable.ts";
import type { State } from "../state/state.ts";
import { type Place, Tips } from "../state/tips.ts";
import { type Drifted, driftedValues } from "./drifted.ts";

interface Holds {
  pins: Pin[];
  freezes: Freeze[];
}

/** Holds that have ended by themselves; their files still lie there. */
export type Lapsed = Holds;

/** What is there beside promotions, when all of them are done. */
export interface Survey {
  drifted: Drifted[];
  lapsed: Lapsed;
  /** Where a proposal was merged, and the record does not say yet when. */
  merged: readonly Place[];
  /** The same in other repositories, where no forge tells it each time. */
  mergedElsewhere: ReadonlyMap<ConfigRepository, readonly Place[]>;
  /** What was merged there, of environments of which people are told. */
  arrived: readonly Merged[];
  /** Of what was merged past its status, for people. */
  past: string[];
  /** When pins and freezes end that are in force. */
  ends: string[];
  /** What runs in each place, also where nothing is promoted by itself. */
  board: BoardRow[];
}

/**
 * Looks for what was changed by hand, and at the holds.
 * @param tip of the config repository, when it is known; else it is opened
 * @throws GluError when the config repository cannot be read
 */
export async function surveyed(
  places: readonly Place[],
  {
    tip,
    pipeline,
    ports,
    merges,
  }: { tip: Snapshot | undefined; pipeline: Pipeline; ports: PromotePorts; merges: Merges },
): Promise<Survey> {
  const { repository, repositoryOf, editors, clock } = ports;
  const newest = tip ?? (await repository.open());
  const tips = new Tips({
    target: repository,
    tip: newest,
    config: repository,
    configTip: newest,
    pipeline,
    repositoryOf,
    merging: { merges, ports },
  });
  const drifted = await driftedValues(places, tips, editors);
  const { pins, freezes } = holdsOf(places, tips.state());
  const now = clock.now();
  const merged = tips.observed();
  const told = merged.filter(({ environment }) => pipeline.environments.get(environment)?.notify !== undefined);
  const holds = [...pins, ...freezes].filter((hold) => inForce(hold, now));
  return {
    drifted,
    merged,
    mergedElsewhere: tips.observedElsewhere(),
    arrived: await mergedReleases(told, tips.state(), newest),
    past: await mergedPast(merged, tips.state(), pipeline, ports),
    lapsed: {
      pins: pins.filter((pin) => !inForce(pin, now)),
      freezes: freezes.filter((freeze) => !inForce(freeze, now)),
    },
    ends: holds.flatMap(({ until }) => until ?? []),
    board: boardOf({ candidates: candidatesIn(places, pipeline), decisions: [], state: tips.state() }, now),
  };
}

/** Whoever may bypass the rules of a branch can merge what its status does not allow: that is told once. */
async function mergedPast(
  merged: readonly Place[],
  state: State,
  pipeline: Pipeline,
  ports: PromotePorts,
): Promise<string[]> {
  if (ports.statuses === noStatuses) return [];
  const requestAt = ({ app, environment }: Place) => state.record(app, environment).current?.request;
  const togetherWith = (environment: Place["environment"], request: string) =>
    merged.filter((one) => one.environment === environment && requestAt(one) === request).map(({ app }) => app);
  const cameBy = mergesAt(pipeline, togetherWith, ports);
  const told: string[] = [];
  for (const place of merged) {
    const record = state.record(place.app, place.environment);
    if (record.current === null) continue;
    // As it was proposed, without the time that was observed since.
    const { past } = await cameBy(place, { ...record, current: { ...record.current, releasedAt: null } }, true);
    if (past === undefined) continue;
    const { context, state: said, reason } = past;
    told.push(
      `${place.app} was merged into ${place.environment} past the status ${context}, which was ${said}: ${reason}`,
    );
  }
  return told;
}

/** The apps of places, as if each went through these environments only. */
function candidatesIn(places: readonly Place[], { apps, environments: declared }: Pipeline): Candidate[] {
  return [...new Set(places.map(({ app }) => app))].flatMap((name): Candidate[] => {
    const environments = places.filter(({ app }) => app === name).map(({ environment }) => environment);
    const [app, environment] = [apps.get(name), declared.get(environments[0] as EnvName)];
    if (app === undefined || environment === undefined) return [];
    return [{ app: { ...app, environments }, environment, explicit: false }];
  });
}

function holdsOf(places: readonly Place[], state: State): Holds {
  const pins = places.flatMap(({ app, environment }) => ifReadable(() => state.pin(app, environment)) ?? []);
  const environments = new Set(places.map(({ environment }) => environment));
  const freezes = [...environments].flatMap((environment) => ifReadable(() => state.freezes(environment)) ?? []);
  // A freeze of everything is seen from each environment.
  return { pins, freezes: [...new Map(freezes.map((freeze) => [freeze.scope, freeze])).values()] };
}
