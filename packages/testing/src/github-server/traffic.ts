import { createHash } from "node:crypto";
import { type GithubAnswer, ok, refused } from "./answers.ts";

/** How many calls of a kind a token may make in an hour. */
export interface GithubRate {
  limit: number;
  remaining: number;
  /** Seconds since the epoch. */
  reset: number;
}

/** What GitHub lets one ask, of each kind. */
export class GithubRates {
  readonly core: GithubRate = { limit: 5000, remaining: 5000, reset: Math.floor(Date.now() / 1000) + 2400 };
  readonly graphql: GithubRate = { ...this.core };

  /** The answer where there is nothing left, which costs nothing; an unchanged one does not either. */
  spend(path: string, answer: () => GithubAnswer): { answer: GithubAnswer; headers: Record<string, string> } {
    const resource = path === "/graphql" ? "graphql" : "core";
    const rate = this[resource];
    const isOver = rate.remaining === 0;
    const made = isOver ? overLimit(resource) : answer();
    if (!isOver && made.status !== 304) rate.remaining -= 1;
    return {
      answer: made,
      headers: {
        "x-github-request-id": "C0DE:1",
        "x-ratelimit-limit": String(rate.limit),
        "x-ratelimit-remaining": String(rate.remaining),
        "x-ratelimit-used": String(rate.limit - rate.remaining),
        "x-ratelimit-reset": String(rate.reset),
        "x-ratelimit-resource": resource,
      },
    };
  }
}

/** GraphQL says it with 200 (https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api). */
function overLimit(resource: string): GithubAnswer {
  const message = "API rate limit exceeded for installation ID 1.";
  return resource === "graphql" ? ok({ errors: [{ type: "RATE_LIMITED", message }] }) : refused(403, message);
}

/** The name of an answer: each token has its own for the same content. */
export const etagOf = (authorization: string, body: unknown): string =>
  `W/"${createHash("sha256")
    .update(`${authorization}\0${JSON.stringify(body)}`)
    .digest("hex")}"`;

/** One page of a list, as the query asks for it; GitHub gives thirty unless it is told otherwise, and a hundred at most. */
export function pageOf<T>(all: readonly T[], query: URLSearchParams, shown: (one: T) => unknown): GithubAnswer {
  const size = Math.min(100, Number(query.get("per_page") ?? 30));
  const page = Number(query.get("page") ?? 1);
  const entries = all.slice((page - 1) * size, page * size).map(shown);
  return { ...ok(entries), page: { page, last: Math.max(1, Math.ceil(all.length / size)) } };
}

/** Where the other pages are; nothing where one page has all. The repository is named by its number there. */
export function linkOf(url: URL, { page, last }: NonNullable<GithubAnswer["page"]>): Record<string, string> {
  const to = (at: number, rel: string): string => {
    const there = new URL(url);
    there.pathname = there.pathname.replace(/^\/repos\/[^/]+\/[^/]+/, "/repositories/1");
    there.searchParams.set("page", String(at));
    return `<${there}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [to(page - 1, "prev")] : []),
    ...(page < last ? [to(page + 1, "next"), to(last, "last")] : []),
    ...(page > 1 ? [to(1, "first")] : []),
  ];
  return links.length === 0 ? {} : { link: links.join(", ") };
}
