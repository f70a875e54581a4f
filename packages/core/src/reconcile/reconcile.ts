import type { Merged } from "../announce/arrivals.ts";
import { GluError } from "../errors.ts";
import { attend } from "../judge/attend.ts";
import type { Reapply } from "../judge/refresh.ts";
import { failUndecidable } from "../judge/undecidable.ts";
import type { Decision, Undecided } from "../model/decision.ts";
import { type AppName, type EnvName, type RequestId, shortRef, type Timestamp, timestamp } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import { pipelineOrder } from "../model/pipeline-order.ts";
import type { Snapshot } from "../ports/config-repository.ts";
import { type Candidate, candidatesOf, mayStart } from "../promote/candidates.ts";
import { type Group, type PromoteResult, resultOf, startMemory } from "../promote/groups.ts";
import type { PromotePorts, PromoteRequest } from "../promote/options.ts";
import type { RunMemory } from "../promote/run-memory.ts";
import { promoteBy, waysOf } from "../promote/ways.ts";
import { isProposed } from "../propose/is-proposed.ts";
import { reapply } from "../propose/reapply.ts";
import { recordMerges } from "../propose/record-merges.ts";
import { tidyTheRest } from "../propose/tidy.ts";
import type { Discovery } from "../sources/discover.ts";
import { newlyFailed } from "../verify/newly-failed.ts";
import type { VerifiedEverywhere } from "../verify/verify-everywhere.ts";
import type { Drifted } from "./drifted.ts";
import { type Lapsed, surveyed } from "./survey.ts";

/** What a reconciliation was asked for: where to look, and as whom. What shall be, the config and the records say. */
export interface ReconcileRequest
  extends Pick<PromoteRequest, "apps" | "environments" | "plan" | "author" | "again" | "actor" | "commitMessage"> {
  /** Whether there may be branches of proposals, which are then looked at. Default: there may. */
  mayBeProposed?: boolean;
  /** The request under which an environment is promoted to: each its own, so that one may stand on the one before. */
  requestOf(environment: EnvName): RequestId;
}

/** What a reconciliation needs from outside. */
export interface ReconcilePorts extends PromotePorts {
  /** Looks at what these apps follow, and stores what is new as artifacts, which is then there to be promoted. */
  discover?(apps: readonly AppName[], at: { tip: Snapshot; pipeline: Pipeline }): Promise<readonly Discovery[]>;
}

/** What a reconciliation looked at, did, and found. */
export interface ReconcileResult extends PromoteResult {
  looked: { apps: number; environments: number; places: number };
  /** Of each source that apps follow. */
  discovered: readonly Discovery[];
  drifted: Drifted[];
  /** How many are open, which were judged again. */
  proposals: number;
  lapsed: Lapsed;
  /** What was merged since the last run that wrote it down, of environments of which people are told. */
  arrived: readonly Merged[];
  /** When, as far as it is known, something clears by itself next. */
  next: Timestamp | undefined;
}

/**
 * Looks at everything and promotes what is ready: upstream first, so that what is released on the way counts further
 * down, and one commit for each environment that something goes to. Nothing that is asked for by name is done here:
 * policies and automatic edges decide. What fails in one environment is said of its places and stops no other.
 * @throws GluError when nothing could be looked at
 */
export async function reconcile(request: ReconcileRequest, ports: ReconcilePorts): Promise<ReconcileResult> {
  const { repository, logger } = ports;
  const { memory, damaged } = startMemory(ports);
  logger.progress(`Reading ${shortRef(repository.branch)} of ${repository.location}`);
  const opened = await repository.open();
  let first: Snapshot | undefined = opened;
  const pipeline = await ports.loadPipeline(opened).catch(async (error: unknown) => {
    const isBroken = error instanceof GluError && error.kind !== "outside";
    if (isBroken && !request.plan && request.mayBeProposed !== false) await failUndecidable(opened, error, ports);
    throw error;
  });
  const candidates = candidatesOf(pipeline, { ...request, automatic: true });
  const following = new Set(candidates.flatMap(({ app }) => (app.sources === undefined ? [] : [app.name])));
  const discovered =
    following.size === 0 ? [] : ((await ports.discover?.([...following], { tip: first, pipeline })) ?? []);
  const verification = await verifiedFirst(candidates, pipeline, { request, ports, memory, first });
  // What became of it counts further down.
  if (verification.commits.length > 0 || verification.groups.length > 0) first = undefined;
  const groups: Group[] = [...verification.groups];
  const undecided: Undecided[] = [...verification.undecided];
  for (const name of pipelineOrder(pipeline.environments)) {
    const own = candidates.filter(({ environment }) => environment.name === name);
    const environment = own.some(mayStart) ? own[0]?.environment : undefined;
    if (environment === undefined) continue;
    const target = ports.repositoryOf(environment);
    const asked = promotionInto(name, request);
    const [way = { kind: "commit" }] = waysOf(own);
    try {
      const group: Group = { ...(await promoteBy(way, target, { request: asked, ports, memory, first })), target };
      groups.unshift(group);
      undecided.push(...group.undecided);
      // What comes next stands on what was just released, by this run or by one that was faster.
      first = group.commit !== undefined && target === repository ? undefined : group.configTip;
    } catch (error) {
      if (!(error instanceof GluError)) throw error;
      first = undefined;
      undecided.push(...own.filter(mayStart).map(({ app }) => ({ app: app.name, environment: name, error })));
    }
  }
  const result = await resultOf({ groups, undecided, damaged, pipeline, ports, memory, plan: request.plan });
  if (result.decisions.length === 0 && verification.verified.length === 0 && undecided[0] !== undefined) {
    throw undecided[0].error;
  }
  result.notices.push(...verification.notices);
  result.commits.push(...verification.commits);
  const places = candidates.map(({ app, environment }) => ({ app: app.name, environment: environment.name }));
  const looking = { tip: first, pipeline, ports, merges: memory.merges };
  const survey = await surveyed(places, looking).catch((error: unknown) => {
    // What was released is told, whatever can be told beside it.
    if (!(error instanceof GluError) || result.commits.length === 0) throw error;
    result.notices.push(`${notSurveyed}: ${error.message}`);
    return undefined;
  });
  result.notices.push(...(survey?.past ?? []));
  // What is promoted by hand alone is looked at, too.
  const onBoard = new Set(result.board.map(({ app, environment }) => keyOf(app, environment)));
  result.board.push(...(survey?.board ?? []).filter((row) => !onBoard.has(keyOf(row.app, row.environment))));
  if (survey !== undefined && !request.plan) {
    for (const [target, merged] of [[repository, survey.merged] as const, ...survey.mergedElsewhere]) {
      const [first] = merged;
      if (first === undefined) continue;
      const asked = { request: request.requestOf(first.environment), author: request.author };
      const recording = recordMerges({ target, places: merged, pipeline, request: asked, ports, memory });
      const commit = await recording.catch((error: unknown) => {
        // What was released stands, and the next run writes it down.
        if (!(error instanceof GluError)) throw error;
        const isVerified = merged.some(
          ({ environment }) => pipeline.environments.get(environment)?.verify !== undefined,
        );
        const unseen = isVerified ? ", and until then it is not verified" : "";
        result.notices.push(`When a proposal was merged could not be written down${unseen}: ${error.message}`);
        return undefined;
      });
      const { location, branch } = target;
      if (commit !== undefined) result.commits.unshift({ location, branch, commit });
    }
  }
  if (!request.plan) {
    const done = groups.flatMap(({ candidates: [one] }) => (one && isProposed(one) ? [one.environment.name] : []));
    const mayBeProposed = request.mayBeProposed !== false;
    result.notices.push(...(await tidyTheRest({ pipeline, done, ports }, { repository, mayBeProposed })));
  }
  const attending = { plan: request.plan, reapply: reapplying(request, ports, memory) };
  const done = { candidates, decisions: result.decisions, pipeline };
  const { open, notices } = await attend(done, attending, ports, memory);
  result.notices.push(...notices);
  const clearsAt = groups.flatMap((group) => group.clearsAt);
  // The environments in their order again.
  const order = new Map(candidates.map((one, index) => [keyOf(one.app.name, one.environment.name), index]));
  const orderOf = ({ intent: { app, environment } }: Decision) => order.get(keyOf(app, environment)) ?? 0;
  // What failed goes back before anything else is decided there.
  const isLater = ({ intent }: Decision) => (intent.rollback === undefined ? 1 : 0);
  result.decisions.sort((a, b) => orderOf(a) - orderOf(b) || isLater(a) - isLater(b));
  return {
    ...result,
    result: newlyFailed(verification.verified) ? "failed" : result.result,
    verified: verification.verified,
    looked: {
      apps: new Set(places.map(({ app }) => app)).size,
      environments: new Set(places.map(({ environment }) => environment)).size,
      places: places.length,
    },
    discovered,
    drifted: survey?.drifted ?? [],
    proposals: open,
    lapsed: survey?.lapsed ?? { pins: [], freezes: [] },
    arrived: survey?.arrived ?? [],
    next: earliest(
      [...clearsAt, ...(survey?.ends ?? []), ...verification.verified.flatMap(({ until }) => until ?? [])],
      ports.clock.now(),
    ),
  };
}

/** What was asked for by name nobody asks for again when its base has moved: it is put on the newest one. */
const reapplying =
  ({ author }: ReconcileRequest, ports: PromotePorts, memory: RunMemory): Reapply =>
  async (ref, { target, tip, pipeline, judge }) => {
    const brought = await judge.brings(ref);
    if (brought === undefined) return undefined;
    const told = await reapply(ref, brought, { target, tip, pipeline, ports, memory, author });
    if (told !== undefined) judge.forget(ref);
    return told;
  };

const nothingVerified: VerifiedEverywhere = { verified: [], groups: [], undecided: [], notices: [], commits: [] };

/** What waits for its verification is looked at before anything is promoted: what comes next stands on it. */
async function verifiedFirst(
  candidates: readonly Candidate[],
  pipeline: Pipeline,
  {
    request,
    ports,
    memory,
    first,
  }: { request: ReconcileRequest; ports: PromotePorts; memory: RunMemory; first: Snapshot | undefined },
): Promise<VerifiedEverywhere> {
  if (request.plan || candidates.every(({ environment }) => environment.verify === undefined)) return nothingVerified;
  const { verifyEverywhere } = await import("../verify/verify-everywhere.ts");
  const { requestOf } = request;
  return verifyEverywhere({ candidates, pipeline, request, requestOf, ports, memory, first });
}

/** All apps, or those that were named, into one environment, as policies and edges want it. */
function promotionInto(environment: EnvName, request: ReconcileRequest): PromoteRequest {
  const { apps, plan, author, again, actor, commitMessage } = request;
  return {
    ...{ apps, plan, author, again, actor, commitMessage },
    environments: [environment],
    automatic: true,
    artifact: "latest",
    reason: undefined,
    overwrite: false,
    set: false,
    request: request.requestOf(environment),
  };
}

const notSurveyed = "What was changed by hand, and which pins and freezes have ended, could not be looked at";

/** The first of the times that has not come yet. */
function earliest(times: readonly string[], now: number): Timestamp | undefined {
  const coming = times.map((time) => Date.parse(time)).filter((time) => time > now);
  return coming.length === 0 ? undefined : timestamp(Math.min(...coming));
}

const keyOf = (app: AppName, environment: EnvName): string => `${app}\0${environment}`;
