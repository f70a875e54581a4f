import { type SourceChange, sourceChanges } from "../commits/source-change.ts";
import { AncestryReader } from "../decide/ancestry.ts";
import { GluError, UserError } from "../errors.ts";
import { type Decision, type PassedOver, type RunResult, type Undecided, worst } from "../model/decision.ts";
import { type Sha, shortRef } from "../model/names.ts";
import type { Environment, Pipeline } from "../model/pipeline.ts";
import type { ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import { ArtifactReader } from "../select/artifact-reader.ts";
import { parseArtifactSelector } from "../select/artifact-selector.ts";
import { transact } from "../transact.ts";
import { attemptPromotion, type GroupResult, type RunMemory } from "./attempt.ts";
import { type BoardRow, boardOf } from "./board.ts";
import { type Candidate, candidatesOf, mayStart, nothingToPromote } from "./intents.ts";
import type { PromotePorts, PromoteRequest } from "./options.ts";

/** What a promotion did, or would do. `result` is the worst of its decisions. */
export interface PromoteResult {
  result: RunResult;
  decisions: Decision[];
  passedOver: PassedOver[];
  /** Places of which nothing could be decided; what could be decided elsewhere was done all the same. */
  undecided: Undecided[];
  /** What people should know though it failed nothing: artifacts left out, apps passed over. */
  notices: string[];
  /** One per repository and branch that was written. */
  commits: { location: string; branch: string; commit: Sha }[];
  /** The source commits that come along, for each pair of artifacts that a decision is about. */
  sources: SourceChange[];
  pipeline: Pipeline;
  /** What runs where now, for the apps in question. */
  board: BoardRow[];
}

/**
 * Promotes artifacts of one or several apps into one or several environments. Intents are independent; those that pass
 * share one commit per repository and branch; with `set` they move together or not at all.
 * @throws GluError when the request itself is wrong or an outside system fails; nothing was written then, or what was
 * written is complete and a re-run finds it.
 */
export async function promote(asked: PromoteRequest, ports: PromotePorts): Promise<PromoteResult> {
  // Before anything is read: a wrong input must not cost a round trip.
  const selector = parseArtifactSelector(asked.artifact);
  const damaged: string[] = [];
  const memory: RunMemory = {
    reader: new ArtifactReader(ports.storesOf, ports.readArtifactFile, (text) => damaged.push(text)),
    ancestry: new AncestryReader(ports.source),
    observations: new Map(),
  };
  const { repository, logger } = ports;
  logger.progress(`Reading ${shortRef(repository.branch)} of ${repository.location}`);
  const tip = await repository.open();
  const pipeline = await ports.loadPipeline(tip);
  const request =
    asked.apps.length > 0 || selector.kind === "latest"
      ? asked
      : { ...asked, apps: [(await memory.reader.appOf([...pipeline.apps.values()], selector)).name] };
  const candidates = candidatesOf(pipeline, request);
  assertSomeoneGoesThrough(request, candidates, pipeline);
  const targets = targetsOf(candidates, ports);
  if (request.set && targets.length > 1) {
    throw new UserError("promote/set-across-repositories", "A set must lie in one repository and branch.", {
      seen: targets.map((target) => `${target.location} ${target.branch}`),
      fix: "Promote each repository's environments by a run of its own, or put them into one repository.",
    });
  }
  const groups: Group[] = [];
  const undecided: Undecided[] = [];
  for (const [index, target] of targets.entries()) {
    try {
      const first = index === 0 ? tip : undefined;
      const group = await promoteInto(target, { request, ports, memory, first });
      groups.push({ ...group, target });
      undecided.push(...group.undecided);
    } catch (error) {
      // What fails in one repository is said of its places; what was written to others stays, and is told.
      if (!(error instanceof GluError) || request.set) throw error;
      const own = candidates.filter((one) => mayStart(one) && ports.repositoryOf(one.environment) === target);
      undecided.push(...own.map(({ app, environment }) => ({ app: app.name, environment: environment.name, error })));
    }
  }
  const decisions = groups.flatMap((group) => group.decisions);
  if (decisions.length === 0 && undecided[0] !== undefined) throw undecided[0].error;
  if (decisions.length === 0 && request.environments.length > 0) {
    throw nothingToPromote(`no app has an artifact that ${request.environments.join(" or ")} takes`, "--app <app>");
  }
  // Who plans wants to know all; a promotion is not kept waiting for what only tells.
  const { reader, ancestry } = memory;
  const { source } = ports;
  const sources = await sourceChanges(decisions, { reader, ancestry, source, apps: pipeline.apps, ask: request.plan });
  return {
    sources,
    result: worst([...decisions.map(({ result }) => result), ...undecided.map(() => "refused" as const)]),
    decisions,
    passedOver: groups.flatMap((group) => group.passedOver),
    undecided,
    notices: [...new Set([...damaged, ...groups.flatMap((group) => group.notices)])],
    commits: groups.flatMap(({ commit, target: { location, branch } }) => {
      return commit === undefined ? [] : [{ location, branch, commit }];
    }),
    pipeline,
    board: boardOfAll(groups, pipeline, ports),
  };
}

type Group = GroupResult & { target: ConfigRepository };

/** What runs where, each place as the group tells it that writes there. */
function boardOfAll(groups: readonly Group[], { environments }: Pipeline, ports: PromotePorts): BoardRow[] {
  const rows = groups.flatMap((group) => {
    return boardOf(group, ports.clock.now()).map((row) => ({ row, target: group.target }));
  });
  const own = rows.filter(({ row, target }) => {
    const environment = environments.get(row.environment);
    return environment !== undefined && ports.repositoryOf(environment) === target;
  });
  const board = new Map<string, BoardRow>();
  for (const { row } of [...own, ...rows]) {
    const key = `${row.app}\0${row.environment}`;
    if (!board.has(key)) board.set(key, row);
  }
  return [...board.values()];
}

function assertSomeoneGoesThrough(
  request: PromoteRequest,
  candidates: readonly { environment: Environment }[],
  pipeline: Pipeline,
): void {
  const empty = request.environments.find((name) => candidates.every(({ environment }) => environment.name !== name));
  if (empty === undefined) return;
  throw new UserError("config/not-a-member", `No app goes through ${empty}.`, {
    seen: empty,
    fix: `Add it to the environments of an app in ${pipeline.file}, or name another environment.`,
  });
}

/** The repositories that something may be written to; one that is only read must not be able to stop the others. */
function targetsOf(candidates: readonly Candidate[], { repository, repositoryOf }: PromotePorts): ConfigRepository[] {
  const all = new Set(candidates.map(({ environment }) => repositoryOf(environment)));
  const written = new Set(candidates.filter(mayStart).map(({ environment }) => repositoryOf(environment)));
  return [...all].filter((target) => target === repository || written.has(target) || written.size === 0);
}

interface Run {
  request: PromoteRequest;
  ports: PromotePorts;
  memory: RunMemory;
  /** The config tip that was opened already. */
  first: Snapshot | undefined;
}

function promoteInto(target: ConfigRepository, { request, ports, memory, first }: Run): Promise<GroupResult> {
  const own = target === ports.repository;
  const { clock, logger } = ports;
  return transact({ repository: target, clock, logger, first: own ? first : undefined }, async (onto, tries) => {
    // The config, and a freeze of everything, may have changed since the attempt before, or the group before.
    const opened = tries.count === 0 ? first : undefined;
    const configTip = own ? onto : (opened ?? (await ports.repository.open()));
    const current = await ports.loadPipeline(configTip);
    return attemptPromotion(onto, tries, { request, ports, memory, target, configTip, pipeline: current });
  });
}
