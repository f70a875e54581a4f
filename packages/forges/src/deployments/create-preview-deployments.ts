import type { PreviewDeployments } from "@glu/core";
import type { Asking } from "../asking.ts";
import { onForge, type PerForge } from "../on-forge.ts";
import { noToken } from "./create-deployments.ts";

/** Gitea and Forgejo have no deployments; those of GitLab are made by `environment` of the job. */
const none = async (): Promise<PreviewDeployments> => ({ settle: async () => false });

const forges: PerForge<PreviewDeployments, Asking> = {
  gitea: none,
  gitlab: none,
  github: async (asking) => (await import("./github-preview-deployments.ts")).createGithubPreviewDeployments(asking),
};

/** Previews as deployments of a repository. Without a token every call is the error `deployment/no-token`. */
export const createPreviewDeployments = (asking: Asking): PreviewDeployments =>
  onForge(asking, forges, ["settle"], noToken);
