import { type Proposals, UserError } from "@glu/core";
import type { Asking } from "../asking.ts";
import { onForge, type PerForge } from "../on-forge.ts";

const forges: PerForge<Proposals, Asking> = {
  gitea: async (asking) => (await import("./gitea-proposals.ts")).createGiteaProposals(asking),
  github: async (asking) => (await import("./github-proposals.ts")).createGithubProposals(asking),
  gitlab: async (asking) => (await import("./gitlab-proposals.ts")).createGitlabProposals(asking),
};

const calls = ["of", "others", "mergedByOthers", "open", "update", "close", "setAutoMerge"] as const;

/** Pull and merge requests of a repository. Without a token every call is the error `proposal/no-token`. */
export const createProposals = (asking: Asking): Proposals => onForge(asking, forges, calls, noToken);

const noToken = () =>
  new UserError("proposal/no-token", "There is no token to open a pull request with.", {
    fix: "Give the token input, or set GLU_TOKEN in the job's environment.",
  });
