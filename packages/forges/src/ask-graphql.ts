import type { AskingWithToken } from "./asking.ts";
import { githubHeaders } from "./github-headers.ts";
import { type ForgeResponse, send } from "./http.ts";
import { listOf, mappingOf, textOf } from "./json.ts";

type Json = Readonly<Record<string, unknown>>;

/** What GitHub's GraphQL answered: data, and errors beside or instead of it. */
export interface GraphqlAnswer {
  response: ForgeResponse;
  data: Json;
  errors: readonly GraphqlError[];
}

export interface GraphqlError {
  /** Such as `NOT_FOUND`, `FORBIDDEN`, `STALE_DATA`; undefined where it has none. */
  type: string | undefined;
  message: string;
}

/**
 * One request to GitHub's GraphQL. On a server of one's own that is `/api/graphql` beside `/api/v3`
 * (https://docs.github.com/en/enterprise-server/graphql/guides/forming-calls-with-graphql).
 * @throws OutsideError `forge/unreachable`, also for what is refused for its rate
 */
export async function askGraphql(asking: AskingWithToken, query: string, variables: Json): Promise<GraphqlAnswer> {
  const apiUrl = asking.apiUrl.replace(/\/v3$/, "");
  const body = { query, variables };
  const request = { method: "POST", path: "/graphql", headers: githubHeaders(asking.token), body } as const;
  const response = await send(request, { ...asking, apiUrl });
  const { data, errors } = mappingOf(response.json);
  return {
    response,
    data: mappingOf(data),
    errors: (listOf(errors) ?? []).map(({ type, message }) => {
      return { type: textOf(type), message: textOf(message) ?? "no reason" };
    }),
  };
}
