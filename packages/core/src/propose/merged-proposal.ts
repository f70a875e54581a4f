import { GluError } from "../errors.ts";
import type { AppName } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import type { Logger } from "../ports/logger.ts";
import type { Proposal, Proposals } from "../ports/proposals.ts";
import { proposalBranch } from "./branch.ts";
import { readMarker } from "./marker.ts";

/** What is needed to ask which proposals were merged. */
export interface AskingForMerges {
  proposing: { of(repository: ConfigRepository): Pick<Proposals, "of"> };
  repositoryOf(environment: Environment): ConfigRepository;
  logger: Logger;
}

/**
 * The proposal by which a request came into an environment, when somebody merged it. Undefined where there is none, and
 * where the forge cannot be asked, which is said: it is no reason to decide nothing. Of apps that were proposed together
 * it is not found.
 */
export async function mergedProposal(
  { app, environment, request }: { app: AppName; environment: Environment; request: string },
  { proposing, repositoryOf, logger }: AskingForMerges,
): Promise<Proposal | undefined> {
  const repository = repositoryOf(environment);
  const place = { branch: proposalBranch(environment.name, [app]), base: repository.branch };
  try {
    const known = await proposing.of(repository).of(place);
    return known.find(({ state, body }) => state === "merged" && readMarker(body)?.request === request);
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    const fix = error.fix === undefined ? "" : ` ${error.fix}`;
    logger.notice(
      `Whether ${app} in ${environment.name} came by a proposal could not be asked: ${error.message}${fix}`,
    );
    return undefined;
  }
}
