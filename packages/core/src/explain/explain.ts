import type { AnyGate } from "../gates/gate.ts";
import type { Artifact } from "../model/artifact.ts";
import { type Decision, type RunResult, worst } from "../model/decision.ts";
import { type EnvName, type RequestId, shortRef } from "../model/names.ts";
import type { App, Environment, Pipeline } from "../model/pipeline.ts";
import type { Actor } from "../model/record.ts";
import { type AttemptOptions, attemptPromotion, type GroupResult } from "../promote/attempt.ts";
import { type BoardRow, boardOf } from "../promote/board.ts";
import { type Candidate, candidatesOf } from "../promote/candidates.ts";
import { startMemory } from "../promote/groups.ts";
import type { PromotePorts } from "../promote/options.ts";
import type { RunMemory } from "../promote/run-memory.ts";
import { parseArtifactSelector } from "../select/artifact-selector.ts";
import { whyNoneTaken } from "../select/why-none-taken.ts";
import type { State } from "../state/state.ts";
import { Tips } from "../state/tips.ts";
import { type Passage, passagesOf } from "./passage.ts";
import { stillPorts } from "./still.ts";
import { waitingFor } from "./waiting.ts";

export interface ExplainRequest {
  app: string;
  environment: string;
  /** `latest`: those that wait. Else this one: an id, a digest, or a path to an artifact's JSON. */
  artifact: string;
  actor: Actor;
  request: RequestId;
}

/** Why one artifact is, or is not, what runs in an environment. */
export interface Explained {
  artifact: Artifact;
  environment: EnvName;
  /** How far it came, in pipeline order. */
  passages: Passage[];
  /** Why nothing promotes it there by itself; undefined when a policy does. */
  onlyByRequest: string | undefined;
  /** What would be decided now: of a promotion that starts by itself, else of one by request. */
  decision: Decision;
  /** Where `from` is what stops it: the same of each upstream that has not released it. */
  upstream: Explained[];
}

/** The answer to "why is it not there?". */
export interface Explanation {
  /** That of the artifact that could go there next; `none` when there is none. */
  result: RunResult;
  app: App;
  environment: Environment;
  pipeline: Pipeline;
  /** What runs in the environments of the app, in pipeline order. */
  board: BoardRow[];
  /** Newest first. Without one that waits: what runs there now. */
  artifacts: Explained[];
  /** How many more wait. */
  left: number;
  /** Ids of the two that are explained with every gate, and upstream; the others by what the records and config say. */
  next: string | undefined;
  newest: string | undefined;
  /** Id of the one that the next run promotes by itself: `next`, or an older one while that is held. */
  starts: string | undefined;
  /** Why there is nothing to explain: nothing runs there, and nothing waits. */
  none: string | undefined;
  notices: string[];
}

/**
 * Why an artifact is not in an environment, by the same way that a promotion decides, on one tip. It changes nothing, and
 * sets nothing going: gates that act are looked at when it is promoted.
 * @throws GluError when the app or environment is not known, or what must be read cannot be
 */
export async function explain(asked: ExplainRequest, given: PromotePorts): Promise<Explanation> {
  const selector = parseArtifactSelector(asked.artifact);
  const ports = stillPorts(given);
  const { memory, damaged: notices } = startMemory(ports);
  const { repository, repositoryOf, logger } = ports;
  logger.progress(`Reading ${shortRef(repository.branch)} of ${repository.location}`);
  const configTip = await repository.open();
  const pipeline = await ports.loadPipeline(configTip);
  const [candidate] = candidatesOf(pipeline, { apps: [asked.app], environments: [asked.environment] });
  const { app, environment } = candidate as Candidate;
  const tips = new Tips({
    ...{ target: repository, tip: configTip, config: repository, configTip, pipeline, repositoryOf },
    merging: { merges: memory.merges, ports },
  });
  await tips.load(app.environments.map((name) => ({ app: app.name, environment: name })));
  const state = tips.state();
  const board = boardOf({ candidates: [candidate as Candidate], decisions: [], state }, ports.clock.now());
  const world: World = { asked, ports, memory, pipeline, app, state };
  const about = { app, environment, pipeline, board, notices };
  if (selector.kind !== "latest") {
    const artifact = await memory.reader.one(app, selector);
    const explained = await explainOne(artifact, environment, { ...world, named: asked.artifact });
    const { id } = artifact;
    const starts = startsByItself(explained) ? id : undefined;
    const { result } = explained.decision;
    return { ...about, result, artifacts: [explained], left: 0, next: id, newest: id, starts, none: undefined };
  }
  const current = state.record(app.name, environment.name).current?.artifact;
  const all = await memory.reader.all(app);
  const waiting = await waitingFor({ app, environment, pipeline, state, all, ancestry: memory.ancestry });
  // With nothing newer, what runs there may still have been changed by hand.
  const artifacts = waiting.artifacts.length > 0 ? waiting.artifacts : current === undefined ? [] : [current];
  const explained: Explained[] = [];
  for (const artifact of artifacts) {
    const whole = artifact === waiting.next || artifact === waiting.newest;
    explained.push(await explainOne(artifact, environment, whole ? world : glancing(world)));
  }
  const next = explained.find(({ artifact }) => artifact === (waiting.next ?? current));
  const starts = await startedNext(explained, environment, world);
  const anywhere = { ...environment, from: undefined, auto: undefined };
  return {
    ...about,
    result: worst(next === undefined ? [] : [next.decision.result]),
    artifacts: explained.map((one) => afterStarted(one, explained, starts)),
    left: waiting.left,
    next: waiting.next?.id,
    newest: waiting.newest?.id,
    starts,
    none: explained.length > 0 ? undefined : whyNoneTaken({ app, environment: anywhere, explicit: true }, all, []),
  };
}

const startsByItself = ({ decision, onlyByRequest }: Explained): boolean =>
  onlyByRequest === undefined && decision.result === "planned";

/**
 * What the next run takes there, found as that run finds it. While the newest is held it may be an older one, of which
 * those outside are asked as well.
 */
async function startedNext(
  explained: readonly Explained[],
  environment: Environment,
  world: World,
): Promise<string | undefined> {
  if (explained.length < 2) return explained.find(startsByItself)?.artifact.id;
  const { decisions } = await attempt("latest", { app: world.app, environment, explicit: false }, world);
  return decisions.find(({ result }) => result === "planned")?.intent.artifact.id;
}

/** Those that are older than the one that starts are overtaken by it. */
function afterStarted(one: Explained, all: readonly Explained[], starts: string | undefined): Explained {
  const at = all.findIndex(({ artifact }) => artifact.id === starts);
  if (at < 0 || all.indexOf(one) <= at || one.onlyByRequest !== undefined) return one;
  return { ...one, onlyByRequest: `${starts} is newer, and goes first` };
}

interface World {
  asked: ExplainRequest;
  ports: PromotePorts;
  memory: RunMemory;
  pipeline: Pipeline;
  app: App;
  state: State;
  /** What the artifact was asked for by, where no store may have it. */
  named?: string;
  /** Only what records and config say is looked at. */
  glance?: boolean;
}

/** Nobody outside is asked about artifacts that are not the next or the newest. */
function glancing(world: World): World {
  const { ports } = world;
  const gates = ports.gates.map((gate): AnyGate => (gate.observes === "state" ? gate : { ...gate, observes: "acts" }));
  return { ...world, glance: true, ports: { ...ports, gates } };
}

async function explainOne(artifact: Artifact, environment: Environment, world: World): Promise<Explained> {
  const { app, state, pipeline } = world;
  const place = { artifact, environment: environment.name, passages: passagesOf(app, artifact, state) };
  const { decision, onlyByRequest = leftUpstream(environment, place.passages) } = await decideOne(
    artifact,
    environment,
    world,
  );
  const stopped = decision.gates.some(({ name, met }) => name === "from" && !met);
  const missing = world.glance || !stopped ? [] : missingUpstream(environment, place.passages);
  const upstream: Explained[] = [];
  for (const name of missing) {
    const one = pipeline.environments.get(name);
    if (one !== undefined && app.environments.includes(name)) upstream.push(await explainOne(artifact, one, world));
  }
  return { ...place, onlyByRequest, decision, upstream };
}

/** The upstreams that do not count it as released. */
function missingUpstream({ from }: Environment, passages: readonly Passage[]): EnvName[] {
  const counts = new Set(
    passages.flatMap(({ environment, state }) => (state === "runs" || state === "ran" ? [environment] : [])),
  );
  return (from?.environments ?? []).filter((name) => !counts.has(name));
}

/** Why an edge that takes what runs upstream does not take this one; undefined when it does, or takes others too. */
function leftUpstream({ auto, from }: Environment, passages: readonly Passage[]): string | undefined {
  if (auto !== "upstream") return undefined;
  const upstream = passages.filter(({ environment }) => from?.environments.includes(environment));
  const enough = from?.mode === "any" ? 1 : upstream.length;
  const left = upstream.filter(({ state }) => state === "ran");
  if (left.length === 0 || upstream.filter(({ state }) => state === "runs").length >= enough) return undefined;
  return `another one runs in ${left.map(({ environment }) => environment).join(", ")} now`;
}

/** First as a policy would start it; where none does, why, and what a request would come to. */
async function decideOne(
  artifact: Artifact,
  environment: Environment,
  world: World,
): Promise<Pick<Explained, "decision" | "onlyByRequest">> {
  const named = world.named ?? artifact.id;
  const byItself = await attempt(named, { app: world.app, environment, explicit: false }, world);
  const [decision] = byItself.decisions;
  const overtaken = decision?.result === "superseded";
  if (decision !== undefined && !overtaken) return { decision, onlyByRequest: undefined };
  const byRequest = await attempt(named, { app: world.app, environment, explicit: true }, world);
  const [failed] = [...byItself.undecided, ...byRequest.undecided];
  if (failed !== undefined) throw failed.error;
  return {
    decision: byRequest.decisions[0] as Decision,
    onlyByRequest: overtaken ? "it was overtaken" : (byItself.passedOver[0]?.reason ?? "nothing starts it"),
  };
}

async function attempt(artifact: string, candidate: Candidate, world: World): Promise<GroupResult> {
  const { asked, ports, memory, pipeline } = world;
  const { environment, app, explicit } = candidate;
  const target = ports.repositoryOf(environment);
  const options: AttemptOptions = {
    request: {
      // In a set the others are looked at as well, as a run does that names no app.
      apps: environment.set === true ? [] : [app.name],
      environments: explicit ? [environment.name] : [],
      artifact,
      reason: undefined,
      plan: true,
      overwrite: false,
      set: false,
      commitMessage: undefined,
      author: undefined,
      request: asked.request,
      again: false,
      actor: asked.actor,
    },
    ports,
    memory,
    target,
    configTip: await ports.repository.open(),
    pipeline,
    includes: (one) => one.environment.name === environment.name && one.app.name === app.name,
  };
  const { done } = await attemptPromotion(await target.open(), { count: 0, unclear: false }, options);
  return done(undefined);
}
