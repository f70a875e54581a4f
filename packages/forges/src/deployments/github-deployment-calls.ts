import type { AskingWithToken } from "../asking.ts";
import { githubHeaders } from "../github-headers.ts";
import { encodePath, type ForgeResponse, type SendOnce } from "../http.ts";
import { mappingOf } from "../json.ts";
import { allEntries } from "../pages.ts";
import { withReasons } from "../proposals/github-refusals.ts";
import { notTold } from "../telling/not-told.ts";

type Json = Readonly<Record<string, unknown>>;

const perPage = 100;
/** What GitHub takes as a description. */
export const longestDescription = 140;

/** What of a deployment is asked and told (https://docs.github.com/en/rest/deployments). */
export interface DeploymentCalls {
  /** All of them, newest first. @param query such as `{ environment }` */
  all(ask: SendOnce, query: Readonly<Record<string, string>>): Promise<Json[]>;
  /** @returns its id */
  post(ask: SendOnce, path: string, body: Json): Promise<number>;
  get(ask: SendOnce, path: string): Promise<ForgeResponse>;
  refuse(response: ForgeResponse): Error;
}

export function githubDeploymentCalls({ apiUrl, token, repository }: AskingWithToken): DeploymentCalls {
  const headers = githubHeaders(token);
  const base = `/repos/${encodePath(repository)}/deployments`;
  const refuse = (response: ForgeResponse) =>
    notTold("deployment", withReasons(response), {
      target: repository,
      token,
      permission:
        "Put 'permissions: { deployments: write }' into the job, or give a token of an App or a fine-grained personal " +
        "access token with 'Deployments: write' as GLU_TOKEN.",
      missing: `Check the name ${repository}.`,
      invalid: `Check that the commit is in ${repository}, and the addresses.`,
    });
  const get = (ask: SendOnce, path: string) => ask({ method: "GET", path: `${base}${path}`, headers });
  return {
    refuse,
    get,
    all: (ask, query) =>
      allEntries({
        ...{ apiUrl, perPage, refuse },
        path: `${base}?${new URLSearchParams({ ...query, per_page: String(perPage) })}`,
        get: (path) => ask({ method: "GET", path, headers }),
      }),
    async post(ask, path, body) {
      const response = await ask({ method: "POST", path: `${base}${path}`, headers, body });
      const { id } = mappingOf(response.json);
      if (response.status !== 201 || typeof id !== "number") throw refuse(response);
      return id;
    },
  };
}
