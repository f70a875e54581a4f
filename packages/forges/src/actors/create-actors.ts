import { type Actors, OutsideError } from "@glu/core";
import type { Asking, OwnRun } from "../asking.ts";
import { onForge, type PerForge } from "../on-forge.ts";

type RunAsking = Asking & { own: OwnRun };

const forges: PerForge<Actors, RunAsking> = {
  gitea: async (asking) => (await import("./gitea-actors.ts")).createGiteaActors(asking, asking.own),
  github: async (asking) => (await import("./github-actors.ts")).createGithubActors(asking, asking.own),
  gitlab: async (asking) => (await import("./gitlab-actors.ts")).createGitlabActors(asking, asking.own),
};

/**
 * Who acts on the forge, and in which run. Without a token every call is the error `actor/no-token`,
 * of teams `team/no-token`.
 */
export const createActors = (asking: Asking, own: OwnRun = { run: undefined }): Actors =>
  onForge({ ...asking, own }, forges, ["startedBy", "self", "isIn"], noToken);

function noToken(call: keyof Actors): OutsideError {
  const fix = "Give the token input, or set GLU_TOKEN in the job's environment.";
  if (call === "isIn") return new OutsideError("team/no-token", "There is no token to ask who is in a team.", { fix });
  return new OutsideError("actor/no-token", "There is no token to ask who acts.", { fix });
}
