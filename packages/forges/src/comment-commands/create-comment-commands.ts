import { type CommentCommands, OutsideError } from "@glu/core";
import type { Asking } from "../asking.ts";
import { onForge, type PerForge } from "../on-forge.ts";

/** GitLab starts no job for a comment, so nothing is asked there. */
const forges: PerForge<CommentCommands, Asking> = {
  gitea: async (asking) => (await import("./gitea-comment-commands.ts")).createGiteaCommentCommands(asking),
  github: async (asking) => (await import("./github-comment-commands.ts")).createGithubCommentCommands(asking),
  gitlab: async () => ({
    mayWrite: async () => false,
    headSince: async () => undefined,
    react: async () => undefined,
  }),
};

/** Commands in comments of a repository. Without a token every call is the error `actor/no-token`. */
export const createCommentCommands = (asking: Asking): CommentCommands =>
  onForge(asking, forges, ["mayWrite", "headSince", "react"], noToken);

const noToken = () =>
  new OutsideError("actor/no-token", "There is no token to ask who acts.", {
    fix: "Give the token input, or set GLU_TOKEN in the job's environment.",
  });
