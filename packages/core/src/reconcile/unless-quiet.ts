import { GluError } from "../errors.ts";
import type { Decision } from "../model/decision.ts";
import { type RefName, type Timestamp, timestamp } from "../model/names.ts";
import { defaultArtifactRefs, type Environment } from "../model/pipeline.ts";
import { longestQuiet, type ReconcileMemory, type Told } from "../ports/reconcile-memory.ts";
import type { BoardRow } from "../promote/board.ts";
import type { PromotePorts } from "../promote/options.ts";
import { type ReconcilePorts, type ReconcileRequest, type ReconcileResult, reconcile } from "./reconcile.ts";
import { toldBy } from "./told.ts";

/** Nothing has changed since a run that looked at everything, and nothing clears by itself before then. */
export interface Quiet {
  kind: "quiet";
  until: Timestamp;
  /** What that run said, which would be said again. */
  told: Told;
  branch: RefName | undefined;
}

/** It costs a request to remember: what holds for less is not worth it. */
const shortestQuiet = 120_000;

/**
 * {@link reconcile}, unless nothing can have changed since it was done before. A decision is a function of its inputs:
 * where all of them lie in the config repository, they are known by their names, and these come with one request.
 * A plan always looks, and so does who must be told of what is held.
 */
export async function reconcileUnlessQuiet(
  request: ReconcileRequest & { look: boolean },
  ports: ReconcilePorts,
  memory: ReconcileMemory,
): Promise<ReconcileResult | Quiet> {
  const { key, quiet, branch, mayBeProposed } = await memory.recall();
  const { clock, logger } = ports;
  if (!request.plan && !request.look && quiet !== undefined && quiet.until > clock.now()) {
    return { kind: "quiet", until: timestamp(quiet.until), told: quiet.told, branch };
  }
  const result = await reconcile({ ...request, mayBeProposed }, ports);
  const until = quietAfter(result, request, ports);
  if (until !== undefined) {
    try {
      await memory.remember(key, until, toldBy(result, timestamp(clock.now())));
    } catch (error) {
      // The next run looks at everything again, which is slower and as right.
      if (!(error instanceof GluError)) throw error;
      logger.info(`That nothing moved could not be remembered: ${error.message}`);
    }
  }
  return result;
}

/** Until when nothing moves unless a ref of the config repository does; undefined where more than these decides. */
function quietAfter(
  result: ReconcileResult,
  { plan }: ReconcileRequest,
  { repository, gates, storesOf, clock }: PromotePorts,
): number | undefined {
  const { decisions, undecided, commits, notices, pipeline, drifted, proposals, next, verified, lapsed, board } =
    result;
  if (plan || commits.length > 0 || undecided.length > 0 || notices.length > 0) return undefined;
  if (decisions.some(({ result }) => result === "refused" || result === "promoted")) return undefined;
  // What a person must do is told each time.
  if (drifted.length > 0 || decisions.some(isForPeople)) return undefined;
  if (lapsed.pins.length > 0 || lapsed.freezes.length > 0 || board.some(isTold)) return undefined;
  // What waits for its verification is looked at outside.
  if ((verified ?? []).length > 0) return undefined;
  // People may write to one, and a gate that is met may close again: both change whether it may be merged.
  if (proposals > 0) return undefined;
  const { artifacts, file } = pipeline;
  // A program may look at the clock.
  if (file.endsWith(".ts")) return undefined;
  if (artifacts.kind !== "git" || artifacts.ref !== defaultArtifactRefs) return undefined;
  const isHere = ({ repository: other, ref }: Environment) => other === undefined && ref === undefined;
  const isOfState = ({ gates: used }: Environment) =>
    used.every(({ name }) => gates.find((gate) => gate.name === name)?.observes === "state");
  if (![...pipeline.environments.values()].every((one) => isHere(one) && isOfState(one))) return undefined;
  if ([...pipeline.apps.values()].some(({ sources }) => sources !== undefined)) return undefined;
  const stores = [...pipeline.apps.values()].flatMap((app) => storesOf(app));
  if (!stores.every(({ location }) => location === repository.location)) return undefined;
  const until = Math.min(next === undefined ? Number.POSITIVE_INFINITY : Date.parse(next), clock.now() + longestQuiet);
  return until < clock.now() + shortestQuiet ? undefined : until;
}

/** Whether a promotion is held, and by nothing that clears with time. */
const isForPeople = ({ result, gates }: Decision): boolean =>
  result === "held" && gates.every(({ met, clearsAt }) => met || clearsAt === undefined);

/** Whether what runs there failed, or went past its gates: that stands until another release. */
const isTold = ({ release }: BoardRow): boolean => release?.state === "failed" || release?.overrides !== undefined;
