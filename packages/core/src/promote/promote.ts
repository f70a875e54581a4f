import { AncestryReader } from "../decide/ancestry.ts";
import { UserError } from "../errors.ts";
import { type Decision, type PassedOver, type RunResult, worst } from "../model/decision.ts";
import { type Sha, shortRef } from "../model/names.ts";
import type { Environment, Pipeline } from "../model/pipeline.ts";
import type { ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import { ArtifactReader } from "../select/artifact-reader.ts";
import { parseArtifactSelector } from "../select/artifact-selector.ts";
import { transact } from "../transact.ts";
import { attemptPromotion, type GroupResult, type RunMemory } from "./attempt.ts";
import { type BoardRow, boardOf } from "./board.ts";
import { candidatesOf, nothingToPromote } from "./intents.ts";
import type { PromotePorts, PromoteRequest } from "./options.ts";

/** What a promotion did, or would do. `result` is the worst of its decisions. */
export interface PromoteResult {
  result: RunResult;
  decisions: Decision[];
  passedOver: PassedOver[];
  /** One per repository and branch that was written. */
  commits: { location: string; branch: string; commit: Sha }[];
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
  const memory: RunMemory = {
    reader: new ArtifactReader(ports.storesOf, ports.readArtifactFile),
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
  const groups: (GroupResult & { target: ConfigRepository })[] = [];
  for (const target of targets) {
    groups.push({ ...(await promoteInto(target, { request, ports, memory, tip })), target });
  }
  const decisions = groups.flatMap((group) => group.decisions);
  if (decisions.length === 0 && request.environments.length > 0) {
    throw nothingToPromote(`no app has an artifact that ${request.environments.join(" or ")} takes`, "--app <app>");
  }
  return {
    result: worst(decisions.map(({ result }) => result)),
    decisions,
    passedOver: groups.flatMap((group) => group.passedOver),
    commits: groups.flatMap(({ commit, target: { location, branch } }) => {
      return commit === undefined ? [] : [{ location, branch, commit }];
    }),
    pipeline,
    board: groups.flatMap((group) => boardOf(group, ports.clock.now())),
  };
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

function targetsOf(candidates: readonly { environment: Environment }[], ports: PromotePorts): ConfigRepository[] {
  return [...new Set(candidates.map(({ environment }) => ports.repositoryOf(environment)))];
}

interface Run {
  request: PromoteRequest;
  ports: PromotePorts;
  memory: RunMemory;
  tip: Snapshot;
}

function promoteInto(target: ConfigRepository, { request, ports, memory, tip }: Run): Promise<GroupResult> {
  const own = target === ports.repository;
  const { clock, logger } = ports;
  return transact({ repository: target, clock, logger, first: own ? tip : undefined }, async (onto, tries) => {
    // The config, and a freeze of everything, may have changed since the attempt before.
    const configTip = own ? onto : tries.count === 0 ? tip : await ports.repository.open();
    const current = await ports.loadPipeline(configTip);
    return attemptPromotion(onto, tries, { request, ports, memory, target, configTip, pipeline: current });
  });
}
