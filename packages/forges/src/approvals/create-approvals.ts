import { type Approvals, OutsideError } from "@glu/core";
import type { Asking, OwnRun } from "../asking.ts";
import { onForge, type PerForge } from "../on-forge.ts";

type RunAsking = Asking & { own: OwnRun };

const forges: PerForge<Approvals, RunAsking> = {
  gitea: async (asking) => (await import("./gitea-approvals.ts")).createGiteaApprovals(asking),
  github: async (asking) => (await import("./github-approvals.ts")).createGithubApprovals(asking, asking.own),
  gitlab: async (asking) => (await import("./gitlab-approvals.ts")).createGitlabApprovals(asking, asking.own),
};

/**
 * What people approved on the forge. Repositories are `owner/name`. Without a token every call is the error
 * `approval/no-token`.
 */
export const createApprovals = (asking: Asking, own: OwnRun): Approvals =>
  onForge({ ...asking, own }, forges, ["ofProposal", "ofSource", "ofRun", "authors"], noToken);

const noToken = () =>
  new OutsideError("approval/no-token", "There is no token to ask who has approved.", {
    fix: "Give the token input, or set GLU_TOKEN in the job's environment.",
  });
