import { type Checks, OutsideError } from "@glu/core";
import type { Asking, OwnRun } from "../asking.ts";
import { onForge, type PerForge } from "../on-forge.ts";

type RunAsking = Asking & { own: OwnRun };

const forges: PerForge<Checks, RunAsking> = {
  gitea: async (asking) => (await import("./gitea-checks.ts")).createGiteaChecks(asking, asking.own),
  github: async (asking) => (await import("./github-checks.ts")).createGithubChecks(asking, asking.own),
  gitlab: async (asking) => (await import("./gitlab-checks.ts")).createGitlabChecks(asking, asking.own),
};

/**
 * Statuses, check runs and jobs of commits on the forge. Repositories are `owner/name`. Without a token every call is the
 * error `checks/no-token`.
 */
export const createChecks = (asking: Asking, own: OwnRun): Checks =>
  onForge({ ...asking, own }, forges, ["of"], noToken);

const noToken = () =>
  new OutsideError("checks/no-token", "There is no token to ask for checks of commits with.", {
    fix: "Give the token input, or set GLU_TOKEN in the job's environment.",
  });
