import { digestOf } from "../artifact/digest.ts";
import { timestamp } from "../model/names.ts";
import { type Freeze, inForce } from "../model/record.ts";
import { defineGate, met, type Unmet, unmet } from "./gate.ts";

function lifts(until: string | undefined): Pick<Unmet, "clearsAt"> {
  return until === undefined ? {} : { clearsAt: timestamp(Date.parse(until)) };
}

/** A pin holds an environment at an artifact, against everything. It lifts itself when it expires. */
export const pin = defineGate({
  name: "pin",
  options: undefined,
  outcome: "held",
  observes: "state",
  bindsRollbacks: true,
  observe: ({ intent, environment }, state) => state.pin(intent.app, environment.name),
  check: (found, _options, now, { intent }) => {
    if (found === undefined) return met("is not pinned");
    if (!inForce(found, now)) return met(`the pin at ${found.artifact} expired at ${found.until}`);
    const { artifact } = intent;
    const isPinned = found.artifact === artifact.id && (found.digest ?? digestOf(artifact)) === digestOf(artifact);
    if (isPinned) return met("is pinned at this artifact");
    const seen = `is pinned at ${found.artifact} by ${found.actor.name}: ${found.reason}`;
    return unmet(seen, {
      code: "pin/pinned",
      since: timestamp(Date.parse(found.at)),
      clearedBy: `glu unpin ${intent.app} ${intent.environment}`,
      ...lifts(found.until),
    });
  },
});

/** A freeze of the environment, or of everything. */
export const freeze = defineGate({
  name: "freeze",
  options: undefined,
  outcome: "held",
  observes: "state",
  concerns: "place",
  observe: ({ environment }, state): readonly Freeze[] => state.freezes(environment.name),
  check: (freezes, _options, now) => {
    const active = freezes.filter((one) => inForce(one, now));
    const [first] = active;
    if (first === undefined) return met("is not frozen");
    const ends = active.map((one) => one.until);
    const last = ends.includes(undefined) ? undefined : ends.sort().at(-1);
    const scope = first.scope === "all" ? "everything" : first.scope;
    return unmet(`${scope} is frozen by ${first.actor.name}: ${first.reason}`, {
      code: "freeze/frozen",
      since: timestamp(Date.parse(first.at)),
      clearedBy: [...new Set(active.map((one) => `glu unfreeze ${one.scope}`))].join(" and "),
      ...lifts(last),
    });
  },
});
