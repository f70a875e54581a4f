import { type Checks, OutsideError } from "@glu/core";
import type { Asking, OwnRun } from "../asking.ts";
import { createGiteaChecks } from "./gitea-checks.ts";
import { createGithubChecks } from "./github-checks.ts";
import { createGitlabChecks } from "./gitlab-checks.ts";

/**
 * Statuses, check runs and jobs of commits on the forge. Repositories are `owner/name`. Without a token every call is the
 * error `checks/no-token`.
 */
export function createChecks(asking: Asking, own: OwnRun): Checks {
  const { forge, token } = asking;
  if (!token) return { of: noToken };
  const withToken = { ...asking, token, apiUrl: asking.apiUrl.replace(/\/+$/, "") };
  if (forge === "gitlab") return createGitlabChecks(withToken, own);
  return forge === "gitea" ? createGiteaChecks(withToken, own) : createGithubChecks(withToken, own);
}

async function noToken({ repository }: { repository: string }): Promise<never> {
  throw new OutsideError("checks/no-token", `There is no token to ask for the checks of ${repository}.`, {
    seen: repository,
    fix: "Give the token input, or set GLU_TOKEN in the job's environment.",
  });
}
