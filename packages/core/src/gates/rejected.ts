import { timestamp } from "../model/names.ts";
import { defineGate, met, unmet } from "./gate.ts";

/** What was rolled back or failed here is never promoted again by automation; a person does it with a reason. */
export const rejected = defineGate({
  name: "rejected",
  neverOverridden: "A promotion by name with a reason passes it",
  options: undefined,
  outcome: "held",
  observes: "state",
  bindsRollbacks: true,
  observe: ({ intent, environment }, state) =>
    state.record(intent.app, environment.name).rejected.find((one) => one.artifact === intent.artifact.id),
  check: (rejection, _options, _now, { intent, reason }) => {
    if (rejection === undefined) return met("was not rejected here");
    // The latest, or the previous release, means none that was rejected: whoever asks for it may not know that it was.
    const isNamed = intent.explicit && intent.unaware !== true && intent.rollback?.relative !== true;
    if (isNamed && reason !== undefined) return met(`was rejected (${rejection.reason}), and a reason was given`);
    return unmet(`was rejected here by ${rejection.actor.name}: ${rejection.reason}`, {
      outcome: intent.explicit ? "refused" : "held",
      code: "rejected/rejected",
      since: timestamp(Date.parse(rejection.at)),
      clearedBy: `a ${intent.rollback?.relative === true ? "rollback" : "promotion"} that names it, with a reason`,
    });
  },
});
