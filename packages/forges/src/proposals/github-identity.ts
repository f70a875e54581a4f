import { askGraphql } from "../ask-graphql.ts";
import type { AskingWithToken } from "../asking.ts";
import { type ForgeResponse, field } from "../http.ts";

/**
 * The login that a token acts as, e.g. `ada`, `github-actions[bot]`, `my-app[bot]`. Asked of GraphQL: REST's `/user`
 * refuses the job's own token and those of Apps.
 * @returns the answer where it tells none
 */
export async function githubLogin(asking: AskingWithToken): Promise<string | ForgeResponse> {
  const { response, data } = await askGraphql(asking, "query { viewer { login } }", {});
  return (response.status === 200 ? field(data.viewer, "login") : undefined) ?? response;
}
