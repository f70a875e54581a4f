import { GluError } from "../errors.ts";
import type { AppName } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import type { Logger } from "../ports/logger.ts";
import type { Proposal, Proposals } from "../ports/proposals.ts";
import { parseTrailers, type TrailerBlock } from "../records/trailers.ts";
import { proposalBranch } from "./branch.ts";
import { readMarker } from "./marker.ts";

/** What is needed to ask which proposals were merged. */
export interface AskingForMerges {
  proposing: { of(repository: ConfigRepository): Pick<Proposals, "of" | "mergedByOthers"> };
  repositoryOf(environment: Environment): ConfigRepository;
  logger: Logger;
}

/** What a request brought into an environment. */
export interface Brought {
  app: AppName;
  /** All apps that it brought there, as far as that is known, the one too: they may have been proposed together. */
  apps: readonly AppName[];
  environment: Environment;
  request: string;
}

/**
 * The proposal by which an app came into an environment, when somebody merged it: its own, or that of all which came with
 * it. Undefined where there is none, and where the forge cannot be asked, which is said: it is no reason to decide nothing.
 */
export async function mergedProposal(brought: Brought, ports: AskingForMerges): Promise<Proposal | undefined> {
  const { app, environment } = brought;
  try {
    return await findMergedProposal(brought, ports);
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    const fix = error.fix === undefined ? "" : ` ${error.fix}`;
    ports.logger.notice(
      `Whether ${app} in ${environment.name} came by a proposal could not be asked: ${error.message}${fix}`,
    );
    return undefined;
  }
}

/** The same; @throws GluError when the forge cannot be asked */
export async function findMergedProposal(
  { app, apps, environment, request }: Brought,
  { proposing, repositoryOf }: Pick<AskingForMerges, "proposing" | "repositoryOf">,
): Promise<Proposal | undefined> {
  const repository = repositoryOf(environment);
  const branches = new Set([[app], apps].map((names) => proposalBranch(environment.name, names)));
  for (const branch of branches) {
    const known = await proposing.of(repository).of({ branch, base: repository.branch });
    const merged = known.find(({ state, body }) => state === "merged" && readMarker(body)?.request === request);
    if (merged !== undefined) return merged;
  }
  return undefined;
}

/**
 * One that another identity of Glu's opened, such as the token of another job, when somebody merged it. Anybody can give
 * a body its marker: it counts when what was merged is as Glu put it there, and carries the same request.
 * @throws GluError when the forge cannot be asked
 */
export async function mergedByAnother(
  { app, apps, environment, request }: Brought,
  { proposing, repositoryOf }: Pick<AskingForMerges, "proposing" | "repositoryOf">,
): Promise<Proposal | undefined> {
  const repository = repositoryOf(environment);
  const branches = new Set([[app], apps].map((names) => proposalBranch(environment.name, names)));
  for (const branch of branches) {
    const merged = await proposing.of(repository).mergedByOthers({ branch, base: repository.branch });
    for (const proposal of merged.filter(({ body }) => readMarker(body)?.request === request)) {
      const head = await repository.proposals.read(proposal.ref);
      if (head === undefined || !head.byGlu || head.commit !== proposal.head) continue;
      const isOfIt = (block: TrailerBlock) =>
        block.request === request && block.app === app && block.environment === environment.name;
      if (parseTrailers(head.message).some(isOfIt)) return proposal;
    }
  }
  return undefined;
}
