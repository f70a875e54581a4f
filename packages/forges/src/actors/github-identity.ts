import { askGraphql } from "../ask-graphql.ts";
import type { AskingWithToken } from "../asking.ts";
import { type ForgeResponse, field } from "../http.ts";
import { askedOnce } from "./asked-once.ts";

/**
 * The login that a token acts as, e.g. `ada`, `github-actions[bot]`, `my-app[bot]`. Asked of GraphQL: REST's `/user`
 * refuses the job's own token and those of Apps.
 * @param refuse the error for an answer that tells nobody
 */
export function githubIdentity(asking: AskingWithToken, refuse: (response: ForgeResponse) => Error) {
  return askedOnce(async (): Promise<string> => {
    const { response, data } = await askGraphql(asking, "query { viewer { login } }", {});
    const login = response.status === 200 ? field(data.viewer, "login") : undefined;
    if (login === undefined) throw refuse(response);
    return login;
  });
}
