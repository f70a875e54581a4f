import { isDeclared } from "../gates/declared.ts";
import { manifestAt } from "../manifests/manifest-at.ts";
import { whyNotStarted } from "../manifests/why-not-started.ts";
import type { Artifact } from "../model/artifact.ts";
import { type ReleaseRecord, releases } from "../model/record.ts";
import { explainMatch, matchesAny } from "../policy/match.ts";
import { versionLabel } from "../promote/release.ts";
import { carriesRequest } from "../records/trailers.ts";
import { type Taking, takesFromStore } from "./latest.ts";

/**
 * Why an environment takes nothing of an app, in one clause: nothing was built, nothing is upstream, or what is wrong
 * with the newest.
 */
export function whyNoneTaken(taking: Taking, all: readonly Artifact[], upstreams: readonly ReleaseRecord[]): string {
  const { app, environment } = taking;
  const fromStore = takesFromStore(taking);
  const there = fromStore ? all : upstreams.flatMap(releases).map(({ artifact }) => artifact);
  // By the time of its commit, which its id begins with: of all the places of a run this must cost nothing.
  const newest = there.reduce<Artifact | undefined>((a, b) => (a === undefined || b.id > a.id ? b : a), undefined);
  if (newest === undefined) {
    if (fromStore || upstreams.length === 0) return `no artifact of ${app.name} is there yet`;
    const { from } = environment;
    return `nothing of ${app.name} was released in ${from?.environments.join(from.mode === "any" ? " or " : " and ")} yet`;
  }
  const none = `no artifact of ${app.name} is one that ${environment.name} takes`;
  const why = whyNotTaken(taking, newest) ?? (fromStore ? undefined : "it does not count as released upstream");
  return why === undefined ? none : `${none}. The newest is ${versionLabel(newest)}: ${why}`;
}

/** Why an environment does not take one artifact by itself; undefined when it does. */
function whyNotTaken({ app, environment, explicit }: Taking, artifact: Artifact): string | undefined {
  if (artifact.version.event === "pr") return "it was built for a pull request";
  if (!isDeclared(app, artifact)) return `its repository or images are not those that apps.${app.name} declares`;
  const accepted = matchesAny(environment.accept, artifact);
  if (accepted?.matches === false) return `it is not accepted: ${explainMatch(accepted)}`;
  const own = matchesAny(environment.policy, artifact);
  if (own?.matches === false) return explainMatch(own);
  if (carriesRequest(artifact.version.message ?? "")) return "its commit was made by Glu, which policies ignore";
  const manifest = manifestAt(app, environment, artifact);
  if (manifest.kind === "bad") return manifest.error.message;
  return explicit ? undefined : whyNotStarted(app, environment, artifact);
}
