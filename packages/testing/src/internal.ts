// What our own tests stand on: ports in memory, the contracts that every implementation keeps, a real Git server.
export * from "@glu/simulation";
export { ArgocdServer, type PutApplication } from "./cluster-servers/argocd-server.ts";
export { type ClusterKind, KubernetesServer } from "./cluster-servers/kubernetes-server.ts";
export { PrometheusServer, type ServedSeries } from "./cluster-servers/prometheus-server.ts";
export type { ServerFault, StrictServer } from "./cluster-servers/strict-server.ts";
export { type ActorsFixture, actorsContract } from "./contract/actors-contract.ts";
export { type ApprovalsFixture, approvalsContract } from "./contract/approvals-contract.ts";
export * from "./contract/artifact-store-contract.ts";
export { type ChecksFixture, checksContract } from "./contract/checks-contract.ts";
export { type CommentCommandsFixture, commentCommandsContract } from "./contract/comment-commands-contract.ts";
export { type CommentsFixture, commentsContract } from "./contract/comments-contract.ts";
export * from "./contract/config-repository-contract.ts";
export { type DeploymentsFixture, deploymentsContract, type SeenDeployment } from "./contract/deployments-contract.ts";
export { type FaultSubject, type FaultSuite, faultsContract } from "./contract/faults-contract.ts";
export {
  type PreviewDeploymentsFixture,
  previewDeploymentsContract,
  type SeenPreviewDeployment,
} from "./contract/preview-deployments-contract.ts";
export { proposalBranchesContract } from "./contract/proposal-branches-contract.ts";
export { type ProposalsFixture, proposalsContract } from "./contract/proposals-contract.ts";
export { type PullsFixture, pullsContract } from "./contract/pulls-contract.ts";
export { type StatusesFixture, statusesContract } from "./contract/statuses-contract.ts";
export { type CallFault, callFaults, staleFetch, watchedFetch } from "./faults/faulty-fetch.ts";
export * from "./git/bare-fixture.ts";
export { GitObjects } from "./git/git-objects.ts";
export * from "./git-server/git-server.ts";
export { GiteaServer, type GiteaUser, programInPath } from "./gitea-server/gitea-server.ts";
export type { GithubApp, InstallationToken } from "./github-server/apps.ts";
export { GithubCli } from "./github-server/github-cli.ts";
export { type GithubFault, type GithubRequest, GithubServer } from "./github-server/github-server.ts";
export { GithubReviews } from "./github-server/review-routes.ts";
export type { GithubRepository } from "./github-server/state.ts";
export type { GitlabUser } from "./gitlab-server/answers.ts";
export type { Fault } from "./gitlab-server/faults.ts";
export { GitlabServer } from "./gitlab-server/gitlab-server.ts";
export * from "./memory/artifact-for-test.ts";
export * from "./registry-server/docker-registry.ts";
export { type PushedImage, RegistryServer } from "./registry-server/registry-server.ts";
