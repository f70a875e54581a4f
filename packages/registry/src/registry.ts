import { createHash } from "node:crypto";
import {
  type Clock,
  type Digest,
  digest,
  OutsideError,
  type Registry,
  type RetryLimits,
  retryLimits,
  retryTransient,
  UserError,
} from "@glu/core";
import { parseChallenges } from "./challenge.ts";
import type { CredentialStore, Credentials } from "./credentials.ts";
import { type HttpOptions, type HttpResponse, send } from "./http.ts";
import { locate, parseReference, type RegistryLocation, registryUrl } from "./reference.ts";
import { basicAuth, fetchToken, unauthorised } from "./token.ts";

/** Everything a tag can point to that has a digest of its own bytes. The index comes first: all platforms at once. */
export const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
] as const;

export interface RegistryOptions {
  /** Tried first; where they are not accepted the registry is asked anonymously. */
  credentials: CredentialStore;
  clock: Clock;
  fetch?: typeof fetch;
  /** Milliseconds for one request; default 30,000. */
  timeout?: number;
  limits?: RetryLimits;
}

/**
 * A registry that speaks the OCI distribution spec
 * (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests).
 */
export function createRegistry(options: RegistryOptions): Registry {
  const http: HttpOptions = { fetch: options.fetch ?? fetch, clock: options.clock, timeout: options.timeout ?? 30_000 };
  const retry = <T>(task: () => Promise<T>) => retryTransient(options.clock, task, options.limits ?? retryLimits);
  /** The `Authorization` that worked, by host and repository: an artifact often has several images of one. */
  const known = new Map<string, string>();

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

  async function ask(method: "HEAD" | "GET", at: RegistryLocation, tag: string): Promise<HttpResponse> {
    const url = `${registryUrl(at.host)}/v2/${at.repository}/manifests/${tag}`;
    const key = `${at.host}/${at.repository}`;
    const request = (authorization: string | undefined) => {
      const headers = { accept: manifestTypes.join(", "), ...(authorization === undefined ? {} : { authorization }) };
      return retry(() => send({ method, url, headers }, http));
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
    async resolve(name: string, tag: string): Promise<Digest> {
      const image = parseReference(`${name}:${tag}`);
      if (image.name !== name || image.tag !== tag) {
        throw new UserError("input/image", `${JSON.stringify(`${name}:${tag}`)} is not a name and a tag.`, {
          seen: { name, tag },
          fix: "Give the name without a tag and the tag by itself.",
        });
      }
      const at = locate(name);
      const head = await ask("HEAD", at, tag);
      const promised = head.headers.get("docker-content-digest");
      if (head.status === 200 && promised !== null && isManifest(head)) return checkedDigest(promised, at);
      // Only the answer to GET says what is wrong; and some registries know no HEAD, or send no digest with it.
      const got = await ask("GET", at, tag);
      if (got.status === 404) throw notFound(name, tag, got);
      if (got.status === 403) {
        throw unauthorised(at.host, at.repository, options.credentials(at.host) !== undefined, got.status);
      }
      if (got.status !== 200 || !isManifest(got)) throw unexpected(name, tag, got);
      const actual = digest(`sha256:${createHash("sha256").update(got.body).digest("hex")}`);
      const header = got.headers.get("docker-content-digest");
      if (header !== null && header !== actual) throw tampered(name, tag, header, actual);
      return actual;
    },
  };
}

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

function isManifest({ headers }: HttpResponse): boolean {
  const type = (headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase();
  return manifestTypes.some((known) => known === type);
}

function checkedDigest(text: string, at: RegistryLocation): Digest {
  if (/^sha256:[0-9a-f]{64}$/.test(text)) return digest(text);
  throw new OutsideError("registry/unexpected", `${at.host} sends a digest that is none.`, {
    seen: text.slice(0, 100),
    fix: "Give the image as name@sha256:….",
  });
}

function notFound(name: string, tag: string, response: HttpResponse): OutsideError {
  const noName = response.body.toString("utf8").includes("NAME_UNKNOWN");
  return new OutsideError("registry/not-found", `${name}:${tag} does not exist in the registry.`, {
    seen: `${name}:${tag}`,
    fix: noName
      ? "The registry knows no image of this name: check it, and that the build has pushed."
      : "Check the tag, and that the push comes before this step in the pipeline.",
  });
}

function unexpected(name: string, tag: string, { status, headers }: HttpResponse): OutsideError {
  const type = headers.get("content-type") ?? "no content type";
  return new OutsideError("registry/unexpected", `The registry's answer for ${name}:${tag} is no manifest.`, {
    seen: `${status}, ${type}`,
    fix: "Push the image again with a current tool (schema 1 manifests have no stable digest), or give name@sha256:….",
  });
}

function tampered(name: string, tag: string, header: string, actual: string): OutsideError {
  return new OutsideError(
    "registry/digest-mismatch",
    `The registry's manifest of ${name}:${tag} is not what it says.`,
    {
      seen: { header: header.slice(0, 100), actual },
      fix: "Something between here and the registry changes the content. Do not deploy this image.",
    },
  );
}
