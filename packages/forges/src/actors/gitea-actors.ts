import { type Actors, OutsideError } from "@glu/core";
import type { AskingWithToken, OwnRun } from "../asking.ts";
import { giteaHeaders } from "../gitea-headers.ts";
import { encodePath, type ForgeResponse, send } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";
import { notAnswered } from "../not-answered.ts";
import { pagesOf } from "../pages.ts";
import { giteaIdentity } from "./gitea-identity.ts";
import { orgTeam } from "./org-team.ts";
import { starter } from "./starter.ts";

/** What both give at most, unless they are told to give less. */
const perPage = 50;

/**
 * Who acts on Gitea and Forgejo. Teams go by their name (`GET /orgs/{org}/teams`, `GET /teams/{id}/members/{username}`). They are
 * listed, not searched: a search finds only those that the token's owner is in.
 */
export function createGiteaActors(asking: AskingWithToken, own: OwnRun): Actors {
  const { token } = asking;
  const headers = giteaHeaders(token);
  const refuseActor = (target: string, scope: string) => (response: ForgeResponse) =>
    notAnswered("actor", response, {
      target,
      token,
      permission: `It needs a token with the scope '${scope}', as GLU_TOKEN.`,
      missing: "Check that the run is of this repository; Giteas before 1.25 and Forgejo do not tell of runs.",
      invalid: "Check the run's id.",
    });
  const identity = giteaIdentity(asking, refuseActor("whose the token is", "read:user"));
  return {
    async startedBy(signal) {
      if (own.run === undefined) return undefined;
      const path = `/repos/${encodePath(asking.repository)}/actions/runs/${encodeURIComponent(own.run)}`;
      const response = await send({ method: "GET", path, headers, signal }, asking);
      const refuse = refuseActor(`the run ${own.run}`, "read:repository");
      return starter(response, mappingOf(response.json).actor, refuse);
    },

    self: async () => (await identity()).login,

    async isIn(text, user, signal) {
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
