import { type GithubAnswer, noPermission, notFound, ok } from "./answers.ts";
import { GithubOpenapi, type Json } from "./openapi.ts";
import type { GithubCall } from "./pull-routes.ts";

/** Settings of a repository, as its administrators make them. */
export class GithubSettings {
  /** Rules of rulesets, on every branch. */
  rules: (Json & { type: string; ruleset_id: number })[] = [];
  rulesets: { id: number; current_user_can_bypass: string; bypass_actors?: Json[] }[] = [];
  /** Of every branch, the classic one: its required statuses and what else an administrator sees. */
  protection: { contexts: string[]; more: Json } | undefined;
  actions: Json = { enabled: true, allowed_actions: "all", sha_pinning_required: false };
  selectedActions: Json = { github_owned_allowed: true, verified_allowed: false, patterns_allowed: [] };
  workflow: Json = { default_workflow_permissions: "read", can_approve_pull_request_reviews: false };
  /** Whether the token may see what administrators see. */
  isAdministrator = false;
}

const repo = "/repos/{owner}/{repo}";

const administrating = (read: (call: GithubCall) => GithubAnswer) => (call: GithubCall) =>
  call.repository.settings.isAdministrator ? read(call) : noPermission;

/** The calls about settings that the fake models; they are only read. */
export const settingsRoutes: Readonly<Record<string, (call: GithubCall) => GithubAnswer>> = {
  [`GET ${repo}`]: ({ repository, identity }) => ok(repositoryJson(repository.fullName, identity.access === "write")),
  [`GET ${repo}/commits`]: () => ok([]),
  [`GET ${repo}/rules/branches/{branch}`]: ({ repository }) => {
    const source = { ruleset_source_type: "Repository", ruleset_source: repository.fullName };
    return ok(repository.settings.rules.map((rule) => ({ ...source, ...rule })));
  },
  [`GET ${repo}/rulesets/{ruleset_id}`]: ({ repository, params }) => {
    const found = repository.settings.rulesets.find(({ id }) => id === Number(params.ruleset_id));
    if (found === undefined) return notFound;
    return ok({ name: "main", source: repository.fullName, enforcement: "active", target: "branch", ...found });
  },
  [`GET ${repo}/branches/{branch}`]: ({ repository, params }) => {
    const sha = repository.tip(params.branch ?? "");
    if (sha === undefined) return notFound;
    const { protection } = repository.settings;
    const example = GithubOpenapi.get().example("branch-get");
    const checks = { enforcement_level: "everyone", contexts: protection?.contexts ?? [], checks: [] };
    const summary = { enabled: protection !== undefined, required_status_checks: checks };
    const commit = { ...(example.commit as Json), sha };
    return ok({ ...example, name: params.branch, commit, protected: protection !== undefined, protection: summary });
  },
  [`GET ${repo}/branches/{branch}/protection`]: administrating(({ repository }) => {
    const { protection } = repository.settings;
    if (protection === undefined) return notFound;
    return ok({ url: `https://api.github.com/repos/${repository.fullName}`, ...protection.more });
  }),
  [`GET ${repo}/actions/permissions`]: administrating(({ repository }) => ok(repository.settings.actions)),
  [`GET ${repo}/actions/permissions/selected-actions`]: administrating(({ repository }) =>
    ok(repository.settings.selectedActions),
  ),
  [`GET ${repo}/actions/permissions/workflow`]: administrating(({ repository }) => ok(repository.settings.workflow)),
};

function repositoryJson(fullName: string, push: boolean): Json {
  const permissions = { admin: false, maintain: false, push, triage: push, pull: true };
  return {
    ...GithubOpenapi.get().example("full-repository"),
    full_name: fullName,
    has_discussions: false,
    permissions,
  };
}
