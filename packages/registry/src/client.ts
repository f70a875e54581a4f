import { type Clock, type HttpMemory, OutsideError, type RetryLimits, retryLimits, retryTransient } from "@glu/core";
import { parseChallenges } from "./challenge.ts";
import type { CredentialStore, Credentials } from "./credentials.ts";
import { type HttpOptions, type HttpResponse, send } from "./http.ts";
import { type RegistryLocation, registryUrl } from "./reference.ts";
import { basicAuth, fetchToken, unauthorised } from "./token.ts";

export interface RegistryOptions {
  /** Tried first; where they are not accepted the registry is asked anonymously. */
  credentials: CredentialStore;
  clock: Clock;
  fetch?: typeof fetch;
  /** Milliseconds for one request; default 30,000. */
  timeout?: number;
  limits?: RetryLimits;
  /** What earlier runs were told of the tags of images; none: each list is read anew. */
  memory?: HttpMemory;
}

export interface RegistryQuestion {
  method: "HEAD" | "GET";
  /** Below `/v2/<repository>/`, with its query. */
  path: string;
  accept: string;
  /** The ETag of an earlier answer: where it is still that one, the status is 304 (RFC 9110, 13.1.2). */
  unless?: string | undefined;
  /** Bytes of the answer; default 4 MiB, the limit of the OCI distribution spec for manifests. */
  limit?: number;
}

export interface RegistryClient {
  /**
   * Answers of any status below 500 but 401 and 429.
   * @throws OutsideError `registry/unauthorised`, `registry/unreachable`
   */
  ask(at: RegistryLocation, question: RegistryQuestion): Promise<HttpResponse>;
  /** The error for a 403. */
  denied(at: RegistryLocation, status: number): OutsideError;
}

/** Asks registries with what each of them accepts: a token that it hands out for a challenge, a password, or nothing. */
export function createClient(options: RegistryOptions): RegistryClient {
  const http: HttpOptions = { fetch: options.fetch ?? fetch, clock: options.clock, timeout: options.timeout ?? 30_000 };
  const retry = <T>(task: () => Promise<T>) => retryTransient(options.clock, task, options.limits ?? retryLimits);
  /** The `Authorization` that worked, by host and repository: an artifact often has several images of one. */
  const known = new Map<string, string>();

  /** Registries that were given up: who has many images there does not wait as long for each of them. */
  const down = new Map<string, OutsideError>();

  async function unlessDown(host: string, task: () => Promise<HttpResponse>): Promise<HttpResponse> {
    const known = down.get(host);
    if (known !== undefined) throw known;
    try {
      return await retry(task);
    } catch (error) {
      if (error instanceof OutsideError && error.transient && isOfHost(error, host)) down.set(host, error);
      throw error;
    }
  }

  async function authorise(
    at: RegistryLocation,
    response: HttpResponse,
    credentials: Credentials | undefined,
  ): Promise<string> {
    const challenges = parseChallenges(response.headers.get("www-authenticate") ?? "");
    const bearer = challenges.find(({ scheme }) => scheme === "bearer");
    const registry = registryUrl(at.host);
    if (bearer !== undefined) {
      return retry(() => fetchToken({ challenge: bearer, registry, repository: at.repository, credentials }, http));
    }
    const basic = challenges.some(({ scheme }) => scheme === "basic");
    if (basic && credentials !== undefined && "username" in credentials) return basicAuth(credentials);
    throw unauthorised(at.host, at.repository, credentials !== undefined, response.status);
  }

  async function ask(at: RegistryLocation, question: RegistryQuestion): Promise<HttpResponse> {
    const { method, path, accept, unless, limit } = question;
    const url = `${registryUrl(at.host)}/v2/${at.repository}/${path}`;
    const key = `${at.host}/${at.repository}`;
    const request = (authorization: string | undefined) => {
      const condition: Record<string, string> = unless === undefined ? {} : { "if-none-match": unless };
      const headers = { accept, ...condition, ...(authorization === undefined ? {} : { authorization }) };
      const asked = { method, url, headers, ...(limit === undefined ? {} : { limit }) };
      return unlessDown(at.host, () => send(asked, http));
    };
    const first = await request(known.get(key));
    if (first.status !== 401) return first;
    known.delete(key);
    const attempt = async (credentials: Credentials | undefined): Promise<HttpResponse> => {
      const authorization = await authorise(at, first, credentials);
      const second = await request(authorization);
      if (second.status === 401) throw unauthorised(at.host, at.repository, credentials !== undefined, second.status);
      if (second.status !== 403) known.set(key, authorization);
      return second;
    };
    const credentials = options.credentials(at.host);
    if (credentials === undefined) return attempt(undefined);
    // Nobody gave this credential for this image: it lay there, and may be old. A public image needs none.
    const withIt = await settle(attempt(credentials));
    if (!isDenied(withIt)) return withIt.result;
    const without = await settle(attempt(undefined));
    return isDenied(without) ? withIt.result : without.result;
  }

  return {
    ask,
    denied: (at, status) => unauthorised(at.host, at.repository, options.credentials(at.host) !== undefined, status),
  };
}

/** Whether the registry asks everybody to slow down or is not there, and not one image of it. */
const isOfHost = ({ seen }: OutsideError, host: string): boolean => seen === 429 || seen === host;

/** What an attempt came to; its promise gives the answer or throws. */
interface Settled {
  result: Promise<HttpResponse>;
  answer: HttpResponse | undefined;
  error: unknown;
}

async function settle(result: Promise<HttpResponse>): Promise<Settled> {
  try {
    return { result, answer: await result, error: undefined };
  } catch (error) {
    return { result, answer: undefined, error };
  }
}

function isDenied({ answer, error }: Settled): boolean {
  return answer?.status === 403 || (error instanceof OutsideError && error.code === "registry/unauthorised");
}
