import { type Statuses, UserError } from "@glu/core";
import type { Asking } from "../asking.ts";
import { onForge, type PerForge } from "../on-forge.ts";

const forges: PerForge<Statuses, Asking> = {
  gitea: async (asking) => (await import("./gitea-statuses.ts")).createGiteaStatuses(asking),
  github: async (asking) => (await import("./github-statuses.ts")).createGithubStatuses(asking),
  gitlab: async (asking) => (await import("./gitlab-statuses.ts")).createGitlabStatuses(asking),
};

/** Statuses of commits of a repository. Without a token every call is the error `status/no-token`. */
export const createStatuses = (asking: Asking): Statuses => onForge(asking, forges, ["set", "read"], noToken);

const noToken = () =>
  new UserError("status/no-token", "There is no token to mark a commit with.", {
    fix: "Give the token input, or set GLU_TOKEN in the job's environment.",
  });
