import type { Json } from "../openapi.ts";
import type { GithubPull, GithubRepository } from "../state.ts";
import { GithubRefusal, type GraphqlContext, mustWrite, type Resolvers } from "./resolver.ts";

/** A pull request, and where it is. */
interface PullAt {
  repository: GithubRepository;
  pull: GithubPull;
}

const unprocessable = (message: string) => new GithubRefusal("UNPROCESSABLE", message);
const looks = new WeakMap<GithubPull, number>();

/** Pull requests as far as GitHub merges them by itself, and its merge queue. */
export const autoMergeResolvers: Resolvers = {
  "Repository.autoMergeAllowed": ({ autoMerge }: GithubRepository) => autoMerge,
  "Repository.mergeCommitAllowed": ({ mergeMethods }: GithubRepository) => mergeMethods.includes("MERGE"),
  "Repository.squashMergeAllowed": ({ mergeMethods }: GithubRepository) => mergeMethods.includes("SQUASH"),
  "Repository.rebaseMergeAllowed": ({ mergeMethods }: GithubRepository) => mergeMethods.includes("REBASE"),
  "Repository.viewerDefaultMergeMethod": ({ mergeMethods }: GithubRepository) => mergeMethods[0] ?? "MERGE",
  "Repository.pullRequest": (repository: GithubRepository, { number }): PullAt => {
    const pull = repository.pull(Number(number));
    if (pull !== undefined) return { repository, pull };
    throw new GithubRefusal("NOT_FOUND", `Could not resolve to a PullRequest with the number of ${number}.`);
  },
  "PullRequest.id": ({ repository, pull }: PullAt) => idOf(repository, pull),
  "PullRequest.state": ({ pull }: PullAt) => (pull.mergedAt !== null ? "MERGED" : pull.state.toUpperCase()),
  "PullRequest.isDraft": ({ pull }: PullAt) => pull.draft,
  "PullRequest.baseRefName": ({ pull }: PullAt) => pull.base,
  "PullRequest.headRefOid": ({ pull }: PullAt) => pull.headSha,
  "PullRequest.mergeStateStatus": mergeState,
  "PullRequest.isInMergeQueue": ({ pull }: PullAt) => pull.queued,
  "PullRequest.autoMergeRequest": ({ pull }: PullAt) =>
    pull.autoMergeBy === undefined ? null : { enabledAt: pull.updatedAt },
  "Mutation.enablePullRequestAutoMerge": (_, { input }, context) => {
    const { pullRequestId, expectedHeadOid, mergeMethod = "MERGE" } = input as Record<string, string | undefined>;
    const { repository, pull } = found(context, pullRequestId);
    if (!repository.autoMerge) throw unprocessable("Pull request Auto merge is not allowed for this repository");
    if (pull.state !== "open") throw unprocessable("Pull request is closed");
    if (expectedHeadOid !== undefined && expectedHeadOid !== pull.headSha) {
      throw unprocessable("Head sha didn't match expected head oid");
    }
    if (repository.isMet(pull) && !repository.mergeQueue) {
      throw unprocessable("Pull request Pull request is in clean status");
    }
    if (!repository.mergeMethods.some((method) => method === mergeMethod)) {
      throw unprocessable(`Pull request Merge method ${mergeMethod?.toLowerCase()} is not allowed`);
    }
    if (repository.isMet(pull)) pull.queued = true;
    else pull.autoMergeBy = context.identity;
    return { pullRequest: { repository, pull }, clientMutationId: null };
  },
  "Mutation.disablePullRequestAutoMerge": (_, { input }, context) => {
    const { repository, pull } = found(context, (input as Json).pullRequestId);
    if (pull.autoMergeBy === undefined) throw unprocessable("Can't disable auto-merge for this pull request");
    pull.autoMergeBy = undefined;
    return { pullRequest: { repository, pull }, clientMutationId: null };
  },
  "Mutation.dequeuePullRequest": (_, { input }, context) => {
    const { pull } = found(context, (input as Json).id);
    if (!pull.queued) throw unprocessable("Pull request is not in the merge queue");
    pull.queued = false;
    return { mergeQueueEntry: { id: "MQE_1" }, clientMutationId: null };
  },
};

const idOf = ({ fullName }: GithubRepository, { number }: GithubPull): string =>
  `PR_${Buffer.from(`${fullName}#${number}`).toString("base64url")}`;

/** The pull request of an id, for who may change it. */
function found(context: GraphqlContext, id: unknown): PullAt {
  for (const repository of context.repositories()) {
    const known = repository.pulls.find((one) => idOf(repository, one) === id);
    const pull = known && repository.pull(known.number);
    if (pull === undefined) continue;
    mustWrite(context);
    return { repository, pull };
  }
  throw new GithubRefusal("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'`);
}

/** Unknown until it has been asked for. */
function mergeState({ repository, pull }: PullAt): string {
  const seen = (looks.get(pull) ?? 0) + 1;
  looks.set(pull, seen);
  if (seen <= repository.unknownLooks) return "UNKNOWN";
  if (pull.draft) return "DRAFT";
  return repository.isMet(pull) ? "CLEAN" : "BLOCKED";
}
