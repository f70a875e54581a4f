import { type Ancestry, compareArtifacts, newest } from "../artifact/order.ts";
import { isDeclared } from "../gates/declared.ts";
import { eligible } from "../gates/from.ts";
import type { Artifact } from "../model/artifact.ts";
import type { App, Environment } from "../model/pipeline.ts";
import { type ReleaseRecord, releases } from "../model/record.ts";
import { matchesAny } from "../policy/match.ts";
import { carriesRequest } from "../records/trailers.ts";

/**
 * The greatest artifact that an environment takes by itself: what its policies match; without policies what its
 * upstream released; without either what it accepts. Never a pull request's build, nor what is not declared.
 */
export function latestFor(
  app: App,
  environment: Environment,
  all: readonly Artifact[],
  upstreams: readonly ReleaseRecord[],
  ancestry: Ancestry,
): Artifact | undefined {
  const accepted = (artifact: Artifact) =>
    artifact.version.event !== "pr" &&
    isDeclared(app, artifact) &&
    matchesAny(environment.accept, artifact)?.matches !== false;
  if (environment.policy.length > 0) {
    // What Glu's own commits were built into would hide the artifact that is waiting behind it.
    const matching = all.filter(
      (artifact) =>
        matchesAny(environment.policy, artifact)?.matches === true && !carriesRequest(artifact.version.message ?? ""),
    );
    return newest(matching.filter(accepted), ancestry);
  }
  if (environment.from !== undefined) {
    const enough = environment.from.mode === "any" ? 1 : upstreams.length;
    const candidates = new Map(upstreams.flatMap(releases).map((release) => [release.artifact.id, release.artifact]));
    const ready = [...candidates.values()].filter(
      (artifact) => upstreams.filter((record) => eligible(record, artifact.id).eligible).length >= enough,
    );
    return newest(ready.filter(accepted), ancestry);
  }
  return newest(all.filter(accepted), ancestry);
}

/** Ids of matching artifacts between the released one and the new one: overtaken before they were promoted here. */
export function overtaken(
  environment: Environment,
  all: readonly Artifact[],
  current: Artifact | undefined,
  next: Artifact,
  ancestry: Ancestry,
): string[] {
  if (current === undefined || environment.policy.length === 0) return [];
  return all
    .filter(
      (artifact) =>
        matchesAny(environment.policy, artifact)?.matches === true &&
        compareArtifacts(artifact, current, ancestry).kind === "newer" &&
        compareArtifacts(artifact, next, ancestry).kind === "older",
    )
    .map((artifact) => artifact.id)
    .sort();
}
