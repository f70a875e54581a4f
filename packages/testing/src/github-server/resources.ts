import { GithubOpenapi, type Json } from "./openapi.ts";
import type { GithubIdentity, GithubPull, GithubRepository } from "./state.ts";

/** A number that stays the same for a name. */
const numberOf = (name: string): number => [...name].reduce((sum, one) => (sum * 31 + one.charCodeAt(0)) % 1e6, 7);

export function userJson({ login, type }: Pick<GithubIdentity, "login" | "type">): Json {
  return {
    ...GithubOpenapi.get().example("simple-user"),
    login,
    id: numberOf(login),
    type,
    html_url: `https://github.com/${login}`,
  };
}

const person = (login: string): Json => userJson({ login, type: "User" });

export function labelJson(name: string): Json {
  // Really null. In the list of a pull request's labels its description of itself wants a text.
  const fresh = { id: numberOf(name), name, color: "ededed", default: false, description: "" };
  return { ...GithubOpenapi.get().example("label"), ...fresh };
}

function teamJson(slug: string): Json {
  const [team] = GithubOpenapi.get().example("pull-request").requested_teams as Json[];
  return { ...team, id: numberOf(slug), slug, name: slug, type: "organization", parent: null };
}

/** @param fork its owner, where it is one */
function sideJson({ owner: own, name }: GithubRepository, branch: string, sha: string, fork?: string): Json {
  const { head } = GithubOpenapi.get().example("pull-request") as { head: { repo: Json } };
  const owner = fork ?? own;
  const fullName = `${owner}/${name}`;
  const repo = {
    ...head.repo,
    id: numberOf(fullName),
    name,
    fork: fork !== undefined,
    full_name: fullName,
    owner: person(owner),
    html_url: `https://github.com/${fullName}`,
  };
  return { label: `${owner}:${branch}`, ref: branch, sha, user: person(owner), repo };
}

/** A repository as other resources name it. */
export function repositoryJson({ owner, name, fullName }: GithubRepository): Json {
  return {
    ...GithubOpenapi.get().example("minimal-repository"),
    name,
    full_name: fullName,
    owner: person(owner),
    html_url: `https://github.com/${fullName}`,
  };
}

/** As it is in a list. */
export function pullInList(repository: GithubRepository, pull: GithubPull): Json {
  const { number } = pull;
  const [example] = GithubOpenapi.get().example("pull-request-simple-items") as unknown as [Json];
  return {
    ...example,
    id: 1000 + number,
    number,
    html_url: `https://github.com/${repository.fullName}/pull/${number}`,
    state: pull.state,
    locked: false,
    active_lock_reason: null,
    milestone: null,
    title: pull.title,
    user: userJson(pull.author),
    body: pull.body,
    labels: pull.labels.map(labelJson),
    assignee: pull.assignees.map(person)[0] ?? null,
    assignees: pull.assignees.map(person),
    requested_reviewers: pull.reviewers.map(person),
    requested_teams: pull.teams.map(teamJson),
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommit,
    head: sideJson(repository, pull.head, pull.headSha, pull.fork),
    base: sideJson(repository, pull.base, repository.tip(pull.base) ?? pull.headSha),
    author_association: "MEMBER",
    auto_merge: autoMergeJson(pull),
    draft: pull.draft,
  };
}

function autoMergeJson({ autoMergeBy, autoMergeMethod = "MERGE", title }: GithubPull): Json | null {
  if (autoMergeBy === undefined) return null;
  const method = autoMergeMethod.toLowerCase();
  return { enabled_by: userJson(autoMergeBy), merge_method: method, commit_title: title, commit_message: "" };
}

/** GitHub's word for how it stands. */
function mergeableState(repository: GithubRepository, pull: GithubPull): string {
  if (repository.conflicts(pull)) return "dirty";
  if (pull.draft) return "draft";
  return repository.isMet(pull) ? "clean" : "blocked";
}

/** As it is alone. */
export function pullJson(repository: GithubRepository, pull: GithubPull): Json {
  const teams = pull.teams.map(teamJson).map(({ parent: _, ...team }) => team);
  const { files, commits } = repository.change(pull);
  const sum = (column: number) => files.reduce((all, line) => all + (Number(line.split("\t")[column]) || 0), 0);
  return {
    ...pullInList(repository, pull),
    requested_teams: teams,
    merged: pull.mergedAt !== null,
    ...(pull.state === "open"
      ? {
          mergeable: !repository.conflicts(pull),
          rebaseable: !repository.conflicts(pull),
          mergeable_state: mergeableState(repository, pull),
        }
      : { mergeable: null, rebaseable: null, mergeable_state: "unknown" }),
    merged_by: pull.mergedBy === undefined ? null : userJson(pull.mergedBy),
    comments: pull.comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits,
    additions: sum(0),
    deletions: sum(1),
    changed_files: files.length,
  };
}

export function issueJson(repository: GithubRepository, pull: GithubPull): Json {
  return {
    ...GithubOpenapi.get().example("issue"),
    number: pull.number,
    title: pull.title,
    body: pull.body,
    state: pull.state,
    html_url: `https://github.com/${repository.fullName}/pull/${pull.number}`,
    user: userJson(pull.author),
    labels: pull.labels.map(labelJson),
    assignee: pull.assignees.map(person)[0] ?? null,
    assignees: pull.assignees.map(person),
    comments: pull.comments.length,
  };
}

export function commentJson(
  repository: GithubRepository,
  pull: GithubPull,
  { id, author, body, at }: GithubPull["comments"][number],
): Json {
  return {
    ...GithubOpenapi.get().example("issue-comment"),
    id,
    body,
    user: userJson(author),
    html_url: `https://github.com/${repository.fullName}/pull/${pull.number}#issuecomment-${id}`,
    created_at: at,
    updated_at: at,
  };
}
