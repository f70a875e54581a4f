import { type SourceChange, sourceChanges } from "../commits/source-change.ts";
import { AncestryReader } from "../decide/ancestry.ts";
import { type Decision, type PassedOver, type RunResult, type Undecided, worst } from "../model/decision.ts";
import type { AppName, EnvName, Sha } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import { isProposed } from "../propose/is-proposed.ts";
import { ArtifactReader } from "../select/artifact-reader.ts";
import { transact } from "../transact.ts";
import type { Verified } from "../verify/verify-releases.ts";
import { attemptOn, type GroupResult, type Run } from "./attempt-on.ts";
import { type BoardRow, boardOf } from "./board.ts";
import type { Candidate } from "./candidates.ts";
import type { PromotePorts } from "./options.ts";
import type { RunMemory } from "./run-memory.ts";

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
  /** Releases that were waiting for their verification, and what was seen of them; absent: none was looked at. */
  verified?: readonly Verified[];
}

/** What was decided and done in one repository and branch. */
export type Group = GroupResult & { target: ConfigRepository };

/** What runs where, each place as the group tells it that writes there. */
function boardOfAll(groups: readonly Group[], { environments }: Pipeline, ports: PromotePorts): BoardRow[] {
  const board = new Map<string, BoardRow>();
  const keyOf = (app: AppName, environment: EnvName) => `${app}\0${environment}`;
  const isOwn = ({ target }: Group, name: EnvName) => {
    const environment = environments.get(name);
    return environment !== undefined && ports.repositoryOf(environment) === target;
  };
  // What is not any group's own is told as it was seen by the way.
  for (const wants of [isOwn, () => true]) {
    for (const group of groups) {
      const rows = boardOf(group, ports.clock.now(), (app, environment) => {
        return !board.has(keyOf(app, environment)) && wants(group, environment);
      });
      for (const row of rows) board.set(keyOf(row.app, row.environment), row);
    }
  }
  return [...board.values()];
}

/** The memory of a run, and the texts of what was left out because it is damaged. */
export function startMemory(ports: PromotePorts): { memory: RunMemory; damaged: string[] } {
  const damaged: string[] = [];
  const memory: RunMemory = {
    reader: new ArtifactReader(ports.storesOf, ports.readArtifactFile, (text) => damaged.push(text)),
    ancestry: new AncestryReader(ports.source),
    observations: new Map(),
    merges: new Map(),
    rollbacks: new Map(),
  };
  return { memory, damaged };
}

export interface Groups {
  /** Where one repository was written several times, the last one first. */
  groups: readonly Group[];
  undecided: readonly Undecided[];
  damaged: readonly string[];
  pipeline: Pipeline;
  ports: PromotePorts;
  memory: RunMemory;
  plan: boolean;
}

/** All groups as one result. */
export async function resultOf(all: Groups): Promise<PromoteResult> {
  const { groups, undecided, damaged, pipeline, ports, memory, plan } = all;
  const decisions = groups.flatMap((group) => group.decisions);
  // Who plans wants to know all; a promotion is not kept waiting for what only tells.
  const telling = { ...memory, source: ports.source, apps: pipeline.apps, ask: plan };
  return {
    sources: await sourceChanges(decisions, telling),
    result: worst([...decisions.map(({ result }) => result), ...undecided.map(() => "refused" as const)]),
    decisions,
    passedOver: groups.flatMap((group) => group.passedOver),
    undecided: [...undecided],
    notices: [...new Set([...damaged, ...groups.flatMap((group) => group.notices)])],
    commits: groups.flatMap(({ commit, target: { location, branch } }) => {
      return commit === undefined ? [] : [{ location, branch, commit }];
    }),
    pipeline,
    board: boardOfAll(groups, pipeline, ports),
  };
}

/** Decides and commits what a request comes down to in one repository, on its newest tip; not what is proposed there. */
export function promoteInto(target: ConfigRepository, run: Run): Promise<GroupResult> {
  const { clock, logger, repository } = run.ports;
  const first = target === repository ? run.first : undefined;
  const includes = (candidate: Candidate) => !isProposed(candidate);
  return transact({ repository: target, clock, logger, first }, (onto, tries) =>
    attemptOn(onto, tries, { target, run, includes }),
  );
}
