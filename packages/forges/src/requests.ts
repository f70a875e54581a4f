import { type Requests, UserError } from "@glu/core";
import { createGiteaRequests } from "./gitea.ts";
import { createGithubRequests } from "./github.ts";
import { createGitlabRequests } from "./gitlab.ts";
import type { ForgeConnection } from "./http.ts";
import type { ForgeName } from "./target.ts";

export interface RequestsOptions extends ForgeConnection {
  forge: ForgeName;
  serverUrl: string;
  token: string | undefined;
  /** GitLab only: see `createGitlabRequests`. */
  parameters?: "inputs" | "variables";
}

/** The forge's requests. @throws UserError `forge/no-token` when somebody asks without one. */
export function createRequests(options: RequestsOptions): Requests {
  const { forge, token } = options;
  if (!token) {
    return {
      async request(target) {
        throw new UserError("forge/no-token", `There is no token to ask ${target} with.`, {
          seen: target,
          fix: "Give the 'token' input, or set GLU_TOKEN in the job's environment.",
        });
      },
    };
  }
  const withToken = { ...options, token, apiUrl: options.apiUrl.replace(/\/+$/, "") };
  if (forge === "gitlab") return createGitlabRequests(withToken);
  return forge === "gitea" ? createGiteaRequests(withToken) : createGithubRequests(withToken);
}
