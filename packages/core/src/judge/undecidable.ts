import { GluError } from "../errors.ts";
import { type EnvName, namePattern, type RepoPath } from "../model/names.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import type { PromotePorts } from "../promote/options.ts";
import { proposalsFolder } from "../propose/superseded.ts";
import { carriesRequest } from "../records/trailers.ts";
import { statusContext } from "./verdict.ts";

/**
 * While the config cannot be read nothing can be decided of what is proposed, and what was decided before must not stand:
 * each head's status is a failure, by what its branch says that it is for. Branches that are only called so are left
 * alone: a head counts that Glu made, or marked before. What somebody has put on top since has no status, and is not let
 * in where one is required. What cannot be told is a warning, since the run ends with what is wrong with the config anyway.
 */
export async function failUndecidable(
  repository: ConfigRepository,
  why: GluError,
  { statuses, logger }: Pick<PromotePorts, "statuses" | "logger">,
): Promise<void> {
  try {
    const port = statuses.of(repository);
    for (const [branch, commit] of await repository.proposals.list(proposalsFolder)) {
      const [environment = ""] = branch.slice(proposalsFolder.length).split("/");
      if (!namePattern.test(environment)) continue;
      const context = statusContext(environment as EnvName);
      const message = (await repository.proposals.read(branch))?.message ?? "";
      if (!carriesRequest(message) && (await port.read(commit, context)) === undefined) continue;
      const description = `the config cannot be read: ${why.message}`;
      await port.set(commit, {
        ...{ context, state: "failure", description },
        url: why.at === undefined ? undefined : statuses.page(repository, why.at.file as RepoPath),
      });
    }
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    logger.warning(`What is proposed could not be marked, and may still be merged as it was: ${error.message}`);
  }
}
