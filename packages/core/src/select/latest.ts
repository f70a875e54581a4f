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
  const taken = (artifact: Artifact) => isTaken(app, environment, artifact);
  if (environment.policy.length === 0 && environment.from !== undefined) {
    const candidates = new Map(upstreams.flatMap(releases).map(({ artifact }) => [digestOf(artifact), artifact]));
    const ready = [...candidates.values()].filter((artifact) => isReady(environment, upstreams, artifact));
    return ancestry.newest(ready.filter(taken));
  }
  return ancestry.newest(all.filter(taken));
}

/** Whether an artifact is one that the environment takes by itself, wherever it has been released before. */
export function isTaken(app: App, { policy, accept }: Environment, artifact: Artifact): boolean {
  if (artifact.version.event === "pr" || !isDeclared(app, artifact)) return false;
  if (matchesAny(accept, artifact)?.matches === false) return false;
  if (policy.length === 0) return true;
  // What Glu's own commits were built into would hide the artifact that is waiting behind it.
  return matchesAny(policy, artifact)?.matches === true && !carriesRequest(artifact.version.message ?? "");
}

/** Whether enough upstreams have released an artifact, by their records in the order of `from`. */
export function isReady({ from }: Environment, upstreams: readonly ReleaseRecord[], artifact: Artifact): boolean {
  const enough = from?.mode === "any" ? 1 : upstreams.length;
  return upstreams.filter((record) => eligible(record, artifact).eligible).length >= enough;
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
