import { type Comments, UserError } from "@glu/core";
import type { Asking } from "../asking.ts";
import { onForge, type PerForge } from "../on-forge.ts";

const forges: PerForge<Comments, Asking> = {
  gitea: async (asking) => (await import("./gitea-comments.ts")).createGiteaComments(asking),
  github: async (asking) => (await import("./github-comments.ts")).createGithubComments(asking),
  gitlab: async (asking) => (await import("./gitlab-comments.ts")).createGitlabComments(asking),
};

/** Comments on pull and merge requests of a repository. Without a token every call is the error `comment/no-token`. */
export const createComments = (asking: Asking): Comments =>
  onForge(asking, forges, ["pullsOf", "between", "write"], noToken);

const noToken = () =>
  new UserError("comment/no-token", "There is no token to comment with.", {
    fix: "Give the token input, or set GLU_TOKEN in the job's environment.",
  });
