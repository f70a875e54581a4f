import { type Pulls, UserError } from "@glu/core";
import type { Asking } from "../asking.ts";
import { onForge, type PerForge } from "../on-forge.ts";

const forges: PerForge<Pulls, Asking> = {
  gitea: async (asking) => (await import("./gitea-pulls.ts")).createGiteaPulls(asking),
  github: async (asking) => (await import("./github-pulls.ts")).createGithubPulls(asking),
  gitlab: async (asking) => (await import("./gitlab-pulls.ts")).createGitlabPulls(asking),
};

/** Pull and merge requests of a repository. Without a token every call is the error `pull/no-token`. */
export const createPulls = (asking: Asking): Pulls => onForge(asking, forges, ["find", "open"], noToken);

const noToken = () =>
  new UserError("pull/no-token", "There is no token to ask for pull requests with.", {
    fix: "Give the token input, or set GLU_TOKEN in the job's environment.",
  });
