import { GluError, OutsideError } from "../errors.ts";
import { type Decision, type GateResult, worst } from "../model/decision.ts";
import { formatDuration } from "../model/duration.ts";
import { type Release, releases } from "../model/record.ts";
import type { Candidate } from "../promote/candidates.ts";
import { type PromoteResult, resultOf, startMemory } from "../promote/groups.ts";
import type { PromotePorts, PromoteRequest } from "../promote/options.ts";
import { Tips } from "../state/tips.ts";
import { newlyFailed } from "./newly-failed.ts";
import { type VerifiedEverywhere, verifyEverywhere } from "./verify-everywhere.ts";
import type { Verified } from "./verify-releases.ts";

/** Milliseconds between two looks: they grow to the second. */
const [shortest, longest] = [5_000, 60_000];

export interface WaitForVerdicts {
  request: Pick<PromoteRequest, "request" | "author" | "actor">;
  ports: PromotePorts;
  /** Milliseconds until it is given up. */
  patience: number;
}

/** A release of this run that is waited for. */
interface Awaited {
  decision: Decision;
  candidate: Candidate;
  release: Release;
}

/**
 * Waits until what a run released was verified, where the config wants that, and does what follows: it is written down,
 * and what failed is rolled back. What is not verified in time stays released, and its decision is `held`; what
 * something newer took the place of is `superseded`. What failed makes the result `failed`.
 */
export async function waitForVerdicts(result: PromoteResult, options: WaitForVerdicts): Promise<PromoteResult> {
  const { request, ports, patience } = options;
  const { clock, logger } = ports;
  const awaited = awaitedOf(result);
  if (awaited.length === 0) return result;
  const { pipeline } = result;
  const { memory, damaged } = startMemory(ports);
  const started = clock.now();
  const seen = new Map<Awaited, Verified>();
  const done: VerifiedEverywhere = { verified: [], groups: [], undecided: [], notices: [], commits: [] };
  let open = awaited;
  for (let pause = shortest; open.length > 0; pause = Math.min(longest, pause * 1.5)) {
    const candidates = open.map(({ candidate }) => candidate);
    const requestOf = () => request.request;
    // The last look is written down, so that the time that was watched counts for who looks next.
    const isLast = clock.now() - started >= patience;
    const looked = await verifyEverywhere({
      candidates,
      pipeline,
      request,
      requestOf,
      ports,
      memory,
      watch: { begun: started, isLast },
      unrecorded: true,
    });
    done.groups.unshift(...looked.groups);
    done.commits.unshift(...looked.commits);
    const isAgain = keepAsking(looked, ports);
    if (!isAgain) done.undecided.push(...looked.undecided);
    open = open.filter((one) => {
      const now = looked.verified.find(({ release, ...place }) => isOf(one, { ...place, request: release.request }));
      if (now !== undefined) seen.set(one, now);
      // What is not among them has been decided by another run, or replaced.
      return now === undefined ? isAgain : now.release.state !== "healthy" && now.release.state !== "failed";
    });
    done.notices.splice(0, done.notices.length, ...looked.notices);
    const waited = clock.now() - started;
    if (open.length === 0 || isLast) break;
    const names = open.map(({ decision: { intent } }) => `${intent.app} in ${intent.environment}`).join(", ");
    logger.progress(`Waiting until ${names} is verified: ${formatDuration(waited)} of ${formatDuration(patience)}`);
    // Not long after the time of one is over: what follows then should not wait.
    const ends = open.flatMap((one) => seen.get(one)?.until ?? []).map((until) => Date.parse(until) - clock.now());
    await clock.sleep(Math.max(0, Math.min(pause, patience - waited, ...ends.filter((left) => left > 0))));
  }
  const now = await releasesNow(awaited, result, options);
  const settled = new Map(awaited.map((one) => [one.decision, settle(one, now.get(one), seen.get(one), patience)]));
  const undone = await resultOf({
    ...{ groups: done.groups, undecided: done.undecided, damaged, pipeline, ports, memory },
    plan: false,
  });
  const decisions = [...result.decisions.map((one) => settled.get(one) ?? one), ...undone.decisions];
  const verified = [...seen.values()];
  const undecided = [...result.undecided, ...done.undecided];
  return {
    ...result,
    decisions,
    undecided,
    verified,
    notices: [...result.notices, ...undone.notices, ...done.notices],
    commits: [...undone.commits, ...done.commits, ...result.commits],
    board: result.board.map((row) => {
      const later = undone.board.find(({ app, environment }) => app === row.app && environment === row.environment);
      const one = awaited.find(({ decision }) => isAt(decision, row));
      return later ?? { ...row, release: (one && now.get(one)?.current) ?? row.release };
    }),
    result: newlyFailed(verified)
      ? "failed"
      : worst([...decisions.map((one) => one.result), ...undecided.map(() => "refused" as const)]),
  };
}

const isAt = ({ intent }: Decision, row: { app: string; environment: string }): boolean =>
  intent.app === row.app && intent.environment === row.environment;

const isOf = ({ decision, release }: Awaited, of: { app: string; environment: string; request: string }): boolean =>
  isAt(decision, of) && of.request === release.request;

function awaitedOf({ decisions, pipeline }: PromoteResult): Awaited[] {
  return decisions.flatMap((decision): Awaited[] => {
    const { intent, release, result } = decision;
    const app = pipeline.apps.get(intent.app);
    const environment = pipeline.environments.get(intent.environment);
    if (result !== "promoted" || release === undefined || app === undefined) return [];
    if (environment?.verify === undefined || release.releasedAt === null) return [];
    return [{ decision, release, candidate: { app, environment, explicit: false } }];
  });
}

/** Whether all that could not be done is such that it may pass: it is then tried again. */
function keepAsking({ undecided }: VerifiedEverywhere, { logger }: PromotePorts): boolean {
  const mayPass =
    undecided.length > 0 && undecided.every(({ error }) => error instanceof OutsideError && error.transient);
  if (mayPass) logger.info(`What is verified could not be asked: ${undecided[0]?.error.message} Trying again.`);
  return mayPass;
}

interface Now {
  /** The release of this run as its record has it. */
  release: Release | undefined;
  current: Release | undefined;
}

/** What the records say at the end; nothing of what cannot be read. */
async function releasesNow(
  awaited: readonly Awaited[],
  { pipeline }: PromoteResult,
  { ports }: WaitForVerdicts,
): Promise<Map<Awaited, Now>> {
  const found = new Map<Awaited, Now>();
  try {
    const { repository, repositoryOf } = ports;
    const tip = await repository.open();
    const tips = new Tips({ target: repository, tip, config: repository, configTip: tip, pipeline, repositoryOf });
    for (const one of awaited) {
      const { intent } = one.decision;
      const record = await tips.recordIfReadable(intent.app, intent.environment);
      if (record === undefined) continue;
      const release = releases(record).find(({ request }) => request === one.release.request);
      found.set(one, { release, current: record.current ?? undefined });
    }
  } catch (error) {
    // What was released and seen stands; only what others made of it is not known.
    if (!(error instanceof GluError)) throw error;
    ports.logger.info(`What became of the releases could not be read again: ${error.message}`);
  }
  return found;
}

function settle({ decision, release }: Awaited, now: Now | undefined, seen: Verified | undefined, patience: number) {
  const last = now?.release ?? seen?.release ?? release;
  if (last.state === "healthy" || last.state === "failed") {
    const word =
      last.state === "healthy" ? "it is healthy" : `it failed: ${last.verification?.seen ?? "by another run"}`;
    return { ...decision, release: last, reason: `${decision.reason}; ${word}` };
  }
  if (now?.current !== undefined && now.current.request !== release.request) {
    const reason = "something else took its place before it was verified";
    return { ...decision, release: last, result: "superseded" as const, reason };
  }
  const why = `it was released, and not verified within ${formatDuration(patience)}`;
  const gate: GateResult = {
    ...({ name: "verify", met: false, outcome: "held", code: "verify/pending" } as const),
    seen: seen === undefined ? why : `${why}: ${seen.seen}`,
    clearedBy: "glu reconcile, which looks again",
  };
  return { ...decision, release: last, result: "held" as const, reason: gate.seen, gates: [...decision.gates, gate] };
}
