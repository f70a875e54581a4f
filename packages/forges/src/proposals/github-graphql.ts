import type { AskingWithToken } from "../asking.ts";
import { githubHeaders } from "../github-headers.ts";
import { type ForgeResponse, send } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * One call of GitHub's GraphQL (https://docs.github.com/en/graphql). On a server of one's own that is `/api/graphql` beside
 * `/api/v3`.
 * @returns its data; the answer where it has none, as REST would answer: GraphQL says 200 to all that it refuses
 */
export async function askGraphql(
  query: string,
  variables: Json,
  asking: AskingWithToken,
): Promise<{ data: Json } | { refused: ForgeResponse }> {
  const response = await send(
    { method: "POST", path: "/graphql", headers: githubHeaders(asking.token), body: { query, variables } },
    { ...asking, apiUrl: asking.apiUrl.replace(/\/v3$/, "") },
  );
  const { data, errors } = mappingOf(response.json);
  if (response.status === 200 && Array.isArray(errors) && errors.length > 0) {
    const { type, message } = mappingOf(errors[0]);
    const status = statuses[textOf(type) ?? ""] ?? 422;
    return { refused: { ...response, status, json: { message: textOf(message) } } };
  }
  if (response.status !== 200 || data === undefined) return { refused: response };
  return { data: mappingOf(data) };
}

/** What a type of error is in REST. One that has none was not understood. */
const statuses: Readonly<Record<string, number>> = { FORBIDDEN: 403, INSUFFICIENT_SCOPES: 403, NOT_FOUND: 404 };
