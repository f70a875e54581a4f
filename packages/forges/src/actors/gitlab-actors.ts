import type { Actors } from "@glu/core";
import type { AskingWithToken, OwnRun } from "../asking.ts";
import { gitlabHeaders } from "../gitlab-headers.ts";
import { type ForgeResponse, send } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";
import { notAnswered } from "../not-answered.ts";
import { pagesOf } from "../pages.ts";
import { gitlabIdentity } from "./gitlab-identity.ts";
import { starter } from "./starter.ts";

const perPage = 100;

/**
 * Who acts on GitLab. Who started a job is told by the job's own token (https://docs.gitlab.com/api/jobs/#get-job-tokens-job):
 * unlike `GITLAB_USER_LOGIN`, which whoever starts a pipeline can override. Groups go by their path; inherited members and those of invited groups are members
 * (https://docs.gitlab.com/api/members/#list-all-members-of-a-group-or-project-including-inherited-and-invited-members).
 * The search is by a part of name, user name and address, so the answer is compared.
 */
export function createGitlabActors(asking: AskingWithToken, own: OwnRun): Actors {
  const { token, clock } = asking;
  const refuseActor = (target: string, permission: string) => (response: ForgeResponse) =>
    notAnswered("actor", response, {
      target,
      token,
      permission,
      missing: "Check the server's address.",
      invalid: "Check the token.",
    });
  const identity = gitlabIdentity(
    asking,
    refuseActor("whose the token is", "It needs an access token with the scope 'read_user' or 'api', as GLU_TOKEN."),
  );
  return {
    async startedBy(signal) {
      if (!own.jobToken) return undefined;
      const headers = { "job-token": own.jobToken };
      const response = await send({ method: "GET", path: "/job", headers, signal }, asking);
      return starter(
        response,
        mappingOf(response.json).user,
        refuseActor("the job", "CI_JOB_TOKEN counts only while its job runs."),
      );
    },

    self: async () => (await identity()).name,

    async isIn(text, user, signal) {
      const query = new URLSearchParams({ query: user, per_page: String(perPage) });
      const get = (path: string) => send({ method: "GET", path, headers: gitlabHeaders(token), signal }, asking);
      const refuse = (response: ForgeResponse) =>
        notAnswered("team", response, {
          target: text,
          token,
          permission: "The job token sees no groups: give a group access token with the scope 'read_api' as GLU_TOKEN.",
          missing: "Check the path of the group.",
          invalid: "Check the path of the group.",
        });
      const path = `/groups/${encodeURIComponent(text)}/members/all?${query}`;
      for await (const { entries } of pagesOf({ apiUrl: asking.apiUrl, path, perPage, get, refuse })) {
        if (entries.some((member) => isActive(member, user, clock.now()))) return true;
      }
      return false;
    },
  };
}

function isActive(member: Readonly<Record<string, unknown>>, user: string, now: number): boolean {
  const { username, state, membership_state: membership = "active", expires_at: until } = member;
  if (textOf(username)?.toLowerCase() !== user.toLowerCase()) return false;
  // A membership ends with the beginning of its day, and is taken out of the list some hours later.
  const isOver = typeof until === "string" && Date.parse(until) <= now;
  return state === "active" && membership === "active" && !isOver;
}
