// What our own tests stand on: ports in memory, the contracts that every implementation keeps, a real Git server.
export * from "@glu/simulation";
export * from "./contract/artifact-store-contract.ts";
export * from "./contract/config-repository-contract.ts";
export { proposalBranchesContract } from "./contract/proposal-branches-contract.ts";
export { type ProposalsFixture, proposalsContract } from "./contract/proposals-contract.ts";
export * from "./git/bare-fixture.ts";
export * from "./git-server/git-server.ts";
export { GiteaServer, type GiteaUser, programInPath } from "./gitea-server/gitea-server.ts";
export { GithubCli } from "./github-server/github-cli.ts";
export { type GithubFault, type GithubRequest, GithubServer } from "./github-server/github-server.ts";
export { GitObjects } from "./github-server/objects.ts";
export type { GithubRepository } from "./github-server/state.ts";
export type { GitlabUser } from "./gitlab-server/answers.ts";
export type { Fault } from "./gitlab-server/faults.ts";
export { GitlabServer } from "./gitlab-server/gitlab-server.ts";
export * from "./memory/artifact-for-test.ts";
export * from "./registry-server/docker-registry.ts";
export { type PushedImage, RegistryServer } from "./registry-server/registry-server.ts";
