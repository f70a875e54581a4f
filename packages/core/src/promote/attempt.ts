import { type EditTools, foreseePaths } from "../edit/edit.ts";
import { overridesOf } from "../gates/break-glass.ts";
import { manifestAt } from "../manifests/manifest-at.ts";
import { whyNotStarted } from "../manifests/why-not-started.ts";
import type { Artifact } from "../model/artifact.ts";
import type { Decision, Intent, PassedOver, Undecided } from "../model/decision.ts";
import type { AppName, ArtifactId, EnvName, RepoPath, Sha, Timestamp } from "../model/names.ts";
import type { App, Environment, Pipeline } from "../model/pipeline.ts";
import type { Bytes, Change, ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import { isProposed } from "../propose/is-proposed.ts";
import { overtaken, takenBy } from "../select/latest.ts";
import type { State } from "../state/state.ts";
import type { TipReader } from "../state/tip-reader.ts";
import { Tips } from "../state/tips.ts";
import type { Attempt, Tries } from "../transact.ts";
import { type Candidate, candidatesOf } from "./candidates.ts";
import { type Deciding, decideAll, loadAround, pathsOf } from "./decide-all.ts";
import { type DecidedIntent, draft } from "./decide-intent.ts";
import { findRequest } from "./find-request.ts";
import type { PromotePorts, PromoteRequest } from "./options.ts";
import { pinOf, type RecordChangesOptions, recordChanges } from "./record-changes.ts";
import { describePromotions, makeRelease, type Promoted } from "./release.ts";
import { resolveOn } from "./resolve-on.ts";
import type { RunMemory } from "./run-memory.ts";
import { holdSet, holdSets, withSets } from "./set.ts";

export interface AttemptOptions {
  request: PromoteRequest;
  ports: PromotePorts;
  memory: RunMemory;
  /** The repository written to; environments of other repositories are read, not written. */
  target: ConfigRepository;
  /** Of the config repository, which is not the one written to when an environment lives elsewhere. */
  configTip: Snapshot;
  pipeline: Pipeline;
  /** Which of those that the request names are decided on; default all. */
  includes?: (candidate: Candidate) => boolean;
  /** See `Look.proposal`. Default: one is opened where changes are proposed. */
  proposal?: Deciding["proposal"] | undefined;
  /**
   * What was decided before and is only put on a newer tip: its artifacts. What moves with it was settled then, and what
   * makes things happen did. Default: what the request comes down to.
   */
  standing?: ReadonlyMap<AppName, Artifact> | undefined;
}

export interface GroupResult {
  decisions: Decision[];
  passedOver: PassedOver[];
  undecided: Undecided[];
  notices: string[];
  /** When what was held clears by itself, also of artifacts that the decisions do not name. */
  clearsAt: Timestamp[];
  candidates: Candidate[];
  /** As it was before the commit. */
  state: State;
  /** Of the config repository, the one that was decided on. */
  configTip: Snapshot;
  /** The commit that was made. */
  commit: Sha | undefined;
}

/** Decides and edits on one tip. The straight line of a promotion: resolve, observe, decide, edit, describe. */
export async function attemptPromotion(
  tip: Snapshot,
  tries: Tries,
  options: AttemptOptions,
): Promise<Attempt<GroupResult>> {
  const { request, ports, memory, target, configTip, pipeline } = options;
  const { includes = () => true, standing } = options;
  const asked = candidatesOf(pipeline, request).filter(
    (candidate) => ports.repositoryOf(candidate.environment) === target && includes(candidate),
  );
  // The way back is open to one app alone.
  const own = request.rollback === undefined && standing === undefined ? withSets(asked, pipeline) : asked;
  const { repository: config, repositoryOf } = ports;
  const tips = new Tips({
    ...{ target, tip, config, configTip, pipeline, repositoryOf },
    merging: { merges: memory.merges, ports },
  });
  const tools = { editors: ports.editors, templates: ports.templates, configFile: pipeline.file };
  // What is sure to be edited is read beside the artifacts. It is awaited below, and what fails is told there. Of what
  // policies may promote by themselves little is, so that is read when it is known.
  const sure = own.filter(({ explicit }) => explicit);
  tips.load(placesOf(sure), foreseen(sure, tools)).catch(() => {});
  const {
    intents,
    passedOver: leftAlone,
    undecided: unclear,
    notices,
  } = await resolveOn(tip, own, {
    ...{ request, memory, tips, standing },
    exactly: { pipeline, tools, isHere: (name) => isIn(target, pipeline.environments.get(name), ports) },
  });
  const drafts = intents.map((intent) => draft(intent, tools));
  await tips.load(placesOf(own), drafts.flatMap(pathsOf));
  await loadAround(drafts, tips.own);
  const state = tips.state();
  ports.logger.progress(
    `Deciding on ${tip.commit.slice(0, 7)}: ${drafts
      .map(({ intent }) => `${intent.app} → ${intent.environment}`)
      .slice(0, 5)
      .join(", ")}`,
  );
  const each = await decideAll(drafts, tips.own, state, {
    onto: tip,
    tries,
    tools,
    request,
    ports,
    memory,
    target,
    proposal: options.proposal ?? "opening",
    mayAct: standing === undefined,
  });
  const decided = request.set
    ? holdSet(each)
    : holdSets({ decided: each, passedOver: leftAlone, undecided: unclear }, own, request);
  const [passedOver, undecided] = [leftAlone, unclear].map((all) => all.filter((one) => wasAsked(one, own))) as [
    PassedOver[],
    Undecided[],
  ];
  for (const { decision } of decided) {
    if (decision.release?.request === request.request) {
      const { app, environment } = decision.intent;
      decision.commit = (await findRequest(tip, { request: request.request, app, environment }))?.commit;
    }
  }
  passedOver.push(...decided.flatMap(({ waiting }) => (waiting === undefined ? [] : [waitingBehind(waiting)])));
  const clearsAt = decided.flatMap(({ decision, waiting, tried = [] }) =>
    [decision, ...(waiting === undefined ? [] : [waiting]), ...tried].flatMap(clearingOf),
  );
  const result = { clearsAt, passedOver, undecided, notices, candidates: own, state, configTip };
  const going = decided.filter(({ edits }) => edits !== undefined);
  const promoted = await Promise.all(going.map((one) => release(one, { state, tip, candidates: own }, options)));
  if (request.plan || promoted.length === 0) {
    const decisions = decided.map(({ decision, edits }): Decision => {
      return edits === undefined ? decision : { ...decision, result: "planned" };
    });
    // A push of this run whose answer was lost: what it made is this run's commit.
    const arrived = decisions.find(({ release, repeated }) => release?.request === request.request && !repeated);
    return { commit: undefined, done: () => ({ ...result, decisions, commit: arrived?.commit }) };
  }
  return {
    commit: {
      message: describePromotions(promoted, request.commitMessage),
      ...(request.author === undefined ? {} : { author: request.author }),
      changes: changesOf(going, promoted, tips.own, { request, ancestry: memory.ancestry, now: ports.clock.now() }),
    },
    done: (commit) => ({
      ...result,
      commit,
      decisions: decided.map(({ decision, edits }) => (edits === undefined ? decision : { ...decision, commit })),
    }),
  };
}

/** Whether a place was asked for, or is only looked at since others move with it. */
const wasAsked = (place: { app: AppName; environment: EnvName }, candidates: readonly Candidate[]): boolean =>
  !candidates.some(
    ({ app, environment, alongside }) =>
      alongside === true && app.name === place.app && environment.name === place.environment,
  );

const isIn = (target: ConfigRepository, environment: Environment | undefined, ports: PromotePorts): boolean =>
  environment !== undefined && ports.repositoryOf(environment) === target;

const clearingOf = ({ gates }: Decision): Timestamp[] =>
  gates.flatMap(({ met, clearsAt }) => (met || clearsAt === undefined ? [] : [clearsAt]));

function waitingBehind({ intent: { app, environment, artifact }, reason }: Decision): PassedOver {
  return { app, environment, artifact: artifact.id as ArtifactId, reason: `it is newer, and held: ${reason}` };
}

/** Every environment of the apps: what runs where is told, and decided by. */
function placesOf(candidates: readonly Candidate[]): { app: AppName; environment: EnvName }[] {
  return candidates.flatMap(({ app }) => app.environments.map((environment) => ({ app: app.name, environment })));
}

function foreseen(candidates: readonly Candidate[], tools: EditTools): RepoPath[] {
  return candidates.flatMap(({ app, environment }) => foreseePaths(app, environment, tools));
}

/** The release that a going intent makes, also put into its decision. */
async function release(
  { decision, edits }: DecidedIntent,
  { state, tip, candidates }: Pick<GroupResult, "state" | "candidates"> & { tip: Snapshot },
  { request, ports, memory, pipeline }: AttemptOptions,
): Promise<Promoted> {
  const { intent } = decision;
  const isHere = ({ app, environment }: Candidate) =>
    app.name === intent.app && environment.name === intent.environment;
  const previous = intent.rollback?.lost ?? state.record(intent.app, intent.environment);
  const made = makeRelease(intent, request, {
    decidedOn: tip.commit,
    now: ports.clock.now(),
    isProposed: candidates.some((one) => isHere(one) && isProposed(one)),
    writes: edits?.writes ?? [],
    superseded: await overtakenBy(intent, state, pipeline, memory),
    overrides: overridesOf(decision.gates),
    isExact: intent.rollback !== undefined && request.rollback?.exact === true,
    wasRejected: previous.rejected.some(({ artifact }) => artifact === intent.artifact.id),
  });
  decision.release = made;
  const pin = pinOf({ intent, release: made, previous }, { request, now: ports.clock.now() });
  if (pin !== undefined) decision.pin = pin;
  return { intent, release: made, previous, pin };
}

/** What an automatic promotion leaves behind for good; by hand, people know what they skip. */
async function overtakenBy(
  { app: appName, environment: name, artifact, explicit }: Intent,
  state: State,
  pipeline: Pipeline,
  { reader, ancestry }: RunMemory,
): Promise<string[]> {
  const current = state.current(appName, name)?.artifact;
  const app = pipeline.apps.get(appName);
  const environment = pipeline.environments.get(name);
  if (explicit || current === undefined || app === undefined || environment === undefined) return [];
  const between = await reader.between(app, current, artifact);
  return overtaken(takesByItself(app, environment, state), between, current, artifact, ancestry);
}

/** Whether an environment would have taken an artifact by itself. */
function takesByItself(app: App, environment: Environment, state: State): (artifact: Artifact) => boolean {
  const { auto, from } = environment;
  if (auto === undefined) {
    return (artifact) =>
      manifestAt(app, environment, artifact).kind !== "bad" && whyNotStarted(app, environment, artifact) === undefined;
  }
  const upstreams = (from?.environments ?? []).map((upstream) => state.record(app.name, upstream));
  const taken = new Set(
    takenBy({ app, environment: { ...environment, auto: "newest" }, explicit: false }, [], upstreams).map(
      ({ id }) => id,
    ),
  );
  return ({ id }) => taken.has(id);
}

/** The edited files and the records, as one commit's changes. */
function changesOf(
  going: readonly DecidedIntent[],
  promoted: readonly Promoted[],
  tip: TipReader,
  recording: RecordChangesOptions,
): Change[] {
  const contents = new Map<RepoPath, Bytes>();
  for (const { edits } of going) for (const [path, content] of edits?.files ?? []) contents.set(path, content);
  const files = [...contents].map(([path, content]): Change => {
    return { path, content, executable: tip.files.get(path)?.executable ?? false };
  });
  return [...files, ...promoted.flatMap((one) => recordChanges(one, recording))];
}
