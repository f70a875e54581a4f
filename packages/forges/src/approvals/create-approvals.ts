import { type Approvals, OutsideError } from "@glu/core";
import type { Asking, OwnRun } from "../asking.ts";
import { createGiteaApprovals } from "./gitea-approvals.ts";
import { createGithubApprovals } from "./github-approvals.ts";
import { createGitlabApprovals } from "./gitlab-approvals.ts";

/**
 * What people approved on the forge. Repositories are `owner/name`. Without a token every call is the error
 * `approval/no-token`.
 */
export function createApprovals(asking: Asking, own: OwnRun): Approvals {
  const { forge, token } = asking;
  if (!token) return { ofProposal: noToken, ofSource: noToken, ofRun: noToken, authors: noToken };
  const withToken = { ...asking, token, apiUrl: asking.apiUrl.replace(/\/+$/, "") };
  if (forge === "gitlab") return createGitlabApprovals(withToken, own);
  return forge === "gitea" ? createGiteaApprovals(withToken) : createGithubApprovals(withToken, own);
}

async function noToken(): Promise<never> {
  throw new OutsideError("approval/no-token", "There is no token to ask who has approved.", {
    fix: "Give the token input, or set GLU_TOKEN in the job's environment.",
  });
}
