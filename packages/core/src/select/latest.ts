import { digestOf, sameArtifact } from "../artifact/digest.ts";
import { compareArtifacts } from "../artifact/order.ts";
import type { AncestryReader } from "../decide/ancestry.ts";
import { isDeclared } from "../gates/declared.ts";
import { eligible } from "../gates/from.ts";
import type { Artifact } from "../model/artifact.ts";
import type { App, Environment } from "../model/pipeline.ts";
import { type ReleaseRecord, releases } from "../model/record.ts";
import { matchesAny } from "../policy/match.ts";
import { carriesRequest } from "../records/trailers.ts";

/** Whether what an environment takes by itself is looked for among all artifacts, and not in its upstreams' records. */
export const takesFromStore = ({ policy, from, auto }: Environment): boolean =>
  auto === undefined && (policy.length > 0 || from === undefined);

/**
 * What an environment takes by itself, in no order: what its policies match; with `auto`, or without policies, what of
 * it upstream released or runs; without either what it accepts. Never a pull request's build, nor what is not declared.
 */
export function takenBy(
  app: App,
  environment: Environment,
  all: readonly Artifact[],
  upstreams: readonly ReleaseRecord[],
): Artifact[] {
  const offered = takesFromStore(environment) ? all : offeredBy(environment, upstreams);
  return offered.filter((artifact) => isTaken(app, environment, artifact));
}

/** Whether an artifact is one that the environment takes by itself, wherever it has been released before. */
export function isTaken(app: App, { policy, accept }: Environment, artifact: Artifact): boolean {
  return (
    artifact.version.event !== "pr" &&
    isDeclared(app, artifact) &&
    matchesAny(accept, artifact)?.matches !== false &&
    matchesAny(policy, artifact)?.matches !== false &&
    // What Glu's own commits were built into would hide the artifact that is waiting behind it.
    (policy.length === 0 || !carriesRequest(artifact.version.message ?? ""))
  );
}

/** Whether enough upstreams have released an artifact, by their records in the order of `from`. */
export function isReady({ from }: Environment, upstreams: readonly ReleaseRecord[], artifact: Artifact): boolean {
  const enough = from?.mode === "any" ? 1 : upstreams.length;
  return upstreams.filter((record) => eligible(record, artifact).eligible).length >= enough;
}

/** What the upstreams have for an environment: enough of them released it, or run it now. */
function offeredBy({ from, auto }: Environment, upstreams: readonly ReleaseRecord[]): Artifact[] {
  const enough = from?.mode === "any" ? 1 : upstreams.length;
  const candidates = new Map(upstreams.flatMap(releases).map(({ artifact }) => [digestOf(artifact), artifact]));
  const offers = (record: ReleaseRecord, artifact: Artifact) =>
    eligible(record, artifact).eligible && (auto !== "upstream" || runs(record, artifact));
  return [...candidates.values()].filter(
    (artifact) => upstreams.filter((record) => offers(record, artifact)).length >= enough,
  );
}

const runs = ({ current }: ReleaseRecord, artifact: Artifact): boolean =>
  current !== null && sameArtifact(current.artifact, artifact);

/** The greatest artifact that an environment takes by itself; see {@link takenBy}. */
export async function latestFor(
  app: App,
  environment: Environment,
  all: readonly Artifact[],
  upstreams: readonly ReleaseRecord[],
  ancestry: AncestryReader,
): Promise<Artifact | undefined> {
  return ancestry.newest(takenBy(app, environment, all, upstreams));
}

/** Artifacts that are tried where newer ones are held. */
const mostAlternatives = 10;

/** Those between what is released and the latest, newest first: what may go while the latest is held. */
export async function alternativesTo(
  latest: Artifact,
  taken: readonly Artifact[],
  current: Artifact | undefined,
  ancestry: AncestryReader,
): Promise<Artifact[]> {
  const older: Artifact[] = [];
  for (const artifact of taken) {
    if (artifact.id === latest.id) continue;
    await ancestry.load(artifact, current);
    if (current === undefined || compareArtifacts(artifact, current, ancestry.ask).kind === "newer") {
      older.push(artifact);
    }
  }
  const ordered: Artifact[] = [];
  while (older.length > 0 && ordered.length < mostAlternatives) {
    const next = await ancestry.newest(older);
    if (next === undefined) break;
    ordered.push(next);
    older.splice(older.indexOf(next), 1);
  }
  return ordered;
}

/** Ids of what an environment takes between the released artifact and the new one: overtaken before it was promoted. */
export async function overtaken(
  takes: (artifact: Artifact) => boolean,
  all: readonly Artifact[],
  current: Artifact | undefined,
  next: Artifact,
  ancestry: AncestryReader,
): Promise<string[]> {
  if (current === undefined) return [];
  const matching = all.filter(takes);
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
