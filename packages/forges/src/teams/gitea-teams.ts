import { OutsideError, type Teams } from "@glu/core";
import type { AskingWithToken } from "../asking.ts";
import { type ForgeResponse, send } from "../http.ts";
import { listOf, textOf } from "../json.ts";
import { notAnswered } from "../not-answered.ts";
import { orgTeam } from "./org-team.ts";

/** Teams of Gitea and Forgejo by their name (`GET /orgs/{org}/teams/search`, `GET /teams/{id}/members/{username}`). */
export function createGiteaTeams(asking: AskingWithToken): Teams {
  const { token } = asking;
  const headers = { authorization: `token ${token}` };
  return {
    async has(text, user, signal) {
      const { org, team } = orgTeam(text);
      const get = (path: string) => send({ method: "GET", path, headers, signal }, asking);
      const explain = {
        target: text,
        token,
        permission: `It needs a token with the scope 'read:organization' of somebody in ${org}, as GLU_TOKEN.`,
        missing: "Check the names of the organisation and the team.",
        invalid: "Check the team's name.",
      };
      const refuse = (response: ForgeResponse) => notAnswered("team", response, explain);
      const query = new URLSearchParams({ q: team, limit: "50" });
      const search = await get(`/orgs/${encodeURIComponent(org)}/teams/search?${query}`);
      if (search.status !== 200) throw refuse(search);
      const teams = listOf((search.json as { data?: unknown } | undefined)?.data);
      if (teams === undefined) throw refuse(search);
      const found = teams.find(({ name }) => textOf(name)?.toLowerCase() === team.toLowerCase());
      if (found === undefined) {
        const fix = `${explain.missing} ${explain.permission}`;
        throw new OutsideError("team/not-found", `${text} is not found, or the token cannot see it.`, { fix });
      }
      const member = await get(`/teams/${encodeURIComponent(String(found.id))}/members/${encodeURIComponent(user)}`);
      if (member.status === 200) return true;
      if (member.status === 404) return false;
      throw refuse(member);
    },
  };
}
