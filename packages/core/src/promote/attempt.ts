import type { AncestryReader } from "../decide/ancestry.ts";
import type { ObservationCache, ObserveOptions } from "../decide/observe.ts";
import { type EditTools, foreseePaths } from "../edit/edit.ts";
import { newPaths } from "../edit/obstacle.ts";
import { overlayOf } from "../edit/overlay.ts";
import type { Artifact } from "../model/artifact.ts";
import type { Decision, Intent, PassedOver, Undecided } from "../model/decision.ts";
import type { AppName, EnvName, RepoPath, Sha } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import { before, recordPath, releases, type Written, withRelease } from "../model/record.ts";
import type { Bytes, Change, ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import { encodeDocument } from "../records/documents.ts";
import type { ArtifactReader } from "../select/artifact-reader.ts";
import { parseArtifactSelector } from "../select/artifact-selector.ts";
import { overtaken } from "../select/latest.ts";
import type { State } from "../state/state.ts";
import type { TipReader } from "../state/tip-reader.ts";
import { Tips } from "../state/tips.ts";
import type { Attempt, Tries } from "../transact.ts";
import { type DecidedIntent, type Drafted, decideIntent, draft } from "./decide-intent.ts";
import { eachOf } from "./each-of.ts";
import { findRequest } from "./find-request.ts";
import { type Candidate, candidatesOf, resolveIntents } from "./intents.ts";
import type { PromotePorts, PromoteRequest } from "./options.ts";
import { describePromotions, makeRelease, type Promoted } from "./release.ts";
import { holdSet } from "./set.ts";

/** What is kept from one attempt to the next: artifacts are immutable, outside observations are made once. */
export interface RunMemory {
  reader: ArtifactReader;
  ancestry: AncestryReader;
  observations: ObservationCache;
}

export interface AttemptOptions {
  request: PromoteRequest;
  ports: PromotePorts;
  memory: RunMemory;
  /** The repository written to; environments of other repositories are read, not written. */
  target: ConfigRepository;
  /** Of the config repository, which is not the one written to when an environment lives elsewhere. */
  configTip: Snapshot;
  pipeline: Pipeline;
}

export interface GroupResult {
  decisions: Decision[];
  passedOver: PassedOver[];
  undecided: Undecided[];
  notices: string[];
  candidates: Candidate[];
  /** As it was before the commit. */
  state: State;
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
  const own = candidatesOf(pipeline, request).filter(({ environment }) => ports.repositoryOf(environment) === target);
  const { repository: config, repositoryOf } = ports;
  const tips = new Tips({ target, tip, config, configTip, pipeline, repositoryOf });
  const tools = { editors: ports.editors, templates: ports.templates, configFile: pipeline.file };
  // What is sure to be edited is read beside the artifacts. It is awaited below, and what fails is told there. Of what
  // policies may promote by themselves little is, so that is read when it is known.
  const sure = own.filter(({ explicit }) => explicit);
  tips.load(placesOf(sure), foreseen(sure, tools)).catch(() => {});
  const { intents, passedOver, undecided, notices } = await resolveIntents(own, {
    request,
    selector: parseArtifactSelector(request.artifact),
    reader: memory.reader,
    ancestry: memory.ancestry,
    upstreams: async (app, environment) => {
      const records = await tips.records(app.name, environment.from?.environments ?? []);
      return records.map((record) => before(record, request.request));
    },
    carriedOut: async (app, environment) => {
      const record = await tips.recordIfReadable(app.name, environment);
      return record && releases(record).find((one) => one.request === request.request)?.artifact;
    },
  });
  const drafts = intents.map((intent) => draft(intent, tools));
  await tips.load(
    placesOf(own),
    drafts.flatMap(({ writes }) => ("kind" in writes ? [] : writes.flatMap(({ paths }) => paths))),
  );
  await tips.own.loadAround(drafts.flatMap(({ writes }) => ("kind" in writes ? [] : newPaths(writes, tips.own.files))));
  const state = tips.state();
  ports.logger.progress(
    `Deciding on ${tip.commit.slice(0, 7)}: ${drafts
      .map(({ intent }) => `${intent.app} → ${intent.environment}`)
      .slice(0, 5)
      .join(", ")}`,
  );
  const each = await decideAll(drafts, tips.own, state, { onto: tip, tries, options });
  const decided = request.set ? holdSet(each) : each;
  for (const { decision } of decided) {
    if (decision.release?.request === request.request) {
      const { app, environment } = decision.intent;
      decision.commit = (await findRequest(tip, { request: request.request, app, environment }))?.commit;
    }
  }
  const result = { passedOver, undecided, notices, candidates: own, state };
  const going = decided.filter(({ edits }) => edits !== undefined);
  const promoted = await Promise.all(going.map((one) => release(one, state, tip, options)));
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
      changes: changesOf(going, promoted, tips.own),
    },
    done: (commit) => ({
      ...result,
      commit,
      decisions: decided.map(({ decision, edits }) => (edits === undefined ? decision : { ...decision, commit })),
    }),
  };
}

/** Every environment of the apps: what runs where is told, and decided by. */
function placesOf(candidates: readonly Candidate[]): { app: AppName; environment: EnvName }[] {
  return candidates.flatMap(({ app }) => app.environments.map((environment) => ({ app: app.name, environment })));
}

function foreseen(candidates: readonly Candidate[], tools: EditTools): RepoPath[] {
  return candidates.flatMap(({ app, environment }) => foreseePaths(app, environment, tools));
}

/** What is decided on, and by which options. */
interface Deciding {
  onto: Snapshot;
  tries: Tries;
  options: AttemptOptions;
}

/** Intents that are observed at the same time where gates look outside. */
const observedAtOnce = 16;

/**
 * Where gates look outside, each intent is first decided as if it were alone, many at the same time: what was seen is
 * kept, so that deciding one after the other then waits for nobody.
 */
async function decideAll(
  drafts: readonly Drafted[],
  tip: TipReader,
  state: State,
  deciding: Deciding,
): Promise<DecidedIntent[]> {
  const { gates } = deciding.options.ports;
  const looking = drafts.filter(({ candidate }) =>
    candidate.environment.gates.some(({ name }) => gates.find((gate) => gate.name === name)?.observes !== "state"),
  );
  if (looking.length > 1) {
    await eachOf(looking, observedAtOnce, (one) => decideEach([one], tip, state, deciding).then(() => {}));
  }
  return decideEach(drafts, tip, state, deciding);
}

/**
 * Each intent on the files as the ones before it leave them, so that several may write into one file. Gates see the
 * tip only, never what this commit is about to make true.
 */
async function decideEach(
  drafts: readonly Drafted[],
  tip: TipReader,
  state: State,
  { onto, tries, options }: Deciding,
): Promise<DecidedIntent[]> {
  const { request, ports, memory } = options;
  const { files } = tip;
  const overlay = overlayOf(tip);
  const earlier = { tip: files, writes: [] as Written[] };
  const now = ports.clock.now();
  const decided: DecidedIntent[] = [];
  for (const drafted of drafts) {
    const one = await decideIntent(drafted, {
      request,
      state,
      overlay,
      earlier,
      observing: observingOf(options),
      ancestry: memory.ancestry,
      now,
      unclear: tries.unclear,
      past: ({ app, environment }) => findRequest(onto, { request: request.request, app, environment }),
    });
    for (const [path, content] of one.edits?.files ?? []) {
      overlay.set(path, { kind: "file", executable: files.get(path)?.executable ?? false, content });
    }
    earlier.writes.push(...(one.edits?.writes ?? []));
    decided.push(one);
  }
  return decided;
}

function observingOf({ request, ports, memory }: AttemptOptions): ObserveOptions {
  const { gates, outside, clock, templates } = ports;
  return {
    gates,
    outside,
    clock,
    templates,
    cache: memory.observations,
    plan: request.plan,
    items: ({ app, intent }) => memory.reader.items(app, intent.artifact),
  };
}

/** The release that a going intent makes, also put into its decision. */
async function release(
  { decision, edits }: DecidedIntent,
  state: State,
  tip: Snapshot,
  { request, ports, memory, pipeline }: AttemptOptions,
): Promise<Promoted> {
  const { intent } = decision;
  const previous = state.record(intent.app, intent.environment);
  const made = makeRelease(intent, request, {
    decidedOn: tip.commit,
    now: ports.clock.now(),
    writes: edits?.writes ?? [],
    superseded: await overtakenBy(intent, previous.current?.artifact, pipeline, memory),
    wasRejected: previous.rejected.some(({ artifact }) => artifact === intent.artifact.id),
  });
  decision.release = made;
  return { intent, release: made, previous };
}

/** What an automatic promotion leaves behind for good; by hand, people know what they skip. */
async function overtakenBy(
  intent: Intent,
  current: Artifact | undefined,
  pipeline: Pipeline,
  { reader, ancestry }: RunMemory,
): Promise<string[]> {
  const app = pipeline.apps.get(intent.app);
  const environment = pipeline.environments.get(intent.environment);
  if (intent.explicit || current === undefined || app === undefined || environment === undefined) return [];
  const between = await reader.between(app, current, intent.artifact);
  return overtaken(environment, between, current, intent.artifact, ancestry);
}

/** The edited files and the records, as one commit's changes. */
function changesOf(going: readonly DecidedIntent[], promoted: readonly Promoted[], tip: TipReader): Change[] {
  const contents = new Map<RepoPath, Bytes>();
  for (const { edits } of going) for (const [path, content] of edits?.files ?? []) contents.set(path, content);
  const files = [...contents].map(([path, content]): Change => {
    return { path, content, executable: tip.files.get(path)?.executable ?? false };
  });
  const records = promoted.map(({ intent, release, previous }): Change => {
    const rejected = previous.rejected.filter(({ artifact }) => artifact !== intent.artifact.id);
    const record = withRelease({ ...previous, rejected }, release);
    return { path: recordPath(intent.app, intent.environment), content: encodeDocument(record) };
  });
  return [...files, ...records];
}
