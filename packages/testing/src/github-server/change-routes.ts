import { type GithubAnswer, noPermission, notFound, ok, refused } from "./answers.ts";
import { GithubOpenapi, type Json } from "./openapi.ts";
import { type GithubCall, wrongComment } from "./pull-routes.ts";
import { commentJson, pullInList } from "./resources.ts";
import type { GithubRepository } from "./state.ts";

const repo = "/repos/{owner}/{repo}";

/** By which pull request a commit came, what lies between two, and what becomes of a comment. */
export const changeRoutes: Readonly<Record<string, (call: GithubCall) => GithubAnswer>> = {
  [`GET ${repo}/commits/{commit_sha}/pulls`]: pullsOf,
  [`GET ${repo}/compare/{basehead}`]: compare,
  [`PATCH ${repo}/issues/comments/{comment_id}`]: changeComment,
  [`DELETE ${repo}/issues/comments/{comment_id}`]: removeComment,
};

const lines = ({ git }: GithubRepository, ...args: string[]): string[] =>
  git
    .git(...args)
    .split("\n")
    .filter(Boolean);

/** The merged one that brought a commit of the default branch; of others also those that are open. */
function pullsOf({ repository, params }: GithubCall): GithubAnswer {
  const sha = params.commit_sha ?? "";
  if (!repository.has(sha)) return refused(422, `No commit found for SHA: ${sha}`);
  const isInDefault = lines(repository, "rev-list", "main").includes(sha);
  const found = repository.pulls.filter(({ mergeCommit, mergedAt, state, headSha, base }) => {
    if (mergeCommit === sha) return true;
    const own = lines(repository, "rev-list", `${base}..${headSha}`).includes(sha);
    return own && (mergedAt !== null || (!isInDefault && state === "open"));
  });
  return ok(found.map((pull) => pullInList(repository, pull)));
}

/** Oldest first. */
function compare({ repository, params, query }: GithubCall): GithubAnswer {
  const [from = "", to = ""] = (params.basehead ?? "").split("...");
  if (!repository.has(from) || !repository.has(to)) return notFound;
  const all = lines(repository, "rev-list", "--reverse", `${from}..${to}`);
  const behind = lines(repository, "rev-list", `${to}..${from}`).length;
  const size = Number(query.get("per_page") ?? 250);
  const first = (Number(query.get("page") ?? 1) - 1) * size;
  const example = GithubOpenapi.get().example("commit-comparison");
  const commit = (example.commits as Json[])[0];
  return ok({
    ...example,
    status: behind > 0 ? (all.length > 0 ? "diverged" : "behind") : all.length > 0 ? "ahead" : "identical",
    ahead_by: all.length,
    behind_by: behind,
    total_commits: all.length,
    commits: all.slice(first, first + size).map((sha) => ({ ...commit, sha })),
    files: [],
  });
}

function changeComment({ repository, identity, params, body }: GithubCall): GithubAnswer {
  if (identity.access !== "write") return noPermission;
  const wrong = wrongComment(body);
  if (wrong !== undefined) return wrong;
  for (const pull of repository.pulls) {
    const said = pull.comments.find(({ id }) => id === Number(params.comment_id));
    if (said === undefined) continue;
    said.body = String(body.body);
    return ok(commentJson(repository, pull, said));
  }
  return notFound;
}

function removeComment({ repository, identity, params }: GithubCall): GithubAnswer {
  if (identity.access !== "write") return noPermission;
  for (const pull of repository.pulls) {
    const at = pull.comments.findIndex(({ id }) => id === Number(params.comment_id));
    if (at < 0) continue;
    pull.comments.splice(at, 1);
    return { status: 204 };
  }
  return notFound;
}
