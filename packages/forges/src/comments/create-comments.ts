import { type Comments, UserError } from "@glu/core";
import type { Asking, AskingWithToken } from "../asking.ts";
import type { ForgeName } from "../target.ts";

/** Each forge's own, loaded when it is asked for the first time. */
const forges: Readonly<Record<ForgeName, (asking: AskingWithToken) => Promise<Comments>>> = {
  gitea: async (asking) => (await import("./gitea-comments.ts")).createGiteaComments(asking),
  github: async (asking) => (await import("./github-comments.ts")).createGithubComments(asking),
  gitlab: async (asking) => (await import("./gitlab-comments.ts")).createGitlabComments(asking),
};

/** Comments on pull and merge requests of a repository. Without a token every call is the error `comment/no-token`. */
export function createComments(asking: Asking): Comments {
  const { forge, token } = asking;
  if (!token) return { pullsOf: withoutToken, between: withoutToken, write: withoutToken };
  let loaded: Promise<Comments> | undefined;
  const load = (): Promise<Comments> => {
    loaded ??= forges[forge]({ ...asking, token, apiUrl: asking.apiUrl.replace(/\/+$/, "") });
    return loaded;
  };
  return {
    pullsOf: async (commit) => (await load()).pullsOf(commit),
    between: async (from, to) => (await load()).between(from, to),
    write: async (...comment) => (await load()).write(...comment),
  };
}

async function withoutToken(): Promise<never> {
  throw new UserError("comment/no-token", "There is no token to comment with.", {
    fix: "Give the token input, or set GLU_TOKEN in the job's environment.",
  });
}
