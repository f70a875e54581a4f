import { type Deployments, UserError } from "@glu/core";
import type { Asking, AskingWithToken } from "../asking.ts";
import type { ForgeName } from "../target.ts";

/** @see Asking */
export interface DeploymentsAsking extends Asking {
  /** The repository's page, for links. */
  webUrl: string;
}

export type DeploymentsAskingWithToken = DeploymentsAsking & AskingWithToken;

/** Each forge's own, loaded when it is asked for the first time. Gitea and Forgejo have no deployments. */
const forges: Readonly<Record<ForgeName, (asking: DeploymentsAskingWithToken) => Promise<Deployments>>> = {
  gitea: async () => ({ tell: async () => undefined }),
  github: async (asking) => (await import("./github-deployments.ts")).createGithubDeployments(asking),
  gitlab: async (asking) => (await import("./gitlab-deployments.ts")).createGitlabDeployments(asking),
};

/** Deployments of a repository. Without a token every call is the error `deployment/no-token`. */
export function createDeployments(asking: DeploymentsAsking): Deployments {
  const { forge, token } = asking;
  if (!token) return { tell: withoutToken };
  let loaded: Promise<Deployments> | undefined;
  return {
    async tell(deployment) {
      loaded ??= forges[forge]({ ...asking, token, apiUrl: asking.apiUrl.replace(/\/+$/, "") });
      return (await loaded).tell(deployment);
    },
  };
}

async function withoutToken(): Promise<never> {
  throw new UserError("deployment/no-token", "There is no token to tell of deployments with.", {
    fix: "Give the token input, or set GLU_TOKEN in the job's environment.",
  });
}
