import { OutsideError, type Teams } from "@glu/core";
import type { AskingWithToken } from "../asking.ts";
import { giteaHeaders } from "../gitea-headers.ts";
import { type ForgeResponse, send } from "../http.ts";
import { textOf } from "../json.ts";
import { notAnswered } from "../not-answered.ts";
import { pagesOf } from "../pages.ts";
import { orgTeam } from "./org-team.ts";

/** What both give at most, unless they are told to give less. */
const perPage = 50;

/**
 * Teams of Gitea and Forgejo by their name (`GET /orgs/{org}/teams`, `GET /teams/{id}/members/{username}`). They are
 * listed, not searched: a search finds only those that the token's owner is in.
 */
export function createGiteaTeams(asking: AskingWithToken): Teams {
  const { token } = asking;
  const headers = giteaHeaders(token);
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
      const find = async (): Promise<Readonly<Record<string, unknown>> | undefined> => {
        const path = `/orgs/${encodeURIComponent(org)}/teams?limit=${perPage}`;
        const paging = { apiUrl: asking.apiUrl, perPage, mayGiveLess: true, get, refuse };
        for await (const { entries } of pagesOf({ ...paging, path })) {
          const found = entries.find(({ name }) => textOf(name)?.toLowerCase() === team.toLowerCase());
          if (found !== undefined) return found;
        }
        return undefined;
      };
      const found = await find();
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
