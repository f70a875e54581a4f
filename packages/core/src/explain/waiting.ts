import { compareArtifacts, inOrder } from "../artifact/order.ts";
import type { AncestryReader } from "../decide/ancestry.ts";
import type { Artifact } from "../model/artifact.ts";
import type { App, Environment, Pipeline } from "../model/pipeline.ts";
import { type ReleaseRecord, releases, removalOf } from "../model/record.ts";
import { isReady, isTaken, takesFromStore } from "../select/latest.ts";
import type { State } from "../state/state.ts";
import { passagesOf } from "./passage.ts";

/** More artifacts than this are counted. */
export const mostWaiting = 20;

/** What waits for a place. */
export interface Waiting {
  /** Newest first, at most {@link mostWaiting}, `next` and `newest` among them. */
  artifacts: Artifact[];
  /** How many more there are. */
  left: number;
  /** The one that could go there next: the newest that enough upstreams have released, else the newest at all. */
  next: Artifact | undefined;
  /** The newest that the environment takes, wherever it is now; without one, the newest that waits. */
  newest: Artifact | undefined;
}

export interface WaitingOptions {
  app: App;
  environment: Environment;
  pipeline: Pipeline;
  state: State;
  all: readonly Artifact[];
  ancestry: AncestryReader;
}

/**
 * The artifacts that could still become what runs in a place: newer than what runs there; and of those that have no
 * order with it, such as another branch's, the ones that the way to this place takes.
 */
export async function waitingFor(options: WaitingOptions): Promise<Waiting> {
  const { app, environment, state, ancestry } = options;
  const record = state.record(app.name, environment.name);
  const upstreams = (environment.from?.environments ?? []).map((name) => state.record(app.name, name));
  const coming = options.all.filter((artifact) => isWaiting(artifact, record, options));
  // A branch that was renamed has no order with what runs there: of what no policy takes, it is told why.
  const waiting = coming.length > 0 ? coming : options.all.filter((artifact) => isLater(artifact, record));
  const taken = waiting.filter((artifact) => isTaken({ app, environment, explicit: true }, artifact));
  const ordered = inOrder(waiting);
  const newest = (await ancestry.newest(taken)) ?? ordered[0];
  const ready = taken.filter((artifact) => isReady(environment, upstreams, artifact));
  const next = (await ancestry.newest(ready)) ?? newest;
  // The two that are explained in full are in the list, however long it is.
  const first = new Set([newest, next].filter((one) => one !== undefined));
  for (const artifact of ordered) if (first.size < mostWaiting) first.add(artifact);
  const artifacts = ordered.filter((artifact) => first.has(artifact));
  return { artifacts, left: ordered.length - artifacts.length, next, newest };
}

function isWaiting(artifact: Artifact, record: ReleaseRecord, options: WaitingOptions): boolean {
  const { app, environment, state } = options;
  const current = record.current?.artifact;
  const standing = current === undefined ? "incomparable" : compareArtifacts(artifact, current).kind;
  if (standing !== "incomparable") return standing === "newer";
  if (wasReleased(record, artifact)) return false;
  return (
    isOnItsWay(artifact, environment, options) ||
    passagesOf(app, artifact, state).some((one) => one.state === "runs" || one.state === "ran")
  );
}

function isLater(artifact: Artifact, record: ReleaseRecord): boolean {
  if (artifact.version.event === "pr" || wasReleased(record, artifact)) return false;
  const current = record.current?.artifact;
  if (current === undefined) return true;
  const incomparable = compareArtifacts(artifact, current).kind === "incomparable";
  return incomparable && Date.parse(artifact.committedAt) > Date.parse(current.committedAt);
}

/** Of an app that was taken out of there, nothing was: it starts anew. */
const wasReleased = (record: ReleaseRecord, { id }: Artifact): boolean =>
  removalOf(record) === undefined && releases(record).some(({ artifact }) => artifact.id === id);

/** Whether an environment takes an artifact, and where what it takes comes from upstream, whether an upstream does. */
function isOnItsWay(artifact: Artifact, environment: Environment, options: WaitingOptions): boolean {
  const { app, pipeline } = options;
  // As somebody might ask for it: what a manifest says of when is no reason why it cannot come.
  const taking = { app, environment, explicit: true };
  if (!isTaken(taking, artifact)) return false;
  if (takesFromStore(taking)) return true;
  return (environment.from?.environments ?? []).some((name) => {
    const upstream = pipeline.environments.get(name);
    // A cycle is refused by the config.
    return upstream !== undefined && upstream !== environment && isOnItsWay(artifact, upstream, options);
  });
}
