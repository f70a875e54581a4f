import { type GithubAnswer, invalid, noPermission, notFound, ok, refused } from "./answers.ts";
import type { Json } from "./openapi.ts";
import { commentJson, issueJson, labelJson, pullInList, pullJson } from "./resources.ts";
import {
  type GithubIdentity,
  type GithubMethod,
  type GithubPull,
  type GithubRepository,
  wholeSeconds,
} from "./state.ts";
import { pageOf } from "./traffic.ts";

/** A call that has passed GitHub's description. */
export interface GithubCall {
  repository: GithubRepository;
  identity: GithubIdentity;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  body: Json;
}

type Handler = (call: GithubCall) => GithubAnswer;

const repo = "/repos/{owner}/{repo}";

/** The calls around pull requests that the fake models; all others are 501. */
export const pullRoutes: Readonly<Record<string, Handler>> = {
  [`GET ${repo}/pulls`]: list,
  [`POST ${repo}/pulls`]: writing(create),
  [`GET ${repo}/pulls/{pull_number}`]: onPull(({ repository }, pull) => ok(pullJson(repository, pull))),
  [`PATCH ${repo}/pulls/{pull_number}`]: writing(onPull(update)),
  [`PUT ${repo}/pulls/{pull_number}/merge`]: writing(onPull(merge)),
  [`POST ${repo}/pulls/{pull_number}/requested_reviewers`]: writing(onPull(requestReviews)),
  [`POST ${repo}/issues/{issue_number}/labels`]: writing(onPull(addLabels)),
  [`POST ${repo}/issues/{issue_number}/assignees`]: writing(onPull(assign)),
  [`GET ${repo}/issues/{issue_number}/comments`]: onPull(({ repository, query }, pull) =>
    pageOf(pull.comments, query, (one) => commentJson(repository, pull, one)),
  ),
  [`POST ${repo}/issues/{issue_number}/comments`]: writing(onPull(comment)),
};

function writing(handler: Handler): Handler {
  return (call) => (call.identity.access === "write" ? handler(call) : noPermission);
}

function onPull(handler: (call: GithubCall, pull: GithubPull) => GithubAnswer): Handler {
  return (call) => {
    const pull = call.repository.pull(Number(call.params.pull_number ?? call.params.issue_number));
    return pull === undefined ? notFound : handler(call, pull);
  };
}

function list({ repository, query }: GithubCall): GithubAnswer {
  repository.catchUp();
  const [state, head, base] = [query.get("state") ?? "open", query.get("head"), query.get("base")];
  const found = repository.pulls.filter(
    (pull) =>
      (state === "all" || pull.state === state) &&
      // GitHub passes over a head without an owner.
      (head === null || !head.includes(":") || head === `${pull.fork ?? repository.owner}:${pull.head}`) &&
      (base === null || base === pull.base),
  );
  const sorted = query.get("direction") === "asc" ? found : found.reverse();
  return pageOf(sorted, query, (pull) => pullInList(repository, pull));
}

function create({ repository, identity, body }: GithubCall): GithubAnswer {
  const { owner } = repository;
  repository.catchUp();
  if (identity.login === "github-actions[bot]" && !repository.actionsMayPropose) {
    return refused(403, "GitHub Actions is not permitted to create or approve pull requests.");
  }
  const [, of = owner, head = ""] = /^(?:([^:]+):)?(.*)$/.exec(String(body.head)) ?? [];
  const fork = of === owner ? undefined : of;
  const base = String(body.base);
  const [tip, onto] = [repository.headOf({ fork, head }), repository.tip(base)];
  const wrong = (field: string) => invalid({ resource: "PullRequest", field, code: "invalid" });
  const custom = (message: string) => invalid({ resource: "PullRequest", code: "custom", message });
  if (tip === undefined) return wrong("head");
  if (onto === undefined) return wrong("base");
  if (String(body.title).length > 256) return custom("title is too long (maximum is 256 characters)");
  if (String(body.body ?? "").length > 65_536) return custom("body is too long (maximum is 65536 characters)");
  if (
    repository.pulls.some((one) => one.state === "open" && one.fork === fork && one.head === head && one.base === base)
  ) {
    return custom(`A pull request already exists for ${of}:${head}.`);
  }
  if (repository.git.git("rev-list", "--count", `${onto}..${tip}`) === "0") {
    return custom(`No commits between ${base} and ${head}`);
  }
  if (body.draft === true && !repository.drafts) {
    return refused(422, "Draft pull requests are not supported in this repository.");
  }
  const at = wholeSeconds();
  const pull: GithubPull = {
    number: repository.pulls.length + 1,
    author: identity,
    title: String(body.title),
    body: typeof body.body === "string" && body.body !== "" ? body.body : null,
    head,
    fork,
    base,
    draft: body.draft === true,
    state: "open",
    labels: [],
    assignees: [],
    reviewers: [],
    teams: [],
    comments: [],
    headSha: tip,
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    mergedAt: null,
    mergeCommit: null,
    mergedBy: undefined,
    autoMergeBy: undefined,
    queued: false,
  };
  repository.pulls.push(pull);
  return ok(pullJson(repository, pull), 201);
}

function update({ repository, body }: GithubCall, pull: GithubPull): GithubAnswer {
  const custom = (field: string, message: string) =>
    invalid({ resource: "PullRequest", code: "custom", field, message });
  const tooLong = (field: string, most: number) =>
    String(body[field] ?? "").length > most
      ? custom(field, `${field} is too long (maximum is ${most} characters)`)
      : undefined;
  const wrong = tooLong("title", 256) ?? tooLong("body", 65_536);
  if (wrong !== undefined) return wrong;
  if (body.state === "open" && pull.state === "closed") {
    if (pull.mergedAt !== null) return custom("state", "state cannot be changed. The pull request has been merged.");
    if (repository.headOf(pull) === undefined) {
      return custom("state", `state cannot be changed. The ${pull.head} branch has been deleted.`);
    }
    Object.assign(pull, { state: "open", closedAt: null });
  }
  if (typeof body.title === "string") pull.title = body.title;
  if (typeof body.body === "string") pull.body = body.body === "" ? null : body.body;
  if (body.state === "closed" && pull.state === "open") {
    // What is closed does not wait for being merged any more.
    Object.assign(pull, { state: "closed", closedAt: wholeSeconds(), autoMergeBy: undefined, queued: false });
  }
  pull.updatedAt = wholeSeconds();
  return ok(pullJson(repository, pull));
}

const notAllowed: Readonly<Record<GithubMethod, string>> = {
  MERGE: "Merge commits are not allowed on this repository.",
  SQUASH: "Squash merges are not allowed on this repository.",
  REBASE: "Rebase merges are not allowed on this repository.",
};

function merge({ repository, identity, body }: GithubCall, pull: GithubPull): GithubAnswer {
  const { merge_method = "merge", sha: expected, commit_title, commit_message } = body as Record<string, string>;
  const method = merge_method.toUpperCase() as GithubMethod;
  if (pull.state !== "open") return refused(405, "Pull Request is not mergeable");
  if (pull.draft) return refused(405, "Pull Request is still a draft");
  if (!repository.mergeMethods.includes(method)) return refused(405, notAllowed[method]);
  if (expected !== undefined && expected !== pull.headSha) {
    return refused(409, "Head branch was modified. Review and try the merge again.");
  }
  if (repository.conflicts(pull)) return refused(405, "Pull Request has merge conflicts");
  const missing = repository.missing(pull);
  if (missing !== undefined) return refused(405, missing);
  if (repository.mergeQueue) {
    return refused(405, "Repository rule violations found\n\nChanges must be made through the merge queue\n\n");
  }
  const message = commit_title === undefined ? undefined : [commit_title, commit_message].filter(Boolean).join("\n\n");
  const sha = repository.merge(pull, identity, { method, ...(message === undefined ? {} : { message }) });
  if (sha === undefined) return refused(405, "Pull Request has merge conflicts");
  return ok({ sha, merged: true, message: "Pull Request successfully merged" });
}

function requestReviews({ repository, identity, body }: GithubCall, pull: GithubPull): GithubAnswer {
  const { reviewers: users = [], team_reviewers: teams = [] } = body as Record<string, string[] | undefined>;
  if (users.includes(pull.author.login)) {
    return refused(422, "Review cannot be requested from pull request author.");
  }
  if (teams.length > 0 && !identity.seesTeams) {
    return invalid("Could not resolve to a node with the global id of 'MDQ6VGVhbTE='.");
  }
  if (users.some((name) => !repository.collaborators.has(name)) || teams.some((slug) => !repository.teams.has(slug))) {
    const who = "One or more of the users or teams you specified is not a collaborator of the";
    return refused(422, `Reviews may only be requested from collaborators. ${who} ${repository.fullName} repository.`);
  }
  pull.reviewers = [...new Set([...pull.reviewers, ...users])];
  pull.teams = [...new Set([...pull.teams, ...teams])];
  return ok(pullInList(repository, pull), 201);
}

/** Labels that are not there are made. */
function addLabels({ repository, body }: GithubCall, pull: GithubPull): GithubAnswer {
  const names = (body.labels as (string | { name: string })[]).map((one) => (typeof one === "string" ? one : one.name));
  if (names.some((name) => name.length > 50)) {
    const message = "name is too long (maximum is 50 characters)";
    return invalid({ resource: "Label", field: "name", code: "custom", message });
  }
  for (const name of names) repository.labels.add(name);
  pull.labels = [...new Set([...pull.labels, ...names])];
  pull.updatedAt = wholeSeconds();
  return ok(pull.labels.map(labelJson));
}

/** Whom it cannot assign GitHub leaves out. */
function assign({ repository, body }: GithubCall, pull: GithubPull): GithubAnswer {
  const known = (body.assignees as string[]).filter((name) => repository.collaborators.has(name));
  pull.assignees = [...new Set([...pull.assignees, ...known])].slice(0, 10);
  return ok(issueJson(repository, pull), 201);
}

function comment({ repository, identity, body }: GithubCall, pull: GithubPull): GithubAnswer {
  const wrong = wrongComment(body);
  if (wrong !== undefined) return wrong;
  const id = ++repository.commented;
  const said = { id, author: identity, body: String(body.body), at: wholeSeconds() };
  pull.comments.push(said);
  pull.updatedAt = said.at;
  return ok(commentJson(repository, pull, said), 201);
}

/** What GitHub does not take for a comment. */
export function wrongComment({ body }: Json): GithubAnswer | undefined {
  const custom = (message: string) =>
    invalid({ resource: "IssueComment", code: "unprocessable", field: "data", message });
  if (String(body ?? "").trim() === "") return custom("Body cannot be blank");
  return String(body).length > 65_536 ? custom("Body is too long (maximum is 65536 characters)") : undefined;
}
