import { digestOf } from "../artifact/digest.ts";
import { compareArtifacts } from "../artifact/order.ts";
import type { AncestryReader } from "../decide/ancestry.ts";
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
export async function latestFor(
  app: App,
  environment: Environment,
  all: readonly Artifact[],
  upstreams: readonly ReleaseRecord[],
  ancestry: AncestryReader,
): Promise<Artifact | undefined> {
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
    return ancestry.newest(matching.filter(accepted));
  }
  if (environment.from !== undefined) {
    const enough = environment.from.mode === "any" ? 1 : upstreams.length;
    const candidates = new Map(upstreams.flatMap(releases).map(({ artifact }) => [digestOf(artifact), artifact]));
    const ready = [...candidates.values()].filter(
      (artifact) => upstreams.filter((record) => eligible(record, artifact).eligible).length >= enough,
    );
    return ancestry.newest(ready.filter(accepted));
  }
  return ancestry.newest(all.filter(accepted));
}

/** Ids of matching artifacts between the released one and the new one: overtaken before they were promoted here. */
export async function overtaken(
  environment: Environment,
  all: readonly Artifact[],
  current: Artifact | undefined,
  next: Artifact,
  ancestry: AncestryReader,
): Promise<string[]> {
  if (current === undefined || environment.policy.length === 0) return [];
  const matching = all.filter((artifact) => matchesAny(environment.policy, artifact)?.matches === true);
  for (const artifact of matching) {
    await ancestry.load(artifact, current);
    await ancestry.load(artifact, next);
  }
  return matching
    .filter(
      (artifact) =>
        compareArtifacts(artifact, current, ancestry.ask).kind === "newer" &&
        compareArtifacts(artifact, next, ancestry.ask).kind === "older",
    )
    .map((artifact) => artifact.id)
    .sort();
}
