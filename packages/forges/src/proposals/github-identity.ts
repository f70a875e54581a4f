import type { AskingWithToken } from "../asking.ts";
import { githubHeaders } from "../github-headers.ts";
import { type ForgeResponse, field, send } from "../http.ts";
import { mappingOf } from "../json.ts";

/**
 * The login that a token acts as, e.g. `ada`, `github-actions[bot]`, `my-app[bot]`. Asked of GraphQL: REST's `/user`
 * refuses the job's own token and those of Apps. On a server of one's own that is `/api/graphql` beside `/api/v3`
 * (https://docs.github.com/en/enterprise-server/graphql/guides/forming-calls-with-graphql).
 * @returns the answer where it tells none
 */
export async function githubLogin(asking: AskingWithToken): Promise<string | ForgeResponse> {
  const response = await send(
    {
      method: "POST",
      path: "/graphql",
      headers: githubHeaders(asking.token),
      body: { query: "query { viewer { login } }" },
    },
    { ...asking, apiUrl: asking.apiUrl.replace(/\/v3$/, "") },
  );
  const { viewer } = mappingOf(mappingOf(response.json).data);
  return (response.status === 200 ? field(viewer, "login") : undefined) ?? response;
}
