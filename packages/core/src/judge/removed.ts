import { frozenOnSchedule, scheduledFreeze } from "../gates/window.ts";
import type { GateResult } from "../model/decision.ts";
import { type AppName, timestamp } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import { inForce } from "../model/record.ts";
import type { State } from "../state/state.ts";
import { inTheWay } from "./stance.ts";

/**
 * What holds a place whose record a commit takes away: whoever takes an app out of an environment changes what runs there,
 * too.
 * @param now milliseconds since the epoch
 */
export async function whatHolds(
  app: AppName,
  environment: Environment,
  state: State,
  now: number,
): Promise<GateResult[]> {
  const pin = state.pin(app, environment.name);
  const files = [
    ...(pin === undefined ? [] : [{ code: "pin/pinned", by: pin, lift: `glu unpin ${app} ${environment.name}` }]),
    ...state
      .freezes(environment.name)
      .map((one) => ({ code: "freeze/frozen", by: one, lift: `glu unfreeze ${one.scope}` })),
  ];
  const held = files
    .filter(({ by }) => inForce(by, now))
    .map(({ code, by, lift }) => {
      return inTheWay(code, `the record is removed while held by ${by.actor.name}: ${by.reason}`, lift);
    });
  const planned = (await frozenOnSchedule(environment, now)).map(({ place, reason, until }): GateResult => {
    const why = reason === undefined ? "" : `: ${reason}`;
    const gate = inTheWay(
      scheduledFreeze,
      `the record is removed while frozen by ${place}${why}`,
      `${place} in the config`,
    );
    return until === undefined ? gate : { ...gate, clearsAt: timestamp(Date.parse(until)) };
  });
  return [...held, ...planned];
}
