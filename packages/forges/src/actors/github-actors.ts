import type { Actors } from "@glu/core";
import type { AskingWithToken, OwnRun } from "../asking.ts";
import { githubHeaders } from "../github-headers.ts";
import { encodePath, type ForgeResponse, field, send } from "../http.ts";
import { mappingOf } from "../json.ts";
import { notAnswered } from "../not-answered.ts";
import { githubIdentity } from "./github-identity.ts";
import { orgTeam } from "./org-team.ts";
import { starter } from "./starter.ts";

/**
 * Who acts on GitHub. Teams go by their slug; members of child teams are members. An invitation that is not accepted makes nobody one
 * (https://docs.github.com/en/rest/teams/members#get-team-membership-for-a-user).
 */
export function createGithubActors(asking: AskingWithToken, own: OwnRun): Actors {
  const { token } = asking;
  const headers = githubHeaders(token);
  const refuseActor = (target: string, permission: string) => (response: ForgeResponse) =>
    notAnswered("actor", response, {
      target,
      token,
      permission,
      missing: "Check that the run is of this repository.",
      invalid: "Check the run's id.",
    });
  return {
    async startedBy(signal) {
      if (own.run === undefined) return undefined;
      const path = `/repos/${encodePath(asking.repository)}/actions/runs/${encodeURIComponent(own.run)}`;
      const response = await send({ method: "GET", path, headers, signal }, asking);
      const refuse = refuseActor(`the run ${own.run}`, "Put 'permissions: { actions: read }' into the job.");
      const { actor, triggering_actor } = mappingOf(response.json);
      return starter(response, triggering_actor ?? actor, refuse);
    },

    self: githubIdentity(asking, refuseActor("whose the token is", "Give a token of an App or of a user.")),

    async isIn(text, user, signal) {
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
