import { createHash } from "node:crypto";
import type { Artifact } from "../model/artifact.ts";
import type { Decision } from "../model/decision.ts";
import type { AppName, EnvName, Sha } from "../model/names.ts";
import { requestToUndo } from "../model/request.ts";
import type { Change, ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import type { ProposedCommit } from "../ports/proposal-branches.ts";
import type { Proposal } from "../ports/proposals.ts";
import { attemptOn, type GroupResult, type Includes, type Run } from "../promote/attempt-on.ts";
import { resultOf } from "../promote/groups.ts";
import { type Attempt, transact } from "../transact.ts";
import { proposalBranch } from "./branch.ts";
import { isProposed } from "./is-proposed.ts";
import { closeElsewhere, type Looked, lookAt } from "./look-at.ts";
import { type Marker, marked, readMarker } from "./marker.ts";
import { mergeByItself } from "./merge-by-itself.ts";
import { settingsOf } from "./settings.ts";
import { settled, standingOf, type Wanted } from "./standing.ts";
import { configFor } from "./tidy.ts";
import type { WaitsElsewhere } from "./waits-elsewhere.ts";
import { whatIsAsked } from "./what-is-asked.ts";

/** Whether a decision wants something written, which the config branch does not hold yet. */
export const isGoing = ({ result, repeated, commit }: Decision): boolean =>
  result === "promoted" && !repeated && commit === undefined;

export interface Unit {
  environment: EnvName;
  /** Proposed together. */
  apps: readonly AppName[];
  /** It is there already, and only put on a newer tip: what it holds, and its branch as it was seen. */
  standing?: { artifacts: ReadonlyMap<AppName, Artifact>; head: Sha };
  /** Absent: what people asked for elsewhere keeps nothing from being written. */
  waiting?: WaitsElsewhere;
}

/**
 * One proposal: decided again on the newest tip until its branch could be written. One that stands is neither opened nor
 * changed by this where it was closed, or its branch written, since it was seen.
 */
export async function proposeUnit(target: ConfigRepository, run: Run, tip: Snapshot, unit: Unit): Promise<Decision[]> {
  const { ports, request } = run;
  const { environment, apps, standing: before, waiting = async () => undefined } = unit;
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
      const attempting = { target, run, includes, standing: before?.artifacts };
      const { commit, done } = await attemptOn(onto, tries, attempting);
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
      const undoing = request.rollback?.afterFailure === true ? request.request : undefined;
      const paths = commit.changes.map(({ path }) => path);
      const goesBack = request.rollback !== undefined;
      const looking = { place, onto, wanted, isAutomatic, undoing, request: request.request, goesBack, apps, paths };
      const at = await lookAt({ target, proposals, clock, waiting }, looking);
      const { standing } = at;
      if (before !== undefined && !isAsSeen(at, before.head, configFor(target, ports))) return nothingToDo;
      seen = { ...at, wanted, plan: { ...looked, decisions: going } };
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
  const { open } = written.standing;
  const marker = {
    ...written.wanted,
    request: request.request,
    ...(config === undefined ? {} : { config }),
    ...insteadOf(open, written.plan.decisions, request),
  };
  const text = { title, body: marked(body, marker) };
  const declared = plan.pipeline.environments.get(environment);
  const proposal = open ?? (await proposals.open(place, text, settingsOf(declared)));
  if (open !== undefined) await proposals.update(open.number, text);
  await mergeByItself(proposal.number, declared, { proposals, logger });
  const { number, url } = proposal;
  for (const other of written.others) await closeElsewhere(other, { url, apps, proposals, logger });
  return decisions.map((one) => (one.result === "proposed" ? { ...one, proposal: { number, url } } : one));
}

const nothingToDo: Attempt<Decision[]> = { commit: undefined, done: () => [] };

/** Whether the branch of one that stands is still as it was seen, and it is open and of this config. */
function isAsSeen({ standing, open }: Looked, head: Sha, config: string | undefined): boolean {
  if (standing.kind !== "write" || standing.replaces !== head || open === undefined) return false;
  const marker = readMarker(open.body);
  return marker === undefined ? config === undefined : marker.config === config;
}

/** The rollback after a failure that somebody asked for something else instead of: it stays away. */
function insteadOf(
  open: Proposal | undefined,
  decisions: readonly Decision[],
  { rollback }: Run["request"],
): Pick<Marker, "insteadOf"> {
  const before = open && readMarker(open.body);
  if (before === undefined || rollback?.afterFailure === true) return {};
  const isUndoing = decisions.some(
    ({ previous }) => previous?.state === "failed" && requestToUndo(previous.request) === before.request,
  );
  const replaced = isUndoing ? before.request : before.insteadOf;
  return replaced === undefined ? {} : { insteadOf: replaced };
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
