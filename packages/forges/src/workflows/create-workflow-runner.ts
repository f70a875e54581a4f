import { OutsideError, type WorkflowRunner } from "@glu/core";
import type { Asking } from "../asking.ts";
import { createGiteaWorkflows } from "./gitea-workflows.ts";
import { createGithubWorkflows } from "./github-workflows.ts";
import { createGitlabWorkflows } from "./gitlab-workflows.ts";

/** Workflows and pipelines of the forge. Without a token every call is the error `workflow/no-token`. */
export function createWorkflowRunner(asking: Asking): WorkflowRunner {
  const { forge, token } = asking;
  if (!token) return { find: noToken, start: noToken };
  const withToken = { ...asking, token, apiUrl: asking.apiUrl.replace(/\/+$/, "") };
  if (forge === "gitlab") return createGitlabWorkflows(withToken);
  return forge === "gitea" ? createGiteaWorkflows(withToken) : createGithubWorkflows(withToken);
}

async function noToken(): Promise<never> {
  throw new OutsideError("workflow/no-token", "There is no token to start a workflow with.", {
    fix: "Give the token input, or set GLU_TOKEN in the job's environment.",
  });
}
