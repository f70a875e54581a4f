import { createHash } from "node:crypto";
import { GluError } from "../errors.ts";
import type { Decision } from "../model/decision.ts";
import type { AppName, EnvName, RefName } from "../model/names.ts";
import type { Change, ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import type { ProposedCommit } from "../ports/proposal-branches.ts";
import { attemptOn, type GroupResult, type Includes, type Run } from "../promote/attempt-on.ts";
import { resultOf } from "../promote/groups.ts";
import { type Attempt, transact } from "../transact.ts";
import { proposalBranch } from "./branch.ts";
import { isProposed } from "./is-proposed.ts";
import { closeElsewhere, type Looked, lookAt } from "./look-at.ts";
import { marked } from "./marker.ts";
import { mergeByItself } from "./merge-by-itself.ts";
import { settingsOf } from "./settings.ts";
import { settled, standingOf, type Wanted } from "./standing.ts";
import { mayBringOneOf, proposalFolder } from "./superseded.ts";
import { configFor, isHereIn, tidyProposals } from "./tidy.ts";
import { type WaitsElsewhere, waitsElsewhere } from "./waits-elsewhere.ts";
import { whatIsAsked } from "./what-is-asked.ts";

/**
 * Decides on the newest tip what shall run in an environment whose changes are proposed, and proposes what goes: each
 * app by itself, with `set` all that move together. The config branch is not written to: what runs there is what is
 * merged.
 */
export async function proposeInto(target: ConfigRepository, run: Run, environment: EnvName): Promise<GroupResult> {
  const isOfIt: Includes = (candidate) => candidate.environment.name === environment && isProposed(candidate);
  const { request, ports, first } = run;
  const tip = target === ports.repository && first !== undefined ? first : await target.open();
  // All are decided at once, to read what they need together. It is known then which go, and these are done one by one.
  const attempt = await attemptOn(tip, { count: 0, unclear: false }, { target, run, includes: isOfIt });
  const looked = attempt.done(undefined);
  const apps = looked.decisions.filter(isGoing).map(({ intent }) => intent.app);
  if (request.plan) return looked;
  const isSet = request.set || looked.candidates.some((one) => one.environment.set === true);
  const units = isSet ? [apps] : apps.map((app) => [app]);
  const waiting = waitsElsewhere({ target, proposals: ports.proposing.of(target) }, { environment, base: tip.branch });
  const decided = new Map<AppName, Decision>();
  const failed = new Map<AppName, GluError>();
  let closed: GluError | undefined;
  const branches = new Map<AppName, RefName>();
  for (const unit of units.filter(({ length }) => length > 0)) {
    for (const app of unit) branches.set(app, proposalBranch(environment, unit));
    try {
      if (closed !== undefined) throw closed;
      for (const one of await proposeUnit(target, run, tip, { environment, apps: unit, waiting }))
        decided.set(one.intent.app, one);
    } catch (error) {
      // What was proposed before it stands and is told. The others are not kept from it by one, unless nobody answers.
      if (!(error instanceof GluError)) throw error;
      if (error.kind === "outside") closed = error;
      for (const app of unit) failed.set(app, error);
    }
  }
  const [why] = failed.values();
  if (why !== undefined && failed.size === apps.length) throw why;
  const decisions = looked.decisions
    .filter(({ intent }) => !failed.has(intent.app))
    .map((one) => decided.get(one.intent.app) ?? one);
  const told = await tidyAfter({ ...looked, decisions }, { target, run, environment, base: tip.branch, branches });
  return {
    ...looked,
    decisions,
    notices: [...looked.notices, ...told],
    undecided: [...looked.undecided, ...[...failed].map(([app, error]) => ({ app, environment, error }))],
  };
}

interface Proposed {
  target: ConfigRepository;
  run: Run;
  environment: EnvName;
  base: RefName;
  /** Of apps that this run proposes. */
  branches: ReadonlyMap<AppName, RefName>;
}

/** Puts away what is left of other proposals of the apps that were decided on; where all were, of any. */
async function tidyAfter(
  { decisions, candidates, state, configTip }: GroupResult,
  { target, run: { request, ports }, environment, base, branches }: Proposed,
): Promise<string[]> {
  const pipeline = await ports.loadPipeline(configTip);
  const apps = new Set<string>(candidates.map(({ app }) => app.name));
  const own = new Set(branches.values());
  const isAll = request.apps.length === 0;
  return tidyProposals({
    ...{ target, base, pipeline, decisions, proposals: ports.proposing.of(target), logger: ports.logger },
    folder: proposalFolder(environment),
    includes: (branch) => !own.has(branch) && (isAll || mayBringOneOf(branch, environment, apps)),
    isHere: (name) => isHereIn(target, name, pipeline, ports),
    config: configFor(target, ports),
    branchOf: ({ intent }) => branches.get(intent.app),
    current: (app, name) => (apps.has(app) && name === environment ? state.current(app, name)?.artifact.id : undefined),
  });
}

/** Whether a decision wants something written, which the config branch does not hold yet. */
const isGoing = ({ result, repeated, commit }: Decision): boolean =>
  result === "promoted" && !repeated && commit === undefined;

interface Unit {
  environment: EnvName;
  /** Proposed together. */
  apps: readonly AppName[];
  waiting: WaitsElsewhere;
}

/** One proposal: decided again on the newest tip until its branch could be written. */
async function proposeUnit(target: ConfigRepository, run: Run, tip: Snapshot, unit: Unit): Promise<Decision[]> {
  const { ports, request } = run;
  const { environment, apps, waiting } = unit;
  const place = { branch: proposalBranch(environment, apps), base: tip.branch };
  const proposals = ports.proposing.of(target);
  const includes: Includes = (candidate) =>
    candidate.environment.name === environment && apps.includes(candidate.app.name) && isProposed(candidate);

  let seen: Seen | undefined;
  const { clock, logger } = ports;
  const branchAsTarget = {
    location: target.location,
    branch: place.branch,
    open: () => target.open(),
    commit: async (onto: Snapshot, commit: Parameters<ConfigRepository["commit"]>[1]) => {
      const replaces = seen?.standing.kind === "write" ? seen.standing.replaces : undefined;
      const done = await target.proposals.write(place.branch, { onto, commit, replaces });
      if (seen !== undefined && done.kind === "committed") seen.tip = { ...done, message: commit.message, byGlu: true };
      return done;
    },
  };
  const decisions = await transact(
    { repository: branchAsTarget, clock, logger, first: tip },
    async (onto, tries): Promise<Attempt<Decision[]>> => {
      const { commit, done } = await attemptOn(onto, tries, { target, run, includes });
      const looked = done(undefined);
      const made = looked.decisions;
      seen = undefined;
      if (commit === undefined) return { commit, done: () => made };
      const going = made.filter(isGoing);
      const asked = whatIsAsked(going);
      const wanted: Wanted = {
        environment,
        artifacts: Object.fromEntries(going.map(({ intent }) => [intent.app, intent.artifact.id])),
        onto: await digestOfFiles(onto, commit.changes),
        ...(asked === undefined ? {} : { asked }),
      };
      const isAutomatic = going.every(({ intent }) => !intent.explicit);
      const looking = {
        place,
        onto,
        wanted,
        isAutomatic,
        request: request.request,
        goesBack: request.rollback !== undefined,
        apps,
        paths: commit.changes.map(({ path }) => path),
      };
      const { standing, undone, others } = await lookAt({ target, proposals, clock, waiting }, looking);
      seen = { standing, undone, others, wanted, plan: { ...looked, decisions: going } };
      return {
        commit: standing.kind === "write" ? commit : undefined,
        done: () => made.map((one) => (isGoing(one) ? settled(one, standing) : one)),
      };
    },
  );
  const written = seen as Seen | undefined;
  if (written?.standing.kind === "stands") {
    const { pipeline, open } = { pipeline: await ports.loadPipeline(written.plan.configTip), ...written.standing };
    await mergeByItself(open.number, pipeline.environments.get(environment), { proposals, logger });
  }
  if (written?.standing.kind !== "write") return decisions;
  if (written.standing.open === undefined && written.tip !== undefined) {
    // Another run's may have been opened, merged and gone with its branch since they were read.
    const { tip: at, wanted, undone } = written;
    const known = await proposals.of(place, true);
    const now = standingOf({ branch: place.branch, tip: at, proposals: known, undone }, wanted);
    if (now.kind === "held") {
      await target.proposals.remove(place.branch, at.commit);
      return decisions.map((one) => (one.result === "proposed" ? settled(one, now) : one));
    }
  }
  const plan = await planOf(written.plan, target, run);
  const { title, body } = await ports.proposing.text(plan, request, target);
  const config = configFor(target, ports);
  const marker = { ...written.wanted, request: request.request, ...(config === undefined ? {} : { config }) };
  const text = { title, body: marked(body, marker) };
  const { open } = written.standing;
  const declared = plan.pipeline.environments.get(environment);
  const proposal = open ?? (await proposals.open(place, text, settingsOf(declared)));
  if (open !== undefined) await proposals.update(open.number, text);
  await mergeByItself(proposal.number, declared, { proposals, logger });
  const { number, url } = proposal;
  for (const other of written.others) await closeElsewhere(other, { url, apps, proposals, logger });
  return decisions.map((one) => (one.result === "proposed" ? { ...one, proposal: { number, url } } : one));
}

interface Seen extends Looked {
  wanted: Wanted;
  /** What was written. */
  tip?: ProposedCommit;
  /** What was decided of what goes. */
  plan: GroupResult;
}

/** What is proposed, as a plan tells it. */
async function planOf(group: GroupResult, target: ConfigRepository, { ports, memory }: Run) {
  const decisions = group.decisions.map((one): Decision => ({ ...one, result: "planned" }));
  const groups = [{ ...group, decisions, passedOver: [], notices: [], target }];
  const pipeline = await ports.loadPipeline(group.configTip);
  return resultOf({ groups, undecided: [], damaged: [], pipeline, ports, memory, plan: true });
}

/** Of files as they are at a tip, and what becomes of them: the same as long as nobody changes them, nor what is written. */
async function digestOfFiles(tip: Snapshot, changes: readonly Change[]): Promise<string> {
  const paths = changes.map(({ path }) => path).sort();
  const files = await tip.read(paths);
  // A record says when it was decided, which is another time with every run.
  const written = changes.filter(({ path }) => !path.startsWith(".glu/"));
  const hash = createHash("sha256");
  for (const path of paths) {
    const file = files.get(path);
    const content = createHash("sha256").update(file?.content ?? "");
    hash.update(`${path}\0${file === undefined ? "none" : content.digest("hex")}\n`);
  }
  for (const { path, content = "" } of [...written].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    hash.update(`${path}\0${createHash("sha256").update(content).digest("hex")}\n`);
  }
  return hash.digest("hex").slice(0, 40);
}
