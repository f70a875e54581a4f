import { type ManifestAt, manifestAt } from "../manifests/manifest-at.ts";
import { startedByManifests } from "../manifests/why-not-started.ts";
import { explainMatch, explainPolicies, matchesAny } from "../policy/match.ts";
import { defineGate, met, unmet } from "./gate.ts";
import { isSafeByItself } from "./safeguards.ts";

/**
 * The app's own manifest in the artifact: one that would act, or that cannot be read, is refused where the config lets
 * it count, and what only it starts goes into tier `production` with the safeguards that a policy needs there.
 */
export const manifest = defineGate({
  name: "manifest",
  neverOverridden: "Without it nobody knows what to write: build the artifact again",
  options: undefined,
  outcome: "refused",
  observes: "state",
  concerns: "place",
  applies: ({ app, environment, intent }) => manifestAt(app, environment, intent.artifact).kind !== "none",
  observe: ({ app, environment, intent }): ManifestAt => manifestAt(app, environment, intent.artifact),
  check: (found, _options, _now, { app, environment, intent }) => {
    if (found.kind === "none") return met("it has none for this environment");
    if (found.kind === "ignored") {
      return met(`it is not looked at: apps.${app.name}.manifests does not allow it in ${environment.name}`);
    }
    if (found.kind === "bad") {
      const { code, message, fix } = found.error;
      return unmet(message, { code, ...(fix === undefined ? {} : { clearedBy: fix }) });
    }
    if (!intent.explicit && startedByManifests(app, environment) && !isSafeByItself(environment)) {
      return unmet("its manifest alone would promote it into tier production, without having run anywhere before", {
        outcome: "held",
        code: "manifest/unsafe-automation",
        clearedBy: `"from" and a soak gate for ${environment.name} in the config, or somebody who asks for it by name`,
      });
    }
    if (found.policy === undefined) return met("it counts here, and has no policy");
    const wanted = `it counts here, with its policy: ${explainPolicies(found.policy)}`;
    const match = matchesAny(found.policy, intent.artifact);
    if (match === undefined || match.matches) return met(wanted);
    // It says when a promotion starts by itself, so it is in nobody's way who asks.
    return met(
      `${wanted}. ${explainMatch(match).replace(/^i/, "I")}, so it starts nothing; by name it can be asked for`,
    );
  },
});
