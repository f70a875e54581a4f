import { labelJson, userJson } from "../resources.ts";
import { GithubReviews } from "../review-routes.ts";
import type { GithubIdentity, GithubPull, GithubRepository } from "../state.ts";
import type { PullAt } from "./auto-merge.ts";
import { limited, type ObjectAt, objectAt } from "./objects.ts";
import type { Resolvers } from "./resolver.ts";

/** A list of GraphQL. How many are wanted must be said, unless only their number is asked for. */
function listOf(all: readonly unknown[], { first, last }: { first?: unknown; last?: unknown }) {
  return {
    totalCount: all.length,
    get nodes() {
      return typeof last === "number" ? all.slice(-limited(last)) : all.slice(0, limited(first));
    },
    get pageInfo() {
      return { hasNextPage: typeof last !== "number" && all.length > limited(first), endCursor: null };
    },
  };
}

const person = (login: string) => ({ __typename: "User", id: `U_${login}`, login, name: null });

/** GraphQL calls an App by its name alone. */
const actor = ({ login, type }: GithubIdentity) =>
  type === "Bot" ? { __typename: "Bot", id: `BOT_${login}`, login: login.replace(/\[bot\]$/, "") } : person(login);

const urlOf = ({ repository, pull }: PullAt): string => `https://github.com/${repository.fullName}/pull/${pull.number}`;

/** Pull requests as they are read. */
export const pullResolvers: Resolvers = {
  "Repository.pullRequests": (repository: GithubRepository, { states, headRefName, baseRefName, orderBy, ...page }) => {
    const stateOf = (pull: GithubPull) => (pull.mergedAt === null ? pull.state.toUpperCase() : "MERGED");
    const found = repository.pulls.filter(
      (pull) =>
        (!Array.isArray(states) || states.includes(stateOf(pull))) &&
        (typeof headRefName !== "string" || headRefName === pull.head) &&
        (typeof baseRefName !== "string" || baseRefName === pull.base),
    );
    const sorted = (orderBy as { direction?: string } | undefined)?.direction === "DESC" ? found.toReversed() : found;
    return listOf(
      sorted.map((pull) => ({ repository, pull: repository.pull(pull.number) })),
      page,
    );
  },
  "PullRequest.number": ({ pull }: PullAt) => pull.number,
  "PullRequest.title": ({ pull }: PullAt) => pull.title,
  "PullRequest.body": ({ pull }: PullAt) => pull.body ?? "",
  "PullRequest.url": urlOf,
  "PullRequest.headRefName": ({ pull }: PullAt) => pull.head,
  "PullRequest.headRepositoryOwner": ({ repository }: PullAt) => person(repository.owner),
  "PullRequest.isCrossRepository": () => false,
  "PullRequest.headRepository": ({ repository }: PullAt) => repository,
  "PullRequest.maintainerCanModify": () => false,
  "PullRequest.mergeable": ({ repository, pull }: PullAt) => (repository.conflicts(pull) ? "CONFLICTING" : "MERGEABLE"),
  "PullRequest.milestone": () => null,
  "PullRequest.reactionGroups": () => [],
  "PullRequest.reviews": (_, page) => listOf([], page),
  "PullRequest.projectCards": (_, page) => listOf([], page),
  "PullRequest.additions": (at: PullAt) => filesOf(at).reduce((sum, { additions }) => sum + additions, 0),
  "PullRequest.deletions": (at: PullAt) => filesOf(at).reduce((sum, { deletions }) => sum + deletions, 0),
  "PullRequest.createdAt": ({ pull }: PullAt) => pull.createdAt,
  "PullRequest.updatedAt": ({ pull }: PullAt) => pull.updatedAt,
  "PullRequest.closedAt": ({ pull }: PullAt) => pull.closedAt,
  "PullRequest.mergedAt": ({ pull }: PullAt) => pull.mergedAt,
  "PullRequest.mergedBy": ({ pull }: PullAt) => (pull.mergedBy === undefined ? null : actor(pull.mergedBy)),
  "PullRequest.mergeCommit": ({ repository, pull }: PullAt) =>
    pull.mergeCommit === null ? null : objectAt(repository, pull.mergeCommit),
  "PullRequest.author": ({ pull }: PullAt) => actor(pull.author),
  "PullRequest.labels": ({ pull }: PullAt, page) =>
    listOf(
      pull.labels.map(labelJson).map(({ id, ...label }) => ({ ...label, id: `LA_${id}` })),
      page,
    ),
  "PullRequest.assignees": ({ pull }: PullAt, page) => listOf(pull.assignees.map(person), page),
  "PullRequest.reviewRequests": ({ repository, pull }: PullAt, page) =>
    listOf(
      [
        ...pull.reviewers.map(person),
        ...pull.teams.map((slug) => {
          return { __typename: "Team", slug, name: slug, organization: { login: repository.owner } };
        }),
      ].map((requestedReviewer) => ({ requestedReviewer })),
      page,
    ),
  "PullRequest.comments": (at: PullAt, page) =>
    listOf(
      at.pull.comments.map(({ id, author, body, at: createdAt }) => ({
        id: `IC_${id}`,
        databaseId: userJson(author).id,
        author: actor(author),
        authorAssociation: "MEMBER",
        body,
        createdAt,
        includesCreatedEdit: false,
        isMinimized: false,
        minimizedReason: null,
        reactionGroups: [],
        url: `${urlOf(at)}#issuecomment-${id}`,
        viewerDidAuthor: false,
      })),
      page,
    ),
  "PullRequest.commits": ({ repository, pull }: PullAt, page) => {
    const ids = repository.git
      .git("rev-list", "--reverse", `${pull.base}..${pull.headSha}`)
      .split("\n")
      .filter(Boolean);
    return listOf(
      ids.map((id) => ({ commit: objectAt(repository, id) })),
      page,
    );
  },
  "PullRequest.files": (at: PullAt, page) => listOf(filesOf(at), page),
  "Commit.statusCheckRollup": ({ repository, oid }: ObjectAt) => {
    const all = checksOf(repository, oid);
    return all.length === 0 ? null : { id: `SCR_${oid}`, all, state: rolledUp(all) };
  },
  "StatusCheckRollup.contexts": ({ all }: { all: Check[] }, page) => listOf(all, page),
  // What a rule of a branch requires.
  "StatusContext.isRequired": ({ repository, context }: Check) => repository.required.has(String(context)),
  "CheckRun.isRequired": ({ repository, name }: Check) => repository.required.has(String(name)),
};

type Check = Record<string, unknown> & { repository: GithubRepository };

/** Statuses and check runs of a commit, of each name the latest. */
function checksOf(repository: GithubRepository, oid: string): Check[] {
  const statuses = new Map(repository.statuses.filter(({ sha }) => sha === oid).map((one) => [one.context, one]));
  const runs = GithubReviews.of(repository).checkRuns.filter(({ sha }) => sha === oid);
  return [
    ...[...statuses.values()].map(({ id, context, state, description, target_url, at }) => ({
      __typename: "StatusContext",
      ...{ id: `SC_${id}`, repository, context, state: state.toUpperCase(), description },
      ...{ targetUrl: target_url, createdAt: at },
    })),
    ...[...new Map(runs.map((one) => [one.name, one])).values()].map(({ id, name, status, conclusion, run = 1 }) => ({
      __typename: "CheckRun",
      ...{
        id: `CR_${id}`,
        repository,
        name,
        status: status.toUpperCase(),
        conclusion: conclusion?.toUpperCase() ?? null,
      },
      ...{ startedAt: null, completedAt: null, title: null, summary: null },
      ...{ checkSuite: { id: `CS_${run}`, workflowRun: null } },
      detailsUrl: `https://github.com/${repository.fullName}/actions/runs/${run}/job/${id}`,
    })),
  ];
}

function rolledUp(all: readonly Check[]): string {
  const states = all.map(({ state, conclusion }) => String(state ?? conclusion ?? "PENDING"));
  if (states.some((state) => ["FAILURE", "ERROR"].includes(state))) return "FAILURE";
  return states.includes("PENDING") ? "PENDING" : "SUCCESS";
}

function filesOf({ repository, pull }: PullAt): { additions: number; deletions: number; path: string }[] {
  // What it was, once it is merged and its branch gone.
  const base = pull.mergeCommit === null ? pull.base : `${pull.mergeCommit}^`;
  const lines = repository.git.git("diff", "--numstat", `${base}...${pull.headSha}`).split("\n").filter(Boolean);
  return lines.map((line) => {
    const [additions, deletions, path = ""] = line.split("\t");
    return { additions: Number(additions) || 0, deletions: Number(deletions) || 0, path };
  });
}
