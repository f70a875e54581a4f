import { GluError } from "../errors.ts";
import type { EnvName, RefName, Sha } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import type { Logger } from "../ports/logger.ts";
import type { Proposal, ProposalPlace, Proposals } from "../ports/proposals.ts";
import type { PromotePorts } from "../promote/options.ts";
import { parseTrailers } from "../records/trailers.ts";
import { readMarker, withMarker } from "./marker.ts";
import { whatWaits } from "./standing.ts";
import { type Around, proposalFolder, proposalsFolder, whySuperseded } from "./superseded.ts";

export interface Tidying extends Around {
  target: ConfigRepository;
  /** Undefined where the repository was not opened yet. */
  base: RefName | undefined;
  proposals: Proposals;
  logger: Logger;
  /** Where the branches lie that are looked at, with a slash at its end. */
  folder: string;
  /** Which of them are looked at: not those that the run wrote or found as they are. */
  includes(branch: RefName): boolean;
}

/**
 * Puts away what is left of proposals: the branch of one that was merged, as long as nobody has pushed to it since, and
 * what is no longer needed, which is closed with a comment that says why. What somebody else opened, or wrote to, stays.
 * @returns what people should know; what could not be done is among it, since it keeps nothing from being promoted
 */
export async function tidyProposals(options: Tidying): Promise<string[]> {
  const { target, folder, includes } = options;
  try {
    const told: string[] = [];
    let { base } = options;
    for (const [branch, at] of await target.proposals.list(folder)) {
      if (!includes(branch)) continue;
      base ??= (await target.open()).branch;
      told.push(...(await tidyBranch(branch, at, { ...options, base })));
    }
    return told;
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    const fix = error.fix === undefined ? "" : ` ${error.fix}`;
    return [`What is left of proposals could not be put away: ${error.message}${fix}`];
  }
}

type Opened = Tidying & { base: RefName };

async function tidyBranch(branch: RefName, at: Sha, options: Opened): Promise<string[]> {
  const { target, base, proposals, logger } = options;
  const known = await proposals.of({ branch, base });
  const open = known.find(({ state }) => state === "open");
  if (open !== undefined) return closeIfSuperseded(open, branch, at, options);
  const [newest] = known;
  if (newest === undefined || newest.head !== at) return [];
  // What people closed may be opened again.
  const isOver = newest.state === "merged" || readMarker(newest.body)?.superseded === true;
  if (!isOver || (await isInUse(proposals, { branch, base }))) return [];
  await target.proposals.remove(branch, at);
  logger.info(`Removed ${branch}, which #${newest.number} no longer needs.`);
  return [];
}

async function closeIfSuperseded(open: Proposal, branch: RefName, at: Sha, options: Opened): Promise<string[]> {
  const { target, base, proposals } = options;
  const marker = readMarker(open.body);
  if (marker === undefined) return [];
  const why = whySuperseded({ proposal: open, branch, marker }, options);
  if (why === undefined) return [];
  const tip = await target.proposals.read(branch);
  if (tip?.commit !== at || !tip.byGlu) {
    return [
      `#${open.number} is no longer needed: ${why}. Somebody has written to its branch, so it is left open: ${open.url}`,
    ];
  }
  const isAsked = whatWaits(open, parseTrailers(tip.message)) !== undefined;
  if (isAsked && whySuperseded({ proposal: open, branch, marker }, { ...options, isAsked }) === undefined) return [];
  // It says that it was not closed by people: what it proposes may be proposed again.
  const body = withMarker(open.body, { ...marker, superseded: true });
  await proposals.close(open.number, `Closed: ${why}.`, body);
  if (!(await isInUse(proposals, { branch, base }))) await target.proposals.remove(branch, at);
  return [`#${open.number} was closed: ${why}.`];
}

/** Without their branch, forges close others of it: what somebody else opened, or what goes into another branch now. */
const isInUse = async (proposals: Proposals, place: ProposalPlace): Promise<boolean> =>
  (await proposals.others(place)).length > 0;

/** The config repository as markers name it: in others than itself. */
export const configFor = (target: ConfigRepository, { repository }: Pick<PromotePorts, "repository">) =>
  target.location === repository.location ? undefined : repository.location;

/** Whether an environment of the config lives in this repository and branch. */
export function isHereIn(
  target: ConfigRepository,
  name: EnvName,
  { environments }: Pipeline,
  { repositoryOf }: Pick<PromotePorts, "repositoryOf">,
): boolean {
  const environment = environments.get(name);
  return environment !== undefined && repositoryOf(environment) === target;
}

/**
 * The same for environments that propose no longer, or are gone, and for those that nothing was decided of: in the config
 * repository, and in each other one in which there are environments.
 * @param done the environments whose branches were looked at
 */
export async function tidyTheRest(
  { pipeline, done, ports }: { pipeline: Pipeline; done: readonly EnvName[]; ports: PromotePorts },
  { repository, mayBeProposed }: { repository: ConfigRepository; mayBeProposed: boolean },
): Promise<string[]> {
  const looked = done.map(proposalFolder);
  const targets = new Set([repository, ...[...pipeline.environments.values()].map(ports.repositoryOf)]);
  if (!mayBeProposed) targets.delete(repository);
  const told: string[] = [];
  for (const target of targets) {
    const tidying = {
      ...{
        target,
        base: target === repository ? repository.branch : undefined,
        pipeline,
        proposals: ports.proposing.of(target),
        logger: ports.logger,
      },
      folder: proposalsFolder,
      config: configFor(target, ports),
      includes: (branch: RefName) => !looked.some((folder) => branch.startsWith(folder)),
      decisions: [],
      isHere: (name: EnvName) => isHereIn(target, name, pipeline, ports),
      branchOf: () => undefined,
      current: () => undefined,
    };
    told.push(...(await tidyProposals(tidying)));
  }
  return told;
}
