import { digestOf, sameArtifact } from "../artifact/digest.ts";
import { follows } from "../artifact/order.ts";
import type { AncestryReader } from "../decide/ancestry.ts";
import { isDeclared } from "../gates/declared.ts";
import { eligible } from "../gates/from.ts";
import { manifestAt } from "../manifests/manifest-at.ts";
import { startedByManifests, whyNotStarted } from "../manifests/why-not-started.ts";
import type { Artifact } from "../model/artifact.ts";
import type { App, Environment } from "../model/pipeline.ts";
import { historyLimit, type ReleaseRecord, releases } from "../model/record.ts";
import { matchesAny } from "../policy/match.ts";
import { carriesRequest } from "../records/trailers.ts";

/**
 * Where what an environment takes is looked for. `explicit`: somebody asked for it, so that it need not be anything that
 * only the manifests of artifacts start.
 */
export interface Taking {
  app: App;
  environment: Environment;
  explicit: boolean;
}

const byManifests = ({ app, environment, explicit }: Taking): boolean =>
  !explicit && startedByManifests(app, environment);

/** Whether what an environment takes is looked for among all artifacts, and not in its upstreams' records. */
export function takesFromStore(taking: Taking): boolean {
  const { policy, from, auto } = taking.environment;
  return byManifests(taking) || (auto === undefined && (policy.length > 0 || from === undefined));
}

/**
 * What an environment takes by itself, in no order: what its policies match; with `auto`, or without policies, what of
 * it upstream released or runs; without either what it accepts. Where manifests count, theirs must match as well. Never
 * a pull request's build, nor what is not declared, nor what has a manifest that is refused.
 */
export function takenBy(taking: Taking, all: readonly Artifact[], upstreams: readonly ReleaseRecord[]): Artifact[] {
  return offered(taking, all, upstreams).filter((artifact) => isWantedByManifest(taking, artifact));
}

/** What there is to take, but for what manifests say; see {@link takenBy}. */
export function offered(taking: Taking, all: readonly Artifact[], upstreams: readonly ReleaseRecord[]): Artifact[] {
  const there = takesFromStore(taking) ? all : offeredBy(taking.environment, upstreams);
  return there.filter((artifact) => isFitting(taking, artifact));
}

/** Whether an artifact is one that the environment takes by itself, wherever it has been released before. */
export const isTaken = (taking: Taking, artifact: Artifact): boolean =>
  isFitting(taking, artifact) && isWantedByManifest(taking, artifact);

function isFitting(taking: Taking, artifact: Artifact): boolean {
  const { app, environment } = taking;
  const { accept, policy } = environment;
  const isByItself = policy.length > 0 || byManifests(taking) || (!taking.explicit && environment.auto !== undefined);
  return (
    artifact.version.event !== "pr" &&
    isDeclared(app, artifact) &&
    matchesAny(accept, artifact)?.matches !== false &&
    matchesAny(policy, artifact)?.matches !== false &&
    // What Glu's own commits were built into would hide the artifact that is waiting behind it.
    !(isByItself && carriesRequest(artifact.version.message ?? ""))
  );
}

function isWantedByManifest({ app, environment, explicit }: Taking, artifact: Artifact): boolean {
  const found = manifestAt(app, environment, artifact);
  if (found.kind === "bad") return false;
  // Who asks passes over what starts by itself; what an environment's own policy says of `latest`, it still says.
  return explicit || whyNotStarted(app, environment, artifact) === undefined;
}

/** Whether enough upstreams have released an artifact, by their records in the order of `from`. */
export function isReady({ from }: Environment, upstreams: readonly ReleaseRecord[], artifact: Artifact): boolean {
  const enough = from?.mode === "any" ? 1 : upstreams.length;
  return upstreams.filter((record) => eligible(record, artifact, from).eligible).length >= enough;
}

/** What the upstreams have for an environment: enough of them released it, or run it now. */
function offeredBy({ from, auto }: Environment, upstreams: readonly ReleaseRecord[]): Artifact[] {
  const enough = from?.mode === "any" ? 1 : upstreams.length;
  const candidates = new Map(upstreams.flatMap(releases).map(({ artifact }) => [digestOf(artifact), artifact]));
  const offers = (record: ReleaseRecord, artifact: Artifact) =>
    eligible(record, artifact, from).eligible && (auto !== "upstream" || isRunning(record, artifact));
  return [...candidates.values()].filter(
    (artifact) => upstreams.filter((record) => offers(record, artifact)).length >= enough,
  );
}

/** Whether upstream has an artifact for an environment, by its records in the order of `from`; see {@link takenBy}. */
export const isOffered = (environment: Environment, upstreams: readonly ReleaseRecord[], artifact: Artifact): boolean =>
  offeredBy(environment, upstreams).some((one) => sameArtifact(one, artifact));

/** Whether an artifact is what runs there now. */
export const isRunning = ({ current }: ReleaseRecord, artifact: Artifact): boolean =>
  current !== null && sameArtifact(current.artifact, artifact);

/** The greatest artifact that an environment takes by itself; see {@link takenBy}. */
export async function latestFor(
  taking: Taking,
  all: readonly Artifact[],
  upstreams: readonly ReleaseRecord[],
  ancestry: AncestryReader,
): Promise<Artifact | undefined> {
  return ancestry.newest(takenBy(taking, all, upstreams));
}

/** Artifacts that are tried where newer ones are held: as many as a record of upstream tells. */
const mostAlternatives = historyLimit;

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
    if (current === undefined || follows(artifact, current, ancestry.ask)) {
      older.push(artifact);
    }
  }
  // Gates decide on each; the order only says which is tried first.
  const isNewer = (a: Artifact, b: Artifact) => follows(a, b, ancestry.ask);
  return older.sort((a, b) => (isNewer(a, b) ? -1 : isNewer(b, a) ? 1 : 0)).slice(0, mostAlternatives);
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
    .filter((artifact) => follows(artifact, current, ancestry.ask) && follows(next, artifact, ancestry.ask))
    .map((artifact) => artifact.id)
    .sort();
}
