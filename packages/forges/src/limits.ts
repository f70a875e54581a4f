import { type ApiLimit, parseRetryAfter } from "@glu/core";

/** An answer as far as it tells of limits. */
export interface Limiting {
  status: number;
  headers: Headers;
  json: unknown;
}

/** That a server has enough of its caller. */
export interface Limited {
  /** Milliseconds to wait before it is asked again; undefined: it does not say. */
  retryAfter: number | undefined;
  /** Whether all of a time was used up, and not too much at once was asked. */
  exhausted: boolean;
}

/** Where GitHub does not say how long: a minute at least, and longer each time. */
const leastForSecondary = 60_000;

/**
 * Whether an answer says that too much was asked, and how long to wait.
 * - GitHub's primary limit: 403 or 429 with `x-ratelimit-remaining: 0` and the second at which it ends; GraphQL says it
 *   with 200 and an error of the type `RATE_LIMITED`. Its secondary limits: 403 or 429 with `Retry-After`, or with their
 *   name alone (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api).
 * - GitLab: 429, most with `Retry-After` (https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/).
 * - Gitea and what stands in front of it: 429.
 * @param failures how many attempts in a row were too many, this one included
 */
export function limitedBy({ status, headers, json }: Limiting, now: number, failures: number): Limited | undefined {
  const says = errorsOf(json);
  const byGraphql = status === 200 && says.types.includes("RATE_LIMITED");
  if (status !== 403 && status !== 429 && !byGraphql) return undefined;
  const after = parseRetryAfter(headers.get("retry-after"), now);
  if (after !== undefined) return { retryAfter: after, exhausted: false };
  const reset = numberOf(headers, "x-ratelimit-reset") ?? numberOf(headers, "ratelimit-reset");
  const remaining = numberOf(headers, "x-ratelimit-remaining") ?? numberOf(headers, "ratelimit-remaining");
  if (remaining === 0 && reset !== undefined) return { retryAfter: Math.max(0, reset * 1000 - now), exhausted: true };
  if (/secondary rate limit|abuse detection/i.test(says.message)) {
    return { retryAfter: leastForSecondary * 2 ** (failures - 1), exhausted: false };
  }
  if (byGraphql) return { retryAfter: leastForSecondary, exhausted: true };
  return status === 429 ? { retryAfter: undefined, exhausted: false } : undefined;
}

/** What an answer says of the limit that it was counted against: none or one. `x-ratelimit-…` is GitHub's, the other GitLab's. */
export function limitsOf(headers: Headers): ApiLimit[] {
  const prefix = headers.has("x-ratelimit-limit") ? "x-ratelimit" : "ratelimit";
  const [limit, remaining, reset] = ["limit", "remaining", "reset"].map((name) =>
    numberOf(headers, `${prefix}-${name}`),
  );
  if (limit === undefined || remaining === undefined || reset === undefined) return [];
  const resource = headers.get(`${prefix}-resource`) ?? headers.get(`${prefix}-name`) ?? "core";
  return [{ resource: resource.slice(0, 60), limit, remaining, resetsAt: reset * 1000 }];
}

function numberOf(headers: Headers, name: string): number | undefined {
  const text = headers.get(name)?.trim() ?? "";
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

function errorsOf(json: unknown): { message: string; types: unknown[] } {
  const { message, errors } = (typeof json === "object" && json !== null ? json : {}) as Record<string, unknown>;
  const list: unknown[] = Array.isArray(errors) ? errors : [];
  const part = (one: unknown, name: string): unknown =>
    typeof one === "object" && one !== null ? (one as Record<string, unknown>)[name] : undefined;
  return {
    message: [message, ...list.map((one) => part(one, "message"))].filter((one) => typeof one === "string").join(" "),
    types: list.map((one) => part(one, "type")),
  };
}
