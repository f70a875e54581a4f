import { type ConfigRepository, type ProposalBranches, type RefName, UserError } from "@glu/core";
import { openConfigByApi, openGitlabBranches } from "@glu/forges";
import { askingAt, type ForgeAccess } from "../forge-outside.ts";
import type { FilesAhead } from "./ways.ts";

export interface ByApi {
  access: ForgeAccess;
  branch: RefName | undefined;
  ahead: FilesAhead;
  /** The same repository by Git: what the API cannot carry goes there. */
  byGit(branch: RefName | undefined): Promise<ConfigRepository>;
}

/**
 * The config repository by its forge's API.
 * @throws UserError `repository/commit-via` where the forge has no API that writes as safely as Git does
 */
export async function openByApi({ access, branch, ahead, byGit }: ByApi): Promise<ConfigRepository> {
  const { location, surroundings } = access;
  const asking = askingAt(access, location);
  if (asking === undefined || asking.forge === "gitea") throw notHere(location, asking?.forge);
  const { token, forge } = asking;
  if (!token) {
    throw new UserError("repository/unauthorised", `There is no token to ask the API of ${location} with.`, {
      seen: location,
      fix: "Give the token input, or set GLU_TOKEN in the job's environment.",
    });
  }
  const apiUrl = asking.apiUrl.replace(/\/+$/, "");
  const { logger } = surroundings;
  if (forge === "gitlab") {
    const git = await byGit(branch);
    const given = { asking: { ...asking, apiUrl, token }, location, logger, byGit: git.proposals };
    return proposingOnly(git, await openGitlabBranches(given));
  }
  return openConfigByApi({ asking: { ...asking, apiUrl, token }, location, branch, ahead, logger, byGit });
}

/** Proposes by GitLab's API, and commits nothing by it. */
function proposingOnly(git: ConfigRepository, proposals: ProposalBranches): ConfigRepository {
  return {
    location: git.location,
    get branch() {
      return git.branch;
    },
    proposals,
    open: () => git.open(),
    commit: () => Promise.reject(notHere(git.location, "gitlab")),
    cost: () => git.cost(),
    [Symbol.asyncDispose]: () => git[Symbol.asyncDispose](),
  };
}

function notHere(location: string, forge: string | undefined): UserError {
  const why =
    forge === "gitlab"
      ? "GitLab's commits API looks at files and not at the branch, so that two jobs could overwrite each other"
      : forge === undefined
        ? "this run is in no job of the GitHub that it lies on"
        : "its API cannot tell whether the branch has moved meanwhile";
  return new UserError("repository/commit-via", `commit-via: api does not write ${location}: ${why}.`, {
    seen: location,
    fix: "Leave commit-via out, or give wire or git: they write as long as the branch has not moved, everywhere.",
  });
}
