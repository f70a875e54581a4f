import { OutsideError, type Teams } from "@glu/core";
import type { Asking } from "../asking.ts";
import { onForge, type PerForge } from "../on-forge.ts";

const forges: PerForge<Teams, Asking> = {
  gitea: async (asking) => (await import("./gitea-teams.ts")).createGiteaTeams(asking),
  github: async (asking) => (await import("./github-teams.ts")).createGithubTeams(asking),
  gitlab: async (asking) => (await import("./gitlab-teams.ts")).createGitlabTeams(asking),
};

/** Teams and groups of the forge. Without a token every call is the error `team/no-token`. */
export const createTeams = (asking: Asking): Teams => onForge(asking, forges, ["has"], noToken);

const noToken = () =>
  new OutsideError("team/no-token", "There is no token to ask who is in a team.", {
    fix: "Give the token input, or set GLU_TOKEN in the job's environment.",
  });
