import { GluError, OutsideError } from "../errors.ts";
import { type Decision, worst } from "../model/decision.ts";
import { formatDuration } from "../model/duration.ts";
import type { Sha } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import { recordPath, releases } from "../model/record.ts";
import type { Snapshot } from "../ports/config-repository.ts";
import type { Proposal } from "../ports/proposals.ts";
import { findRequest } from "../promote/find-request.ts";
import type { PromoteResult } from "../promote/groups.ts";
import type { PromotePorts } from "../promote/options.ts";
import { readRecord } from "../records/documents.ts";
import { proposalBranch } from "./branch.ts";
import { readMarker } from "./marker.ts";
import { closedByHand } from "./standing.ts";

/** Milliseconds between two looks: they grow to the second. */
const [shortest, longest] = [5_000, 60_000];

export interface WaitForMerges {
  ports: Pick<PromotePorts, "proposing" | "repositoryOf" | "clock" | "logger">;
  /** Milliseconds until it is given up. */
  patience: number;
}

/** What is waited for: one proposal, and what it brings. */
interface Awaited {
  environment: Environment;
  number: number;
  url: string;
  decisions: readonly Decision[];
}

/**
 * Waits until what a run proposed was merged, and the record of it is at the config branch's tip: the decision is then
 * `promoted`. What people closed, what was not merged in time, and what could not be asked about is `held`; what a newer
 * artifact or another proposal took the place of is `superseded`. The proposal itself stays as it is.
 */
export async function waitForMerges(result: PromoteResult, { ports, patience }: WaitForMerges): Promise<PromoteResult> {
  const { clock, logger } = ports;
  const started = clock.now();
  const settled = new Map<Decision, Decision>();
  let open = awaitedOf(result);
  for (let pause = shortest; open.length > 0; pause = Math.min(longest, pause * 1.5)) {
    const left: Awaited[] = [];
    for (const one of open) {
      const now = await look(one, ports);
      if (now === undefined) left.push(one);
      else for (const [before, after] of now) settled.set(before, after);
    }
    open = left;
    const waited = clock.now() - started;
    if (open.length === 0 || waited >= patience) break;
    const names = open.map(({ number, url }) => `#${number} (${url})`).join(", ");
    logger.progress(`Waiting until ${names} is merged: ${formatDuration(waited)} of ${formatDuration(patience)}`);
    await clock.sleep(Math.min(pause, patience - waited));
  }
  for (const { number, url, decisions } of open) {
    const seen = `#${number} was not merged within ${formatDuration(patience)}`;
    for (const one of decisions) settled.set(one, held(one, { number, url, seen }));
  }
  const decisions = result.decisions.map((one) => settled.get(one) ?? one);
  const merges = [...settled.values()].filter(({ result: now }) => now === "promoted");
  const board = result.board.map((row) => {
    const merged = merges.find(({ intent }) => intent.app === row.app && intent.environment === row.environment);
    return merged === undefined ? row : { ...row, release: merged.release };
  });
  const undecided = result.undecided.map(() => "refused" as const);
  const commits = [...result.commits, ...commitsOf(merges, result, ports)];
  return { ...result, decisions, commits, board, result: worst([...decisions.map((one) => one.result), ...undecided]) };
}

function awaitedOf({ decisions, pipeline }: PromoteResult): Awaited[] {
  const found = new Map<string, Awaited & { decisions: Decision[] }>();
  for (const decision of decisions) {
    const environment = pipeline.environments.get(decision.intent.environment);
    const { proposal } = decision;
    if (decision.result !== "proposed" || proposal === undefined || environment === undefined) continue;
    const known = found.get(proposal.url) ?? { environment, ...proposal, decisions: [] };
    known.decisions.push(decision);
    found.set(proposal.url, known);
  }
  return [...found.values()];
}

/** What became of it: the decisions by what they were; undefined: nothing yet. */
async function look(awaited: Awaited, ports: WaitForMerges["ports"]): Promise<Map<Decision, Decision> | undefined> {
  const { environment, number, url, decisions } = awaited;
  const all = (change: (one: Decision) => Decision) => new Map(decisions.map((one) => [one, change(one)]));
  const target = ports.repositoryOf(environment);
  const apps = decisions.map(({ intent }) => intent.app);
  const place = { branch: proposalBranch(environment.name, apps), base: target.branch };
  try {
    const proposal = (await ports.proposing.of(target).of(place)).find((one) => one.number === number);
    // A forge may list what was just opened a moment later.
    if (proposal === undefined) return undefined;
    const marker = readMarker(proposal.body);
    if (marker?.superseded === true)
      return all((one) => superseded(one, `something else took the place of #${number}`));
    if (proposal.state === "closed")
      return all((one) => ({ ...held(one, { number, url, seen: "" }), ...byHand(one, proposal) }));
    const wanted = decisions.map(({ intent }) => [intent.app, intent.artifact.id] as const);
    if (marker !== undefined && wanted.some(([app, id]) => marker.artifacts[app] !== id)) {
      return all((one) => superseded(one, `#${number} brings another artifact by now`));
    }
    if (proposal.state !== "merged") return undefined;
    return await merged(decisions, { proposal, request: marker?.request, target });
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    if (error instanceof OutsideError && error.transient) {
      ports.logger.info(`Whether #${number} was merged could not be asked: ${error.message} Trying again.`);
      return undefined;
    }
    const seen = `whether #${number} was merged could not be asked: ${error.message}`;
    return all((one) => held(one, { number, url, seen }));
  }
}

/** What was merged is promoted once its record is at the tip. */
async function merged(
  decisions: readonly Decision[],
  {
    proposal,
    request,
    target,
  }: { proposal: Proposal; request: string | undefined; target: ReturnType<PromotePorts["repositoryOf"]> },
): Promise<Map<Decision, Decision> | undefined> {
  const tip = await target.open();
  const files = await tip.read(decisions.map(({ intent }) => recordPath(intent.app, intent.environment)));
  const found = new Map<Decision, Decision>();
  for (const decision of decisions) {
    const { app, environment, artifact } = decision.intent;
    const release = releases(readRecord(files, app, environment)).find(
      (one) => one.request === request && one.artifact.id === artifact.id,
    );
    if (release === undefined) return undefined;
    const told = await findRequest(tip, { request: release.request, app, environment });
    const commit = told?.commit ?? (await mergeOf(proposal, tip));
    const timed = { ...release, releasedAt: release.releasedAt ?? proposal.mergedAt ?? null };
    const reason = `#${proposal.number} was merged`;
    found.set(decision, { ...decision, result: "promoted", reason, release: timed, commit });
  }
  return found;
}

/** The commits that brought what was merged, each once. */
function commitsOf(
  merges: readonly Decision[],
  { pipeline, commits }: PromoteResult,
  { repositoryOf }: Pick<PromotePorts, "repositoryOf">,
): PromoteResult["commits"] {
  const found = new Map<Sha, PromoteResult["commits"][number]>();
  for (const { commit, intent } of merges) {
    const environment = pipeline.environments.get(intent.environment);
    if (commit === undefined || environment === undefined || commits.some((one) => one.commit === commit)) continue;
    const { location, branch } = repositoryOf(environment);
    found.set(commit, { location, branch, commit });
  }
  return [...found.values()];
}

/** Commits of the branch that are looked at for the one that merged it. */
const looked = 50;

/** What a merge says of itself does not name the request, but what it merged. */
async function mergeOf({ head }: Proposal, tip: Snapshot): Promise<Sha | undefined> {
  return (await tip.log(looked)).find(({ commit, merged: parents }) => [commit, ...parents].some((one) => one === head))
    ?.commit;
}

const nothing = { release: undefined, commit: undefined };

const superseded = (decision: Decision, reason: string): Decision => ({
  ...decision,
  ...nothing,
  result: "superseded",
  reason,
});

function byHand(decision: Decision, proposal: Proposal): Pick<Decision, "reason" | "gates"> {
  const gate = closedByHand(proposal, { goesBack: decision.intent.rollback !== undefined });
  return { reason: gate.seen, gates: [...decision.gates, gate] };
}

function held(decision: Decision, { number, url, seen }: { number: number; url: string; seen: string }): Decision {
  const gate = {
    ...({ name: "proposal", met: false, outcome: "held", code: "proposal/not-merged", seen, url } as const),
    clearedBy: `merging #${number}`,
  };
  return { ...decision, ...nothing, result: "held", reason: seen, gates: [...decision.gates, gate] };
}
