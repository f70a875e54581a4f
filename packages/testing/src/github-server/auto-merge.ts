import { type GithubAnswer, ok } from "./answers.ts";
import type { Json } from "./openapi.ts";
import type { GithubIdentity, GithubPull, GithubRepository } from "./state.ts";

interface Call {
  repository: GithubRepository;
  pull: GithubPull;
  identity: GithubIdentity;
  variables: Json;
}

const idOf = ({ fullName }: GithubRepository, { number }: GithubPull): string => `PR_${fullName}#${number}`;

const wrong = (type: string | undefined, message: string): GithubAnswer =>
  ok({ data: null, errors: [{ ...(type === undefined ? {} : { type }), message }] });
const unprocessable = (message: string) => wrong("UNPROCESSABLE", message);

const looks = new WeakMap<GithubPull, number>();

/** As GitHub's `mergeStateStatus`: unknown until it has been asked for. */
function mergeState(repository: GithubRepository, pull: GithubPull): string {
  const seen = (looks.get(pull) ?? 0) + 1;
  looks.set(pull, seen);
  if (seen <= repository.unknownLooks) return "UNKNOWN";
  if (pull.draft) return "DRAFT";
  return repository.isMet(pull) ? "CLEAN" : "BLOCKED";
}

const operations: Readonly<Record<string, (call: Call) => GithubAnswer>> = {
  AutoMerge: ({ repository, pull }) => {
    const allows = (method: (typeof repository.mergeMethods)[number]) => repository.mergeMethods.includes(method);
    return ok({
      data: {
        repository: {
          autoMergeAllowed: repository.autoMerge,
          mergeCommitAllowed: allows("MERGE"),
          squashMergeAllowed: allows("SQUASH"),
          rebaseMergeAllowed: allows("REBASE"),
          viewerDefaultMergeMethod: repository.mergeMethods[0] ?? "MERGE",
          pullRequest: {
            id: idOf(repository, pull),
            state: pull.mergedAt !== null ? "MERGED" : pull.state.toUpperCase(),
            isDraft: pull.draft,
            baseRefName: pull.base,
            headRefOid: pull.headSha,
            mergeStateStatus: mergeState(repository, pull),
            isInMergeQueue: pull.queued,
            autoMergeRequest: pull.autoMergeBy === undefined ? null : { enabledAt: pull.updatedAt },
          },
        },
      },
    });
  },
  EnableAutoMerge: ({ repository, pull, identity, variables }) => {
    if (!repository.autoMerge) return unprocessable("Pull request Auto merge is not allowed for this repository");
    if (pull.state !== "open") return unprocessable("Pull request is closed");
    if (variables.head !== pull.headSha) return unprocessable("Head sha didn't match expected head oid");
    if (repository.isMet(pull) && !repository.mergeQueue) {
      return unprocessable("Pull request Pull request is in clean status");
    }
    if (!repository.mergeMethods.some((method) => method === variables.method)) {
      return unprocessable(`Pull request Merge method ${String(variables.method).toLowerCase()} is not allowed`);
    }
    if (repository.isMet(pull)) pull.queued = true;
    else pull.autoMergeBy = identity;
    return ok({ data: { enablePullRequestAutoMerge: { pullRequest: { id: variables.id } } } });
  },
  DisableAutoMerge: ({ pull, variables }) => {
    if (pull.autoMergeBy === undefined) return unprocessable("Can't disable auto-merge for this pull request");
    pull.autoMergeBy = undefined;
    return ok({ data: { disablePullRequestAutoMerge: { pullRequest: { id: variables.id } } } });
  },
  Dequeue: ({ pull }) => {
    if (!pull.queued) return unprocessable("Pull request is not in the merge queue");
    pull.queued = false;
    return ok({ data: { dequeuePullRequest: { mergeQueueEntry: { id: "MQE_1" } } } });
  },
};

/** What GraphQL answers to what is asked around auto-merge; undefined for all else. */
export function autoMergeAnswer(
  body: Json | undefined,
  identity: GithubIdentity,
  repositories: readonly GithubRepository[],
): GithubAnswer | undefined {
  const [, kind, name = ""] = /^(query|mutation) (\w+)\(/.exec(String(body?.query)) ?? [];
  const operation = operations[name];
  if (operation === undefined) return undefined;
  const variables = (body?.variables ?? {}) as Json;
  const found = repositories.flatMap((repository) => {
    const isIt = ({ number }: GithubPull) =>
      kind === "query"
        ? repository.fullName === `${variables.owner}/${variables.name}` && number === variables.number
        : idOf(repository, { number } as GithubPull) === variables.id;
    const pull = repository.pulls.find(isIt);
    return pull === undefined ? [] : [{ repository, pull: repository.pull(pull.number) ?? pull }];
  })[0];
  if (found === undefined || identity.access === "none") {
    return wrong("NOT_FOUND", "Could not resolve to a Repository or PullRequest.");
  }
  if (kind === "mutation" && identity.access !== "write") {
    return wrong("FORBIDDEN", "Resource not accessible by integration");
  }
  return operation({ ...found, identity, variables });
}
