import type { Teams } from "@glu/core";
import type { AskingWithToken } from "../asking.ts";
import { githubHeaders } from "../github-headers.ts";
import { type ForgeResponse, field, send } from "../http.ts";
import { notAnswered } from "../not-answered.ts";
import { orgTeam } from "./org-team.ts";

/**
 * Teams of GitHub by their slug; members of child teams are members. An invitation that is not accepted makes nobody one
 * (https://docs.github.com/en/rest/teams/members#get-team-membership-for-a-user).
 */
export function createGithubTeams(asking: AskingWithToken): Teams {
  const { token } = asking;
  const headers = githubHeaders(token);
  return {
    async has(text, user, signal) {
      const { org, team } = orgTeam(text);
      const path = `/orgs/${encodeURIComponent(org)}/teams/${encodeURIComponent(team)}`;
      const get = (below: string) => send({ method: "GET", path: `${path}${below}`, headers, signal }, asking);
      const refuse = (response: ForgeResponse) =>
        notAnswered("team", response, {
          target: text,
          token,
          permission:
            "The built-in GITHUB_TOKEN sees no teams: give a token of an App with the organization permission " +
            "'members: read'.",
          missing: "Check the organisation, and the team's slug as it stands in its address.",
          invalid: "Check the team's name.",
        });
      const membership = await get(`/memberships/${encodeURIComponent(user)}`);
      const state = membership.status === 200 ? field(membership.json, "state") : undefined;
      if (state !== undefined) return state === "active";
      if (membership.status !== 404) throw refuse(membership);
      // "Not found" is also what a team is that this token cannot see.
      const itself = await get("");
      if (itself.status === 200) return false;
      throw refuse(itself);
    },
  };
}
