import type { Json } from "../openapi.ts";
import type { GithubPull, GithubRepository } from "../state.ts";
import { GithubRefusal, type GraphqlContext, mustWrite, type Resolvers } from "./resolver.ts";

/** A pull request, and where it is. */
export interface PullAt {
  repository: GithubRepository;
  pull: GithubPull;
}

const looks = new WeakMap<GithubPull, number>();

/** As GitHub's `mergeStateStatus`: unknown until it has been asked for. */
function mergeState({ repository, pull }: PullAt): string {
  const seen = (looks.get(pull) ?? 0) + 1;
  looks.set(pull, seen);
  if (seen <= repository.unknownLooks) return "UNKNOWN";
  if (repository.conflicts(pull)) return "DIRTY";
  if (pull.draft) return "DRAFT";
  return repository.isMet(pull) ? "CLEAN" : "BLOCKED";
}

const unprocessable = (message: string): GithubRefusal => new GithubRefusal("UNPROCESSABLE", message);

const pullId = ({ repository, pull }: PullAt): string => `PR_${repository.fullName}#${pull.number}`;

/** The pull request that a mutation names, which its token may write to. */
function named(context: GraphqlContext, id: unknown): PullAt {
  for (const repository of context.repositories()) {
    const pull = repository.pulls.find((one) => pullId({ repository, pull: one }) === id);
    if (pull === undefined) continue;
    mustWrite(context);
    return { repository, pull: repository.pull(pull.number) ?? pull };
  }
  throw new GithubRefusal("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'`);
}

const allows =
  (method: "MERGE" | "SQUASH" | "REBASE") =>
  ({ mergeMethods }: GithubRepository): boolean =>
    mergeMethods.includes(method);

/** Auto-merge and the merge queue. */
export const autoMergeResolvers: Resolvers = {
  "Query.node": (_, { id }, context) => {
    const all = context
      .repositories()
      .flatMap((repository) => repository.pulls.map((pull) => ({ __typename: "PullRequest", repository, pull })));
    return all.find((one) => pullId(one) === id) ?? null;
  },
  "Repository.autoMergeAllowed": ({ autoMerge }: GithubRepository) => autoMerge,
  "Repository.mergeCommitAllowed": allows("MERGE"),
  "Repository.squashMergeAllowed": allows("SQUASH"),
  "Repository.rebaseMergeAllowed": allows("REBASE"),
  "Repository.viewerDefaultMergeMethod": ({ mergeMethods }: GithubRepository) => mergeMethods[0] ?? "MERGE",
  "Repository.pullRequest": (repository: GithubRepository, { number }) => {
    const pull = repository.pull(Number(number));
    if (pull !== undefined) return { repository, pull };
    throw new GithubRefusal("NOT_FOUND", `Could not resolve to a PullRequest with the number of ${number}.`);
  },
  "PullRequest.id": pullId,
  "PullRequest.state": ({ pull }: PullAt) => (pull.mergedAt !== null ? "MERGED" : pull.state.toUpperCase()),
  "PullRequest.isDraft": ({ pull }: PullAt) => pull.draft,
  "PullRequest.baseRefName": ({ pull }: PullAt) => pull.base,
  "PullRequest.headRefOid": ({ pull }: PullAt) => pull.headSha,
  "PullRequest.mergeStateStatus": mergeState,
  "PullRequest.isInMergeQueue": ({ pull }: PullAt) => pull.queued,
  "PullRequest.autoMergeRequest": ({ pull }: PullAt) =>
    pull.autoMergeBy === undefined ? null : { enabledAt: pull.updatedAt },
  "Mutation.enablePullRequestAutoMerge": (_, { input }, context) => {
    const { pullRequestId, expectedHeadOid, mergeMethod } = input as Json;
    const at = named(context, pullRequestId);
    const { repository, pull } = at;
    if (!repository.autoMerge) throw unprocessable("Pull request Auto merge is not allowed for this repository");
    if (pull.state !== "open") throw unprocessable("Pull request is closed");
    if (pull.draft) throw unprocessable("Pull request Pull request is in draft status");
    if (repository.conflicts(pull)) throw unprocessable("Pull request Pull request is in dirty status");
    if (expectedHeadOid !== pull.headSha) throw unprocessable("Head sha didn't match expected head oid");
    if (repository.isMet(pull) && !repository.mergeQueue) {
      throw unprocessable("Pull request Pull request is in clean status");
    }
    if (!repository.mergeMethods.some((method) => method === mergeMethod)) {
      throw unprocessable(`Pull request Merge method ${String(mergeMethod).toLowerCase()} is not allowed`);
    }
    if (repository.isMet(pull)) pull.queued = true;
    else Object.assign(pull, { autoMergeBy: context.identity, autoMergeMethod: mergeMethod });
    return { pullRequest: at };
  },
  "Mutation.disablePullRequestAutoMerge": (_, { input }, context) => {
    const at = named(context, (input as Json).pullRequestId);
    if (at.pull.autoMergeBy === undefined) throw unprocessable("Can't disable auto-merge for this pull request");
    at.pull.autoMergeBy = undefined;
    return { pullRequest: at };
  },
  "Mutation.dequeuePullRequest": (_, { input }, context) => {
    const { pull } = named(context, (input as Json).id);
    if (!pull.queued) throw unprocessable("Pull request is not in the merge queue");
    pull.queued = false;
    return { mergeQueueEntry: { id: "MQE_1" } };
  },
};
