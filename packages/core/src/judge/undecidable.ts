import { GluError } from "../errors.ts";
import { type EnvName, namePattern, type RepoPath } from "../model/names.ts";
import type { ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import type { PromotePorts } from "../promote/options.ts";
import { proposalsFolder } from "../propose/superseded.ts";
import { carriesRequest } from "../records/trailers.ts";
import { lastReadable } from "./last-readable.ts";
import { statusContext } from "./verdict.ts";

/**
 * While the config cannot be read nothing can be decided of what is proposed, and what was decided before must not stand:
 * each head's status is a failure, by what its branch says that it is for. Branches that are only called so are left
 * alone: a head counts that Glu made, or marked before. What somebody has put on top since has no status, and is not let
 * in where one is required. Which other repositories are proposed to the last config tells that could be read. What
 * cannot be told is a warning, since the run ends with what is wrong with the config anyway.
 * @param tip whose config cannot be read
 */
export async function failUndecidable(
  tip: Snapshot,
  why: GluError,
  ports: Pick<PromotePorts, "repository" | "repositoryOf" | "loadPipeline" | "statuses" | "logger">,
): Promise<void> {
  await failIn(ports.repository, why, ports);
  try {
    const before = await lastReadable(tip, ports);
    const proposing = [...(before?.environments.values() ?? [])].filter(({ propose }) => propose !== undefined);
    const others = new Set(proposing.map((environment) => ports.repositoryOf(environment)));
    others.delete(ports.repository);
    for (const repository of others) await failIn(repository, why, ports);
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    ports.logger.warning(
      `What is proposed to other repositories could not be marked, and may still be merged as it was: ${error.message}`,
    );
  }
}

async function failIn(
  target: ConfigRepository,
  why: GluError,
  { repository, statuses, logger }: Pick<PromotePorts, "repository" | "statuses" | "logger">,
): Promise<void> {
  try {
    const port = statuses.of(target);
    for (const [branch, commit] of await target.proposals.list(proposalsFolder)) {
      const [environment = ""] = branch.slice(proposalsFolder.length).split("/");
      if (!namePattern.test(environment)) continue;
      const context = statusContext(environment as EnvName);
      const message = (await target.proposals.read(branch))?.message ?? "";
      if (!carriesRequest(message) && (await port.read(commit, context)) === undefined) continue;
      const description = `the config cannot be read: ${why.message}`;
      await port.set(commit, {
        ...{ context, state: "failure", description },
        url: why.at === undefined ? undefined : statuses.page(repository, why.at.file as RepoPath),
      });
    }
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    const what = `What is proposed to ${target.location}`;
    logger.warning(`${what} could not be marked, and may still be merged as it was: ${error.message}`);
  }
}
