import {
  type ApiCalls,
  type Clock,
  OutsideError,
  parseRetryAfter,
  type RetryLimits,
  retryLimits,
  retryTransient,
} from "@glu/core";
import { exhausted, identityOf, inTurn, learn, minuteOf, refuseToBegin, spend, useOf } from "./budget.ts";
import { limitedBy, limitsOf } from "./limits.ts";
import { type Remembered, rememberAnswer, rememberedAnswer } from "./remembered.ts";

export interface ForgeConnection {
  /** Without a slash at the end, e.g. `https://api.github.com`, `https://gitlab.com/api/v4`. */
  apiUrl: string;
  clock: Clock;
  fetch?: typeof fetch;
  /** Milliseconds for one request; default 30,000. */
  timeout?: number;
  limits?: RetryLimits;
  /** What is asked finishes what was begun: it is read, too, when little of a limit is left. Default: false. */
  finishing?: boolean;
  /** What this run asks of APIs; undefined: it is not counted, and nothing is remembered. */
  calls?: ApiCalls | undefined;
}

export interface ForgeRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the API's URL; its variable parts are encoded by the caller. */
  path: string;
  headers: Record<string, string>;
  body?: unknown;
  /** Ends it: nothing is waited for or tried again then. */
  signal?: AbortSignal;
  /**
   * What a second one does where the first was heard: nothing at all, since it only reads; the same again; or one more,
   * such as a second comment. What makes one more is not sent again when it is not known whether it was heard, see
   * {@link unlessItStands}. Default: GET and a query of GraphQL read, POST makes one more, all others the same.
   */
  effect?: "reads" | "same" | "more";
  /** For a GET that each run makes: the answer is kept for the next, which is told whether anything has changed. */
  remember?: boolean;
}

export interface ForgeResponse {
  status: number;
  headers: Headers;
  /** The JSON, or `undefined` for another answer. */
  json: unknown;
}

/** As Node names it that a certificate is not trusted (https://nodejs.org/api/tls.html#x509-certificate-error-codes). */
const isOfCertificate = /^(?:CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|ERR_TLS_CERT_|HOSTNAME_MISMATCH)/;

/** A call without an answer that can be used. */
class Unanswered extends OutsideError {
  /** Whether it may have been carried out all the same. */
  readonly unclear: boolean;

  constructor(
    apiUrl: string,
    why: string,
    { unclear, ...extra }: { unclear: boolean; cause?: unknown; retryAfter?: number; transient?: boolean },
  ) {
    const { host } = new URL(apiUrl);
    super("forge/unreachable", `${host} cannot be asked: ${why}.`, {
      seen: host,
      fix: /\bproxy answers 407\b/.test(why)
        ? "Give the proxy's name and password in its address, percent-encoded: http://name:password@proxy.example:3128."
        : isOfCertificate.test(why)
          ? "Let NODE_EXTRA_CA_CERTS name a file with the certificate of its authority, in PEM, before the process starts."
          : why.startsWith("the proxy ")
            ? "Look at the proxy that https_proxy, http_proxy or all_proxy names, or name the server in no_proxy."
            : "Try again later, and check that this machine can reach it.",
      transient: true,
      ...extra,
    });
    this.unclear = unclear;
  }
}

function causeOf(error: unknown): (Error & { code?: unknown }) | undefined {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause : undefined;
}

function reasonOf(error: unknown): string {
  const cause = causeOf(error);
  if (cause === undefined) return "the connection failed";
  if (cause.name === "TimeoutError") return "it did not answer in time";
  return typeof cause.code === "string" && !cause.message.startsWith("the proxy ") ? cause.code : cause.message;
}

/** Where there was never a connection, nothing was heard. */
const neverConnected = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

function effectOf({ method, path, body, effect }: ForgeRequest): "reads" | "same" | "more" {
  if (effect !== undefined) return effect;
  if (path === "/graphql") return isMutation(body) ? "same" : "reads";
  return method === "GET" ? "reads" : method === "POST" ? "more" : "same";
}

/** Those of GraphQL that are made here name what they change, and what it was before. */
function isMutation(body: unknown): boolean {
  const { query } = (typeof body === "object" && body !== null ? body : {}) as { query?: unknown };
  return typeof query !== "string" || /^\s*mutation\b/m.test(query);
}

async function fetchOnce(
  request: ForgeRequest,
  { apiUrl, timeout = 30_000, ...connection }: ForgeConnection,
  known: Remembered | undefined,
): Promise<{ status: number; headers: Headers; text: string }> {
  const late = AbortSignal.timeout(timeout);
  const condition: Record<string, string> = known === undefined ? {} : { "if-none-match": known.etag };
  try {
    const response = await (connection.fetch ?? fetch)(`${apiUrl}${request.path}`, {
      method: request.method,
      headers: { accept: "application/json", "user-agent": "glu-actions", ...request.headers, ...condition },
      // A renamed repository answers with a redirect. It is never followed: a token would go along.
      redirect: "manual",
      signal: request.signal === undefined ? late : AbortSignal.any([late, request.signal]),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (cause) {
    if (request.signal?.aborted) {
      const why = "it was not waited for any longer";
      throw new Unanswered(apiUrl, why, { cause, transient: false, unclear: true });
    }
    // Such as of a proxy that is none of HTTP: it says itself what to do, and another try does not help.
    if (cause instanceof OutsideError) throw cause;
    const code = String(causeOf(cause)?.code);
    const unclear = !neverConnected.test(code) && !isOfCertificate.test(code);
    throw new Unanswered(apiUrl, reasonOf(cause), { cause, unclear });
  }
}

/** @param tries how many attempts were made, this one included */
async function attempt(request: ForgeRequest, connection: ForgeConnection, tries: number): Promise<ForgeResponse> {
  const { apiUrl, clock, calls, limits = retryLimits } = connection;
  const identity = identityOf(request.headers);
  const use = calls === undefined ? undefined : useOf(calls, apiUrl, identity);
  const reads = effectOf(request) === "reads";
  const place = { url: `${apiUrl}${request.path}`, headers: request.headers, keep: request.remember === true };
  const known = calls === undefined || request.method !== "GET" ? undefined : await rememberedAnswer(calls, place);
  const ask = async () => {
    if (use !== undefined)
      await spend(
        use,
        { path: request.path, reads: reads && !connection.finishing },
        { clock, longest: limits.longest },
      );
    return fetchOnce(request, connection, known);
  };
  // The version is GitHub's alone to be told.
  const isPaced = use !== undefined && !reads && request.headers["x-github-api-version"] !== undefined;
  const { status, headers, text } = await (isPaced ? inTurn(use, clock, ask) : ask());
  if (use !== undefined) learn(use, status, headers);
  if (status === 304 && known !== undefined) return known.answer(headers);
  let json: unknown;
  try {
    json = text === "" ? undefined : JSON.parse(text);
  } catch {
    // An error page of a proxy: the status says enough, and its text is not ours to repeat.
    json = undefined;
  }
  const limited = limitedBy({ status, headers, json }, clock.now(), tries);
  if (limited !== undefined) {
    const { retryAfter } = limited;
    const [limit] = limitsOf(headers);
    const isLong = retryAfter !== undefined && retryAfter > limits.longest;
    if (limited.exhausted && isLong && limit !== undefined) {
      throw exhausted(use ?? useOf({ uses: new Map(), memory: undefined }, apiUrl, identity), limit);
    }
    const until = isLong ? ` until ${minuteOf(clock.now() + retryAfter)}` : "";
    throw new Unanswered(apiUrl, `it answers ${status} (too many requests)${until}`, {
      unclear: false,
      ...(retryAfter === undefined ? {} : { retryAfter }),
    });
  }
  if ([500, 502, 503, 504].includes(status)) {
    const after = parseRetryAfter(headers.get("retry-after"), clock.now());
    throw new Unanswered(apiUrl, `it answers ${status}`, {
      unclear: true,
      ...(after === undefined ? {} : { retryAfter: after }),
    });
  }
  if (calls !== undefined && request.method === "GET" && status === 200 && json !== undefined) {
    await rememberAnswer(calls, place, { headers, json });
  }
  return { status, headers, json };
}

/**
 * One call of a forge's API with retries. What is not known to have failed, and would be there twice when it is made
 * again (`effect`), is not: its error says so.
 * @throws OutsideError `forge/unreachable`, `forge/unclear`, `forge/budget-exhausted`
 */
export function send(request: ForgeRequest, connection: ForgeConnection): Promise<ForgeResponse> {
  let tries = 0;
  const { clock, limits = retryLimits } = connection;
  const once = (): Promise<ForgeResponse> =>
    attempt(request, connection, ++tries).catch((error: unknown) => {
      const isUnclear = error instanceof Unanswered && error.unclear;
      throw isUnclear && effectOf(request) === "more" ? unclear(error) : error;
    });
  return retryTransient(clock, once, limits);
}

function unclear({ message, seen }: OutsideError): OutsideError {
  return new OutsideError("forge/unclear", `Whether it was done is not known: ${message}`, {
    seen,
    fix: "Look whether it was done; if not, run again.",
  });
}

/**
 * Before something is begun that takes more calls than this one, which answered last.
 * @throws OutsideError `forge/budget-exhausted` when it could not be finished
 */
export function assertCanBegin(
  { path, headers }: Pick<ForgeRequest, "path" | "headers">,
  { apiUrl, calls, clock, limits = retryLimits }: ForgeConnection,
): void {
  if (calls === undefined) return;
  refuseToBegin(useOf(calls, apiUrl, identityOf(headers)), path, { clock, longest: limits.longest });
}

/** One request, sent once. */
export type SendOnce = (request: ForgeRequest) => Promise<ForgeResponse>;

/**
 * Makes what must not be there twice: when an answer gets lost, the whole is done again from the look whether it stands,
 * and not the making alone.
 * @param task looks, and makes it unless it stands
 */
export function unlessItStands<T>(connection: ForgeConnection, task: (once: SendOnce) => Promise<T>): Promise<T> {
  let tries = 0;
  const { clock, limits = retryLimits } = connection;
  return retryTransient(
    clock,
    () => {
      tries += 1;
      return task((request) => attempt(request, connection, tries));
    },
    limits,
  );
}

/** The forge's own message, for the `seen` of an error; short, and never with the token in it. */
export function messageOf({ status, json }: ForgeResponse, token: string): string {
  const { message, error } = (typeof json === "object" && json !== null ? json : {}) as Record<string, unknown>;
  const found = message ?? error;
  const text = found === undefined ? "" : typeof found === "string" ? found : JSON.stringify(found);
  const said = text
    .replaceAll(token, "***")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .slice(0, 300);
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
