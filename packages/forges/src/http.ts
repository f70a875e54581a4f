import { type Clock, OutsideError, parseRetryAfter, type RetryLimits, retryLimits, retryTransient } from "@glu/core";

export interface ForgeConnection {
  /** Without a slash at the end, e.g. `https://api.github.com`, `https://gitlab.com/api/v4`. */
  apiUrl: string;
  clock: Clock;
  fetch?: typeof fetch;
  /** Milliseconds for one request; default 30,000. */
  timeout?: number;
  limits?: RetryLimits;
}

export interface ForgeRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the API's URL; its variable parts are encoded by the caller. */
  path: string;
  headers: Record<string, string>;
  body?: unknown;
  /** Ends it: nothing is waited for or tried again then. */
  signal?: AbortSignal;
}

export interface ForgeResponse {
  status: number;
  headers: Headers;
  /** The JSON, or `undefined` for another answer. */
  json: unknown;
}

function unreachable(
  apiUrl: string,
  why: string,
  extra: { cause?: unknown; retryAfter?: number; transient?: boolean } = {},
): OutsideError {
  const { host } = new URL(apiUrl);
  return new OutsideError("forge/unreachable", `${host} cannot be asked: ${why}.`, {
    seen: host,
    fix: "Try again later, and check that this machine can reach it.",
    transient: true,
    ...extra,
  });
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return "the connection failed";
  if (cause.name === "TimeoutError") return "it did not answer in time";
  const { code } = cause as Error & { code?: unknown };
  return typeof code === "string" ? code : cause.message;
}

/**
 * How long a limited caller must wait. GitHub's secondary limits come as 403 with `Retry-After`, its primary one as
 * 403 or 429 with `x-ratelimit-remaining: 0` and the second at which it ends
 * (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api).
 */
function limitOf(status: number, headers: Headers, now: number): { retryAfter?: number } | undefined {
  const after = parseRetryAfter(headers.get("retry-after"), now);
  if (after !== undefined && (status === 403 || status === 429)) return { retryAfter: after };
  const reset = headers.get("x-ratelimit-reset");
  if ((status === 403 || status === 429) && headers.get("x-ratelimit-remaining") === "0" && /^\d+$/.test(reset ?? "")) {
    return { retryAfter: Math.max(0, Number(reset) * 1000 - now) };
  }
  return status === 429 ? {} : undefined;
}

async function sendOnce(request: ForgeRequest, connection: ForgeConnection): Promise<ForgeResponse> {
  const { apiUrl, clock, timeout = 30_000 } = connection;
  const late = AbortSignal.timeout(timeout);
  let response: Response;
  let text: string;
  try {
    response = await (connection.fetch ?? fetch)(`${apiUrl}${request.path}`, {
      method: request.method,
      headers: { accept: "application/json", "user-agent": "glu-actions", ...request.headers },
      // A renamed repository answers with a redirect. It is never followed: a token would go along.
      redirect: "manual",
      signal: request.signal === undefined ? late : AbortSignal.any([late, request.signal]),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    text = await response.text();
  } catch (cause) {
    if (request.signal?.aborted)
      throw unreachable(apiUrl, "it was not waited for any longer", { cause, transient: false });
    throw unreachable(apiUrl, reasonOf(cause), { cause });
  }
  const { status, headers } = response;
  const limit = limitOf(status, headers, clock.now());
  if (limit !== undefined) throw unreachable(apiUrl, `it answers ${status} (too many requests)`, limit);
  if ([500, 502, 503, 504].includes(status)) {
    const after = parseRetryAfter(headers.get("retry-after"), clock.now());
    throw unreachable(apiUrl, `it answers ${status}`, after === undefined ? {} : { retryAfter: after });
  }
  let json: unknown;
  try {
    json = text === "" ? undefined : JSON.parse(text);
  } catch {
    // An error page of a proxy: the status says enough, and its text is not ours to repeat.
    json = undefined;
  }
  return { status, headers, json };
}

/**
 * One call of a forge's API with retries. A request to promote may so arrive twice after a broken connection; the
 * second one finds everything done and changes nothing, whereas a lost one would be missed.
 * @throws OutsideError `forge/unreachable`.
 */
export function send(request: ForgeRequest, connection: ForgeConnection): Promise<ForgeResponse> {
  return retryTransient(connection.clock, () => sendOnce(request, connection), connection.limits ?? retryLimits);
}

/** The forge's own message, for the `seen` of an error; short, and never with the token in it. */
export function messageOf({ status, json }: ForgeResponse, token: string): string {
  const { message, error } = (typeof json === "object" && json !== null ? json : {}) as Record<string, unknown>;
  const found = message ?? error;
  const text = found === undefined ? "" : typeof found === "string" ? found : JSON.stringify(found);
  const said = text.replaceAll(token, "***").slice(0, 300);
  return said === "" ? String(status) : `${status}: ${said}`;
}

/** A path of several parts, such as `owner/name`, for a URL. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** Text in the JSON of an answer. */
export function field(json: unknown, name: string): string | undefined {
  const value = typeof json === "object" && json !== null ? (json as Record<string, unknown>)[name] : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A link to a page of the web, or nothing. */
export function webLink(text: string | undefined): string | undefined {
  return text !== undefined && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : undefined;
}
