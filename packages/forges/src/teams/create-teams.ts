import { OutsideError, type Teams } from "@glu/core";
import type { Asking } from "../asking.ts";
import { createGiteaTeams } from "./gitea-teams.ts";
import { createGithubTeams } from "./github-teams.ts";
import { createGitlabTeams } from "./gitlab-teams.ts";

/** Teams and groups of the forge. Without a token every call is the error `team/no-token`. */
export function createTeams(asking: Asking): Teams {
  const { forge, token } = asking;
  if (!token) return { has: noToken };
  const withToken = { ...asking, token, apiUrl: asking.apiUrl.replace(/\/+$/, "") };
  if (forge === "gitlab") return createGitlabTeams(withToken);
  return forge === "gitea" ? createGiteaTeams(withToken) : createGithubTeams(withToken);
}

async function noToken(team: string): Promise<never> {
  throw new OutsideError("team/no-token", `There is no token to ask who is in ${team}.`, {
    seen: team,
    fix: "Give the token input, or set GLU_TOKEN in the job's environment.",
  });
}
