import { explainMatch, matchesAny } from "../policy/match.ts";
import { defineGate, met, unmet } from "./gate.ts";

/** `accept` limits what may be promoted at all, by hand too. */
export const accept = defineGate({
  name: "accept",
  options: undefined,
  outcome: "refused",
  observes: "state",
  observe: ({ environment, intent }) => matchesAny(environment.accept, intent.artifact),
  check: (match, _options, _now, { environment }) => {
    if (match === undefined) return met("everything is accepted");
    if (match.matches) return met("is accepted");
    return unmet(explainMatch(match), {
      code: "accept/not-accepted",
      clearedBy: `environments.${environment.name}.accept in the config`,
    });
  },
});
