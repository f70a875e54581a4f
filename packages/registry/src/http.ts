import { type Clock, OutsideError, parseRetryAfter } from "@glu/core";

export interface HttpRequest {
  method: "GET" | "HEAD" | "POST";
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** Bytes of the answer; default 4 MiB, the limit of the OCI distribution spec for manifests. */
  limit?: number;
}

export interface HttpOptions {
  fetch: typeof fetch;
  clock: Clock;
  /** Milliseconds for one request, its body included. */
  timeout: number;
}

export interface HttpResponse {
  status: number;
  headers: Headers;
  /** Empty for HEAD. */
  body: Buffer;
}

const bodyLimit = 4 * 1024 * 1024;
const redirectLimit = 5;

function unreachable(url: string, why: string, cause?: unknown, transient = true): OutsideError {
  const { host } = new URL(url);
  return new OutsideError("registry/unreachable", `${host} cannot be reached: ${why}.`, {
    seen: host,
    fix: "Check the name, and that this machine can reach it.",
    transient,
    ...(cause === undefined ? {} : { cause }),
  });
}

function tooLarge(url: string, limit: number): OutsideError {
  const { host, pathname } = new URL(url);
  return new OutsideError("registry/unexpected", `The answer of ${host} is larger than ${limit >> 20} MiB.`, {
    seen: pathname,
    fix: "Check that this is the registry or chart repository that was meant; no larger answer is read.",
  });
}

async function readBody(response: Response, url: string, limit = bodyLimit): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > limit) throw tooLarge(url, limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What a failed fetch says about itself: the reason lies in its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return "the connection failed";
  if (cause.name === "TimeoutError") return "it did not answer in time";
  const { code } = cause as Error & { code?: unknown };
  return typeof code === "string" ? code : cause.message;
}

/** The request for the next hop. Credentials stay with the host they were meant for. */
function follow(request: HttpRequest, location: string): HttpRequest {
  const from = new URL(request.url);
  if (!URL.canParse(location, from.href)) throw unreachable(request.url, "it redirects to nowhere", undefined, false);
  const to = new URL(location, from);
  if (to.protocol !== "https:" && to.protocol !== from.protocol) {
    throw unreachable(request.url, `it redirects to ${to.protocol}//, which is not protected`, undefined, false);
  }
  const headers = Object.entries(request.headers).filter(
    ([name]) => to.origin === from.origin || name.toLowerCase() !== "authorization",
  );
  return { ...request, url: to.href, headers: Object.fromEntries(headers) };
}

/**
 * One request, redirects followed. Answers with a status below 500 other than 429 are returned as they are.
 * @throws OutsideError `registry/unreachable`, transient for a broken connection, 429 and 5xx.
 */
export async function send(request: HttpRequest, options: HttpOptions): Promise<HttpResponse> {
  let current = request;
  for (let hop = 0; hop <= redirectLimit; hop++) {
    let response: Response;
    let body: Buffer;
    try {
      response = await options.fetch(current.url, {
        method: current.method,
        headers: current.headers,
        redirect: "manual",
        signal: AbortSignal.timeout(options.timeout),
        ...(current.body === undefined ? {} : { body: current.body }),
      });
      body = await readBody(response, current.url, request.limit);
    } catch (error) {
      if (error instanceof OutsideError) throw error;
      throw unreachable(current.url, reasonOf(error), error);
    }
    const { status, headers } = response;
    if (status === 429 || status >= 500) throw busy(current.url, status, headers, options.clock);
    const location = headers.get("location");
    const redirects = [301, 302, 303, 307, 308].includes(status) && location !== null;
    if (!redirects) return { status, headers, body };
    // A form carries a credential: it is never sent on.
    if (current.method === "POST") throw unreachable(current.url, "its token server redirects", undefined, false);
    current = follow(current, location);
  }
  throw unreachable(request.url, `it redirects more than ${redirectLimit} times`, undefined, false);
}

function busy(url: string, status: number, headers: Headers, clock: Clock): OutsideError {
  const { host } = new URL(url);
  const retryAfter = parseRetryAfter(headers.get("retry-after"), clock.now());
  const limited = status === 429;
  return new OutsideError(
    "registry/unreachable",
    `${host} answers ${status}${limited ? ` (too many requests)${wait(retryAfter)}` : ""}.`,
    {
      seen: status,
      fix: limited ? "Log in there to get a higher limit, or try again later." : "Try again later.",
      // 501 and 505 will not change; the gateway's errors do.
      transient: [429, 500, 502, 503, 504].includes(status),
      ...(retryAfter === undefined ? {} : { retryAfter }),
    },
  );
}

const wait = (milliseconds: number | undefined): string =>
  milliseconds === undefined ? "" : ` and asks to wait ${Math.ceil(milliseconds / 1000)} seconds`;
