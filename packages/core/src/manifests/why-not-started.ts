import type { Artifact } from "../model/artifact.ts";
import type { App, Environment } from "../model/pipeline.ts";
import { explainMatch, matchesAny } from "../policy/match.ts";
import { manifestAt, manifestsCount } from "./manifest-at.ts";

/** Whether only the manifests of artifacts start promotions there: the environment itself says nothing of it. */
export const startedByManifests = (app: App, environment: Environment): boolean =>
  environment.policy.length === 0 && environment.auto === undefined && manifestsCount(app, environment);

/**
 * Why nothing starts the promotion of an artifact by itself; undefined when something does. The environment's own policy
 * has the last word: a manifest's can only say no where there is one, and where there is none it can say yes. Not to a
 * pull request's build: whoever opens one writes its manifest. A bad manifest is no reason here; its gate refuses it.
 */
export function whyNotStarted(app: App, environment: Environment, artifact: Artifact): string | undefined {
  const own = matchesAny(environment.policy, artifact);
  if (own !== undefined && !own.matches) return explainMatch(own);
  const alone = startedByManifests(app, environment);
  if (alone && artifact.version.event === "pr") {
    return "it was built for a pull request, and only an environment's own policy can start that";
  }
  const manifest = manifestAt(app, environment, artifact);
  if (manifest.kind === "bad") return undefined;
  const policy = manifest.kind === "counts" ? manifest.policy : undefined;
  if (policy === undefined) {
    if (!alone) return undefined;
    const what = manifest.kind === "counts" ? "its manifest there has no policy" : "it has no manifest for it";
    return `${environment.name} has no policy, and ${what}: it is promoted by request`;
  }
  const match = matchesAny(policy, artifact);
  return match === undefined || match.matches ? undefined : `by its manifest: ${explainMatch(match)}`;
}
