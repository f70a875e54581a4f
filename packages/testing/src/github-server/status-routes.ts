import { type GithubAnswer, invalid, noPermission, ok, refused } from "./answers.ts";
import { GithubOpenapi, type Json } from "./openapi.ts";
import type { GithubCall } from "./pull-routes.ts";
import { repositoryJson, userJson } from "./resources.ts";
import { type GithubRepository, type GithubStatus, wholeSeconds } from "./state.ts";

const repo = "/repos/{owner}/{repo}";

/** The statuses of commits. */
export const statusRoutes: Readonly<Record<string, (call: GithubCall) => GithubAnswer>> = {
  [`GET ${repo}/commits/{ref}/status`]: combined,
  [`GET ${repo}/commits/{ref}/statuses`]: ({ repository, params, query }) => {
    const sha = params.ref ?? "";
    if (!repository.has(sha)) return refused(422, `No commit found for SHA: ${sha}`);
    return ok(page(of(repository, sha).toReversed(), query).map(statusJson));
  },
  [`POST ${repo}/statuses/{sha}`]: create,
};

const of = ({ statuses }: GithubRepository, sha: string): GithubStatus[] => statuses.filter((one) => one.sha === sha);

/** Each context with its latest. */
function combined({ repository, params, query }: GithubCall): GithubAnswer {
  const sha = params.ref ?? "";
  if (!repository.has(sha)) return refused(422, `No commit found for SHA: ${sha}`);
  const latest = new Map(of(repository, sha).map((one) => [one.context.toLowerCase(), one]));
  const all = [...latest.values()];
  const has = (state: string) => all.some((one) => one.state === state);
  const state = has("failure") || has("error") ? "failure" : all.length === 0 || has("pending") ? "pending" : "success";
  const { creator: _, ...example } = statusJson({ ...blank, sha });
  return ok({
    state,
    sha,
    total_count: all.length,
    statuses: page(all, query).map((one) => ({ ...example, ...simpleJson(one) })),
    repository: repositoryJson(repository),
    commit_url: `https://api.github.com/repos/${repository.fullName}/commits/${sha}`,
    url: `https://api.github.com/repos/${repository.fullName}/commits/${sha}/status`,
  });
}

function create({ repository, identity, params, body }: GithubCall): GithubAnswer {
  if (identity.access !== "write") return noPermission;
  const sha = params.sha ?? "";
  if (!repository.has(sha)) return refused(422, `No commit found for SHA: ${sha}`);
  const { state, context = "default", description = null, target_url = null } = body as Record<string, string>;
  const custom = (message: string, field?: string) =>
    invalid({ resource: "Status", code: "custom", ...(field === undefined ? {} : { field }), message });
  for (const [field, text, most] of [
    ["description", description, 140],
    ["context", context, 255],
    ["target_url", target_url, 2083],
  ] as const) {
    if ([...(text ?? "")].length <= most) continue;
    return custom(`${field} is too long (maximum is ${most} characters)`, field);
  }
  if (target_url !== null && !/^https?:\/\//.test(target_url)) return custom("target_url must use http(s) scheme");
  const same = of(repository, sha).filter((one) => one.context.toLowerCase() === context.toLowerCase());
  if (same.length >= 1000) return custom("This SHA and context has reached the maximum number of statuses.");
  const status = repository.mark({
    sha,
    state: state ?? "",
    context,
    description,
    target_url,
    creator: identity,
    at: wholeSeconds(),
  });
  return ok(statusJson(status), 201);
}

const blank: GithubStatus = {
  id: 0,
  sha: "",
  state: "",
  context: "",
  description: null,
  target_url: null,
  creator: { login: "", type: "User", access: "write", seesTeams: true },
  at: "",
};

const simpleJson = ({ id, state, context, description, target_url, at }: GithubStatus): Json => ({
  id,
  state,
  context,
  description,
  target_url,
  created_at: at,
  updated_at: at,
});

const statusJson = (status: GithubStatus): Json => ({
  ...GithubOpenapi.get().example("status"),
  ...simpleJson(status),
  creator: userJson(status.creator),
});

function page<T>(all: readonly T[], query: URLSearchParams): T[] {
  const size = Math.min(100, Number(query.get("per_page") ?? 30));
  const number = Number(query.get("page") ?? 1);
  return all.slice((number - 1) * size, number * size);
}
