import { type Statuses, UserError } from "@glu/core";
import type { Asking, AskingWithToken } from "../asking.ts";
import type { ForgeName } from "../target.ts";

/** Each forge's own, loaded when it is asked for the first time. */
const forges: Readonly<Record<ForgeName, (asking: AskingWithToken) => Promise<Statuses>>> = {
  gitea: async (asking) => (await import("./gitea-statuses.ts")).createGiteaStatuses(asking),
  github: async (asking) => (await import("./github-statuses.ts")).createGithubStatuses(asking),
  gitlab: async (asking) => (await import("./gitlab-statuses.ts")).createGitlabStatuses(asking),
};

/** Statuses of commits of a repository. Without a token every call is the error `status/no-token`. */
export function createStatuses(asking: Asking): Statuses {
  const { forge, token } = asking;
  if (!token) return { set: withoutToken };
  let loaded: Promise<Statuses> | undefined;
  return {
    async set(commit, status) {
      loaded ??= forges[forge]({ ...asking, token, apiUrl: asking.apiUrl.replace(/\/+$/, "") });
      await (await loaded).set(commit, status);
    },
  };
}

async function withoutToken(): Promise<never> {
  throw new UserError("status/no-token", "There is no token to mark a commit with.", {
    fix: "Give the token input, or set GLU_TOKEN in the job's environment.",
  });
}
