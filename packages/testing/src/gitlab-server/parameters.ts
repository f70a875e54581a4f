import type { GitlabCall } from "./answers.ts";

type Kind = "string" | "boolean" | "integers" | "objects" | readonly string[];

interface Parameters {
  query?: Readonly<Record<string, Kind | "integer">>;
  body?: Readonly<Record<string, Kind>>;
  required?: readonly string[];
}

const text = {
  title: "string",
  description: "string",
  labels: "string",
  assignee_ids: "integers",
  reviewer_ids: "integers",
  remove_source_branch: "boolean",
  squash: "boolean",
  allow_collaboration: "boolean",
} as const;
const pages = { per_page: "integer", page: "integer", sort: ["asc", "desc"] } as const;

/**
 * The calls that are modelled, and their parameters as they are documented: https://docs.gitlab.com/api/merge_requests/,
 * /notes/, /users/, /repositories/, /commits/. GitLab ignores a parameter that it does not know, so that a misspelt one does nothing there.
 */
export const routes: Readonly<Record<string, Parameters>> = {
  "GET /job": {},
  "GET /user": {},
  "GET /groups/:path/members/all": { query: { ...pages, query: "string", state: "string", user_ids: "integers" } },
  "GET /users": { query: { ...pages, username: "string" } },
  "GET /projects/:id/repository/tree": {
    query: {
      ref: "string",
      path: "string",
      recursive: ["true", "false"],
      per_page: "integer",
      page: "integer",
      pagination: ["keyset"],
      page_token: "string",
    },
  },
  "POST /projects/:id/repository/commits": {
    body: {
      branch: "string",
      commit_message: "string",
      start_branch: "string",
      start_sha: "string",
      actions: "objects",
      author_email: "string",
      author_name: "string",
      force: "boolean",
      stats: "boolean",
    },
    required: ["branch", "commit_message", "actions"],
  },
  "GET /personal_access_tokens/self": {},
  "GET /projects/:id": {},
  "GET /projects/:id/repository/branches/:branch": {},
  "GET /projects/:id/push_rule": {},
  "GET /projects/:id/job_token_scope": {},
  "GET /projects/:id/merge_requests": {
    query: {
      ...pages,
      state: ["opened", "closed", "locked", "merged", "all"],
      scope: ["created_by_me", "assigned_to_me", "all"],
      order_by: ["created_at", "updated_at", "title", "merged_at"],
      author_id: "integer",
      source_branch: "string",
      target_branch: "string",
    },
  },
  "POST /projects/:id/merge_requests": {
    body: { ...text, source_branch: "string", target_branch: "string" },
    required: ["source_branch", "target_branch", "title"],
  },
  "GET /projects/:id/merge_requests/:iid": {},
  "PUT /projects/:id/merge_requests/:iid": {
    body: { ...text, target_branch: "string", state_event: ["close", "reopen"] },
  },
  "PUT /projects/:id/merge_requests/:iid/merge": {
    body: {
      squash: "boolean",
      should_remove_source_branch: "boolean",
      merge_commit_message: "string",
      sha: "string",
      auto_merge: "boolean",
      merge_when_pipeline_succeeds: "boolean",
    },
  },
  "POST /projects/:id/merge_requests/:iid/cancel_merge_when_pipeline_succeeds": {},
  "GET /projects/:id/merge_requests/:iid/notes": { query: { ...pages, order_by: ["created_at", "updated_at"] } },
  "POST /projects/:id/merge_requests/:iid/notes": { body: { body: "string" }, required: ["body"] },
  "PUT /projects/:id/merge_requests/:iid/notes/:id": { body: { body: "string" }, required: ["body"] },
  "DELETE /projects/:id/merge_requests/:iid/notes/:id": {},
  "GET /projects/:id/merge_requests/:iid/approvals": {},
  "GET /projects/:id/merge_requests/:iid/versions": { query: pages },
  "GET /projects/:id/merge_requests/:iid/reviewers": { query: pages },
  "POST /projects/:id/merge_requests/:iid/approve": { body: { sha: "string" } },
  ...ofCommits(),
  ...ofDeployments(),
};

/** https://docs.gitlab.com/api/commits/, /pipelines/. */
function ofCommits(): Readonly<Record<string, Parameters>> {
  return {
    "GET /projects/:id/pipelines": {
      query: { ...pages, sha: "string", ref: "string", order_by: ["id", "status", "ref", "updated_at", "user_id"] },
    },
    "GET /projects/:id/repository/commits/:sha/statuses": {
      query: { ...pages, name: "string", ref: "string", stage: "string", all: "string", pipeline_id: "integer" },
    },
    "GET /projects/:id/repository/commits/:sha/merge_requests": { query: { ...pages, state: "string" } },
    "GET /projects/:id/repository/compare": {
      query: { from: "string", to: "string", straight: "string", unidiff: "string", from_project_id: "integer" },
    },
    "POST /projects/:id/statuses/:sha": {
      body: {
        state: ["pending", "running", "success", "failed", "canceled", "skipped"],
        ...{ ref: "string", name: "string", context: "string", target_url: "string", description: "string" },
      },
      required: ["state"],
    },
  };
}

/** https://docs.gitlab.com/api/environments/, /deployments/. */
function ofDeployments(): Readonly<Record<string, Parameters>> {
  const status = ["running", "success", "failed", "canceled"];
  const tier = ["production", "staging", "testing", "development", "other"];
  return {
    "GET /projects/:id/environments": { query: { ...pages, name: "string", search: "string" } },
    "POST /projects/:id/environments": {
      body: { name: "string", external_url: "string", description: "string", tier },
      required: ["name"],
    },
    "PUT /projects/:id/environments/:id": { body: { external_url: "string", description: "string", tier } },
    "GET /projects/:id/deployments": {
      query: { ...pages, environment: "string", order_by: ["id", "iid", "created_at", "updated_at", "ref"] },
    },
    "POST /projects/:id/deployments": {
      body: { environment: "string", sha: "string", ref: "string", tag: "boolean", status },
      required: ["environment", "sha", "ref", "tag", "status"],
    },
    "GET /projects/:id/deployments/:id": {},
    "PUT /projects/:id/deployments/:id": { body: { status }, required: ["status"] },
  };
}

/** What is not documented of a call; then the server answers 501. */
export function undocumented({ route, query, body }: GitlabCall): string[] {
  const known = routes[route.replace(/(\/repository\/branches)\/[^/]+$/, "$1/:branch")];
  if (known === undefined) return [route];
  const names = (have: Iterable<string>, may: object) => [...have].filter((name) => !(name in may));
  return [...names(query.keys(), known.query ?? {}), ...names(Object.keys(body), known.body ?? {})];
}

/** The first parameter that GitLab would answer 400 to, with its words. */
export function invalid({ route, query, body }: GitlabCall): string | undefined {
  const { query: queries = {}, body: fields = {}, required = [] } = routes[route] ?? {};
  const missing = required.filter((name) => body[name] === undefined);
  if (missing.length > 0) return missing.map((name) => `${name} is missing`).join(", ");
  for (const [name, kind] of Object.entries(queries)) {
    const value = query.get(name);
    if (value !== null && !isOf(kind, kind === "integer" ? Number(value) : value)) return wrong(name, kind);
  }
  for (const [name, kind] of Object.entries(fields)) {
    if (body[name] !== undefined && !isOf(kind, body[name])) return wrong(name, kind);
  }
  if (route.startsWith("PUT") && !route.endsWith("/merge") && Object.keys(body).length === 0) {
    return `${Object.keys(fields).join(", ")} are missing, at least one parameter must be provided`;
  }
  return undefined;
}

const wrong = (name: string, kind: unknown) =>
  `${name} ${Array.isArray(kind) ? "does not have a valid value" : "is invalid"}`;

function isOf(kind: Kind | "integer", value: unknown): boolean {
  if (kind === "integer") return Number.isInteger(value);
  if (kind === "objects") return Array.isArray(value) && value.every((one) => typeof one === "object");
  if (kind === "integers") return Array.isArray(value) && value.every(Number.isInteger);
  return typeof kind === "string" ? typeof value === kind : kind.includes(String(value));
}
