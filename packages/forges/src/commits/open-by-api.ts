import type { ConfigRepository, ProposalBranches } from "@glu/core";
import type { GithubConfigRepositoryOptions } from "./github-config-repository.ts";
import type { GitlabBranchesOptions } from "./gitlab-proposal-branches.ts";

/** The config repository by GitHub's API. The server is asked at `open()` only. */
export async function openConfigByApi(options: GithubConfigRepositoryOptions): Promise<ConfigRepository> {
  const { GithubConfigRepository } = await import("./github-config-repository.ts");
  return new GithubConfigRepository(options);
}

/** Branches of proposals, new ones by GitLab's commits API. */
export async function openGitlabBranches(options: GitlabBranchesOptions): Promise<ProposalBranches> {
  const { gitlabProposalBranches } = await import("./gitlab-proposal-branches.ts");
  return gitlabProposalBranches(options);
}
