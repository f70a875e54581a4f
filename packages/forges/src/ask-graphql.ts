import { OutsideError } from "@glu/core";
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
  const { data, errors: told } = mappingOf(response.json);
  const errors = (listOf(told) ?? []).map(({ type, message }) => {
    return { type: textOf(type), message: textOf(message) ?? "no reason" };
  });
  if (errors.some(isLimit)) throw limited(apiUrl, response, asking.clock.now());
  return { response, data: mappingOf(data), errors };
}

/** GraphQL tells its limits in an answer with status 200, too. */
const isLimit = ({ type, message }: GraphqlError): boolean =>
  type === "RATE_LIMITED" || /secondary rate limit|API rate limit (?:already )?exceeded/i.test(message);

function limited(apiUrl: string, { headers }: ForgeResponse, now: number): OutsideError {
  const { host } = new URL(apiUrl);
  const reset = headers.get("x-ratelimit-reset") ?? "";
  const wait = /^\d+$/.test(reset) ? { retryAfter: Math.max(0, Number(reset) * 1000 - now) } : {};
  return new OutsideError("forge/unreachable", `${host} cannot be asked: the rate limit of GraphQL is used up.`, {
    seen: host,
    fix: "Try again later, or give the token of a GitHub App, which has a limit of its own.",
    transient: true,
    ...wait,
  });
}

/** GraphQL says 200 to all that it refuses: the answer as REST gives it. */
export function asOfRest({ response, errors: [error] }: GraphqlAnswer): ForgeResponse {
  if (response.status !== 200 || error === undefined) return response;
  return { ...response, status: statuses[error.type ?? ""] ?? 422, json: { message: error.message } };
}

const statuses: Readonly<Record<string, number>> = { FORBIDDEN: 403, INSUFFICIENT_SCOPES: 403, NOT_FOUND: 404 };
