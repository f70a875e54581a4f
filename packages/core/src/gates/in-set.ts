import { sameArtifact } from "../artifact/digest.ts";
import { defineGate, met, sinceMade, unmet } from "./gate.ts";

/** Where what upstream runs moves together, nothing else is promoted: it would be another combination. */
export const inSet = defineGate({
  name: "set",
  options: undefined,
  outcome: "held",
  observes: "state",
  applies: ({ environment }) => environment.set === true,
  observe: ({ intent, environment }, state) => {
    const [upstream] = environment.from?.environments ?? [];
    return { upstream, runs: upstream === undefined ? undefined : state.record(intent.app, upstream).current };
  },
  check: ({ upstream, runs }, _options, now, { intent }) => {
    if (runs && runs.releasedAt !== null && sameArtifact(runs.artifact, intent.artifact)) {
      return met(`is what ${upstream} runs, with the other apps`);
    }
    const there = runs ? `runs ${runs.artifact.id}` : "does not run the app";
    return unmet(`goes there only together with what else ${upstream} runs, and ${upstream} ${there}`, {
      outcome: intent.explicit ? "refused" : "held",
      code: "set/other",
      since: sinceMade(intent.artifact, now),
      clearedBy: `promoting it to ${upstream}, and then what ${upstream} runs`,
    });
  },
});
