import { OutsideError, type WorkflowRunner } from "@glu/core";
import type { Asking } from "../asking.ts";
import { onForge, type PerForge } from "../on-forge.ts";

const forges: PerForge<WorkflowRunner, Asking> = {
  gitea: async (asking) => (await import("./gitea-workflows.ts")).createGiteaWorkflows(asking),
  github: async (asking) => (await import("./github-workflows.ts")).createGithubWorkflows(asking),
  gitlab: async (asking) => (await import("./gitlab-workflows.ts")).createGitlabWorkflows(asking),
};

/** Workflows and pipelines of the forge. Without a token every call is the error `workflow/no-token`. */
export const createWorkflowRunner = (asking: Asking): WorkflowRunner =>
  onForge(asking, forges, ["find", "start"], noToken);

const noToken = () =>
  new OutsideError("workflow/no-token", "There is no token to start a workflow with.", {
    fix: "Give the token input, or set GLU_TOKEN in the job's environment.",
  });
