import { type Deployments, UserError } from "@glu/core";
import type { Asking, AskingWithToken } from "../asking.ts";
import { onForge, type PerForge } from "../on-forge.ts";

/** @see Asking */
export interface DeploymentsAsking extends Asking {
  /** The repository's page, for links. */
  webUrl: string;
}

export type DeploymentsAskingWithToken = DeploymentsAsking & AskingWithToken;

/** Gitea and Forgejo have no deployments. */
const forges: PerForge<Deployments, DeploymentsAsking> = {
  gitea: async () => ({ tell: async () => undefined }),
  github: async (asking) => (await import("./github-deployments.ts")).createGithubDeployments(asking),
  gitlab: async (asking) => (await import("./gitlab-deployments.ts")).createGitlabDeployments(asking),
};

/** Deployments of a repository. Without a token every call is the error `deployment/no-token`. */
export const createDeployments = (asking: DeploymentsAsking): Deployments => onForge(asking, forges, ["tell"], noToken);

/** The error of a call without a token. */
export const noToken = () =>
  new UserError("deployment/no-token", "There is no token to tell of deployments with.", {
    fix: "Give the token input, or set GLU_TOKEN in the job's environment.",
  });
