import type { Decision } from "../model/decision.ts";
import type { AppName, EnvName, RefName } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { Proposal } from "../ports/proposals.ts";
import { proposalBranch } from "./branch.ts";
import type { Marker } from "./marker.ts";

/** What a run knows when it looks at what else is proposed. */
export interface Around {
  pipeline: Pipeline;
  /** The config repository, where proposals are in another one: others may propose there as well. */
  config: string | undefined;
  /** Whether an environment lives in this repository and branch. */
  isHere(environment: EnvName): boolean;
  /** What the run decided. */
  decisions: readonly Decision[];
  /** People asked for what it proposes, to go back or past gates: what a policy wants does not take its place. */
  isAsked?: boolean;
  /** Which of them were proposed together, as their branch. */
  branchOf(decision: Decision): RefName | undefined;
  /** The id of the artifact that runs there by the config branch's tip; undefined where that is not known. */
  current(app: AppName, environment: EnvName): string | undefined;
}

/**
 * Why an open proposal of Glu is no longer needed, in one sentence for people; undefined where it is. Each of its apps
 * must have gone another way: proposed by another one, running there, or gone. Of two that propose the same the newer one
 * stays. Pure.
 */
export function whySuperseded(
  { proposal, branch, marker }: { proposal: Proposal; branch: RefName; marker: Marker },
  around: Around,
): string | undefined {
  const { pipeline, isHere } = around;
  // What another config repository proposes here is none of this one's business.
  if (marker.config !== around.config) return undefined;
  const name = marker.environment as EnvName;
  const environment = pipeline.environments.get(name);
  if (environment === undefined) return `there is no environment ${name} any longer`;
  if (environment.propose === undefined) return `changes of ${name} are no longer proposed, but committed`;
  if (!isHere(name)) return `${name} has another repository or branch now`;
  const names = Object.keys(marker.artifacts) as AppName[];
  const { isAsked = false } = around;
  const decisions = isAsked ? around.decisions.filter(({ intent }) => intent.explicit) : around.decisions;
  const reasons = names.map((app) => whyGone(app, { proposal, branch, marker }, { ...around, decisions }));
  const goesBack = isAsked ? undefined : whyGoesBack(names, { name, branch }, { ...around, decisions });
  if (goesBack !== undefined) return goesBack;
  if (names.length === 0 || reasons.includes(undefined)) return undefined;
  return [...new Set(reasons)].join("; ");
}

/** Whoever takes one of several apps back must not meet what takes it forward with the others. */
function whyGoesBack(
  apps: readonly AppName[],
  { name, branch }: { name: EnvName; branch: RefName },
  { decisions, branchOf }: Around,
): string | undefined {
  const back = decisions.find(
    (one) =>
      one.intent.rollback !== undefined &&
      one.intent.environment === name &&
      apps.includes(one.intent.app) &&
      branchOf(one) !== branch,
  );
  return back?.proposal && `${back.intent.app} goes back by ${back.proposal.url}`;
}

function whyGone(
  app: AppName,
  { proposal, branch, marker }: { proposal: Proposal; branch: RefName; marker: Marker },
  { pipeline, decisions, branchOf, current }: Around,
): string | undefined {
  const environment = marker.environment as EnvName;
  if (pipeline.apps.get(app)?.environments.includes(environment) !== true) {
    return `${app} no longer goes through ${environment}`;
  }
  const wanted = marker.artifacts[app];
  if (current(app, environment) === wanted) return `${app} runs ${wanted} in ${environment} already`;
  const decision = decisions.find(({ intent }) => intent.app === app && intent.environment === environment);
  const other = decision?.proposal;
  if (decision?.result !== "proposed" || other === undefined || branchOf(decision) === branch) return undefined;
  const isNewer = decision.intent.artifact.id !== wanted || other.number > proposal.number;
  return isNewer ? `${app} is proposed by ${other.url}` : undefined;
}

/** Whether the name of a branch may be that of apps: what stands for many of them may be any. */
export function mayBringOneOf(branch: RefName, environment: EnvName, apps: ReadonlySet<string>): boolean {
  const folder = proposalFolder(environment);
  if (!branch.startsWith(folder)) return false;
  const names = branch.slice(folder.length).split("+");
  return names.some((one) => apps.has(one)) || /^\d+$/.test(names[0] ?? "");
}

/** Where the branches of an environment's proposals lie, with a slash at its end. */
export const proposalFolder = (environment: EnvName): string =>
  proposalBranch(environment, ["x" as AppName]).slice(0, -1);

/** Where the branches of all proposals lie. */
export const proposalsFolder = "refs/heads/glu/";
