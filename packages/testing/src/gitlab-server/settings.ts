import { answer, type GitlabAnswer, type GitlabUser, type Json, type Role, refusal } from "./answers.ts";

/** Settings of the project, and what is told of tokens; as in https://docs.gitlab.com/api/projects/, /branches/, /personal_access_tokens/. */
export class GitlabSettings {
  /** Scopes of tokens, where they are not `api`; by token. */
  readonly scopes = new Map<string, readonly string[]>();
  /** Names of protected branches, and who may push there. */
  readonly protectedBranches = new Map<string, "developer" | "maintainer">();
  onlyAllowMergeIfPipelineSucceeds = false;
  mergeRequests: "enabled" | "disabled" = "enabled";
  /** Undefined: a server without push rules. */
  rejectUnsignedCommits: boolean | undefined;
  inboundEnabled = true;
  pipelineVariables = "developer";
  /** Whether it is new enough to show merge requests to the token of a job. */
  jobsReadRequests = true;
  /** Tokens of running jobs, and whose they are. */
  readonly jobs = new Map<string, string>();

  /** The answer to a call about settings; undefined for any other. */
  answer(
    route: string,
    by: GitlabUser & { role: Role | undefined },
    hasBranch: (name: string) => boolean,
  ): GitlabAnswer | undefined {
    if (route === "GET /projects/:id") return answer(200, this.#project(by.role));
    const branch = /^GET \/projects\/:id\/repository\/branches\/([^/]+)$/.exec(route)?.[1];
    if (branch !== undefined) return this.#branch(decodeURIComponent(branch), by.role, hasBranch);
    if (route === "GET /projects/:id/push_rule") {
      if (this.rejectUnsignedCommits === undefined) return refusal(404, "404 Not Found");
      return by.role === "maintainer"
        ? answer(200, { id: 1, reject_unsigned_commits: this.rejectUnsignedCommits })
        : refusal(403, "403 Forbidden");
    }
    if (route === "GET /projects/:id/job_token_scope") {
      return by.role === "maintainer"
        ? answer(200, { inbound_enabled: this.inboundEnabled, outbound_enabled: false })
        : refusal(403, "403 Forbidden");
    }
    return undefined;
  }

  self({ token, username }: GitlabUser, scope: string): GitlabAnswer {
    const scopes = this.scopes.get(token) ?? [scope];
    return answer(200, { id: 1, name: username, revoked: false, scopes, active: true, expires_at: "2030-01-31" });
  }

  job(token: string): GitlabAnswer {
    const username = this.jobs.get(token);
    return username === undefined
      ? refusal(401, "401 Unauthorized")
      : answer(200, { id: 8, user: { id: 1, username } });
  }

  #project(role: Role | undefined): Json {
    const level = role === undefined ? 0 : levels[role];
    return {
      id: 3,
      path_with_namespace: "acme/team/config",
      default_branch: "main",
      merge_requests_access_level: this.mergeRequests,
      only_allow_merge_if_pipeline_succeeds: this.onlyAllowMergeIfPipelineSucceeds,
      merge_trains_enabled: false,
      permissions: { project_access: { access_level: level, notification_level: 3 }, group_access: null },
      ...(role === "maintainer" ? { ci_pipeline_variables_minimum_override_role: this.pipelineVariables } : {}),
    };
  }

  #branch(name: string, role: Role | undefined, hasBranch: (name: string) => boolean): GitlabAnswer {
    if (!hasBranch(name)) return refusal(404, "404 Branch Not Found");
    const least = this.protectedBranches.get(name);
    const mayPush = role !== undefined && levels[role] >= levels[least ?? "developer"];
    const developers = least !== "maintainer";
    const rights = { developers_can_push: developers, developers_can_merge: developers, can_push: mayPush };
    return answer(200, { name, merged: false, protected: least !== undefined, default: name === "main", ...rights });
  }
}

const levels: Readonly<Record<Role, number>> = { reporter: 20, developer: 30, maintainer: 40 };
