import type { Merged } from "../announce/arrivals.ts";
import { mergedReleases } from "../announce/merged-releases.ts";
import type { Pipeline } from "../model/pipeline.ts";
import { type Freeze, inForce, type Pin } from "../model/record.ts";
import type { ConfigRepository, Snapshot } from "../ports/config-repository.ts";
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
  /** When pins and freezes end that are in force. */
  ends: string[];
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
    lapsed: {
      pins: pins.filter((pin) => !inForce(pin, now)),
      freezes: freezes.filter((freeze) => !inForce(freeze, now)),
    },
    ends: holds.flatMap(({ until }) => until ?? []),
  };
}

function holdsOf(places: readonly Place[], state: State): Holds {
  const pins = places.flatMap(({ app, environment }) => ifReadable(() => state.pin(app, environment)) ?? []);
  const environments = new Set(places.map(({ environment }) => environment));
  const freezes = [...environments].flatMap((environment) => ifReadable(() => state.freezes(environment)) ?? []);
  // A freeze of everything is seen from each environment.
  return { pins, freezes: [...new Map(freezes.map((freeze) => [freeze.scope, freeze])).values()] };
}
