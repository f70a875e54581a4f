import { type GithubAnswer, noPermission, notFound, ok } from "./answers.ts";
import { GithubOpenapi, type Json } from "./openapi.ts";
import type { GithubCall } from "./pull-routes.ts";
import { userJson } from "./resources.ts";
import { wholeSeconds } from "./state.ts";

const repo = "/repos/{owner}/{repo}";

/** Who may do what, what was pushed when, and reactions to comments. */
export const commandRoutes: Readonly<Record<string, (call: GithubCall) => GithubAnswer>> = {
  [`GET ${repo}/collaborators/{username}/permission`]: permissionOf,
  [`GET ${repo}/activity`]: activity,
  [`POST ${repo}/issues/comments/{comment_id}/reactions`]: react,
};

function permissionOf({ repository, params }: GithubCall): GithubAnswer {
  const login = params.username ?? "";
  const [, permission] = [...repository.permissions].find(([name]) => name.toLowerCase() === login.toLowerCase()) ?? [];
  if (permission === undefined) return notFound;
  const push = permission === "admin" || permission === "write";
  const permissions = { admin: permission === "admin", maintain: false, push, triage: push, pull: true };
  const user = { ...userJson({ login, type: "User" }), role_name: permission, permissions };
  return ok({ permission, role_name: permission, user });
}

function activity({ repository, query }: GithubCall): GithubAnswer {
  repository.catchUp();
  const ref = query.get("ref");
  const all = repository.pushes.filter((one) => ref === null || one.ref === ref || one.ref === `refs/heads/${ref}`);
  if (query.get("direction") !== "asc") all.reverse();
  const shown = all.slice(0, Number(query.get("per_page") ?? 30)).map((push, index) => ({
    ...{ id: index + 1, node_id: "MDEwOlJlcG9zaXRvcnkx", activity_type: "push" },
    ...{ ref: push.ref, before: push.before, after: push.after, timestamp: push.at },
    actor: userJson({ login: "ada", type: "User" }),
  }));
  return ok(shown);
}

/** A second one of the same user is the first. */
function react({ repository, identity, params, body }: GithubCall): GithubAnswer {
  if (identity.access !== "write") return noPermission;
  const comment = Number(params.comment_id);
  const isThere = repository.pulls.some(({ comments }) => comments.some(({ id }) => id === comment));
  if (!isThere) return notFound;
  const content = String(body.content);
  const same = (one: (typeof repository.reactions)[number]) =>
    one.comment === comment && one.by === identity.login && one.content === content;
  const known = repository.reactions.some(same);
  if (!known) repository.reactions.push({ comment, by: identity.login, content });
  const reaction: Json = {
    ...GithubOpenapi.get().example("reaction"),
    ...{ id: repository.reactions.findIndex(same) + 1, content, user: userJson(identity), created_at: wholeSeconds() },
  };
  return ok(reaction, known ? 200 : 201);
}
