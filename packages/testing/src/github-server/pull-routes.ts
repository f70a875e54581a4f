import { type GithubAnswer, invalid, noPermission, notFound, ok, refused } from "./answers.ts";
import type { Json } from "./openapi.ts";
import { commentJson, issueJson, labelJson, pullInList, pullJson } from "./resources.ts";
import type { GithubIdentity, GithubPull, GithubRepository } from "./state.ts";
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

/** GitHub tells whole seconds. */
const now = (): string => `${new Date().toISOString().slice(0, 19)}Z`;

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
  const [state, head, base] = [query.get("state") ?? "open", query.get("head"), query.get("base")];
  const found = repository.pulls.filter(
    (pull) =>
      (state === "all" || pull.state === state) &&
      // GitHub passes over a head without an owner.
      (head === null || !head.includes(":") || head === `${repository.owner}:${pull.head}`) &&
      (base === null || base === pull.base),
  );
  const sorted = query.get("direction") === "asc" ? found : found.reverse();
  return pageOf(sorted, query, (pull) => pullInList(repository, pull));
}

function create({ repository, identity, body }: GithubCall): GithubAnswer {
  const { owner } = repository;
  if (identity.login === "github-actions[bot]" && !repository.actionsMayPropose) {
    return refused(403, "GitHub Actions is not permitted to create or approve pull requests.");
  }
  const head = String(body.head).replace(`${owner}:`, "");
  const base = String(body.base);
  const [tip, onto] = [repository.tip(head), repository.tip(base)];
  const wrong = (field: string) => invalid({ resource: "PullRequest", field, code: "invalid" });
  const custom = (message: string) => invalid({ resource: "PullRequest", code: "custom", message });
  if (tip === undefined) return wrong("head");
  if (onto === undefined) return wrong("base");
  if (String(body.title).length > 256) return custom("title is too long (maximum is 256 characters)");
  if (String(body.body ?? "").length > 65_536) return custom("body is too long (maximum is 65536 characters)");
  if (repository.pulls.some((one) => one.state === "open" && one.head === head && one.base === base)) {
    return custom(`A pull request already exists for ${owner}:${head}.`);
  }
  if (repository.git.git("rev-list", "--count", `${onto}..${tip}`) === "0") {
    return custom(`No commits between ${base} and ${head}`);
  }
  if (body.draft === true && !repository.drafts) {
    return refused(422, "Draft pull requests are not supported in this repository.");
  }
  const at = now();
  const pull: GithubPull = {
    number: repository.pulls.length + 1,
    author: identity,
    title: String(body.title),
    body: typeof body.body === "string" && body.body !== "" ? body.body : null,
    head,
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
  if (String(body.title ?? "").length > 256) {
    return invalid({ resource: "Issue", code: "custom", message: "title is too long (maximum is 256 characters)" });
  }
  if (typeof body.title === "string") pull.title = body.title;
  if (typeof body.body === "string") pull.body = body.body === "" ? null : body.body;
  if (body.state === "closed" && pull.state === "open") Object.assign(pull, { state: "closed", closedAt: now() });
  pull.updatedAt = now();
  return ok(pullJson(repository, pull));
}

function merge({ repository, identity }: GithubCall, pull: GithubPull): GithubAnswer {
  if (pull.state !== "open" || pull.draft) return refused(405, "Pull Request is not mergeable");
  if (!repository.isMet(pull))
    return refused(405, `Required status check "${[...repository.required][0]}" is expected.`);
  const sha = repository.merge(pull, identity);
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
    return invalid({ resource: "Label", field: "name", code: "invalid" });
  }
  for (const name of names) repository.labels.add(name);
  pull.labels = [...new Set([...pull.labels, ...names])];
  return ok(pull.labels.map(labelJson));
}

/** Whom it cannot assign GitHub leaves out. */
function assign({ repository, body }: GithubCall, pull: GithubPull): GithubAnswer {
  const known = (body.assignees as string[]).filter((name) => repository.collaborators.has(name));
  pull.assignees = [...new Set([...pull.assignees, ...known])].slice(0, 10);
  return ok(issueJson(repository, pull), 201);
}

function comment({ repository, identity, body }: GithubCall, pull: GithubPull): GithubAnswer {
  const id = ++repository.commented;
  const said = { id, author: identity, body: String(body.body), at: now() };
  pull.comments.push(said);
  return ok(commentJson(repository, pull, said), 201);
}
