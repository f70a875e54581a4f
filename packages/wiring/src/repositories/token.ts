import type { CiContext } from "@glu/core";
import type { Credentials } from "@glu/git";
import type { Env } from "../surroundings.ts";

/** Where a token came from, for messages. */
export type TokenSource = "input" | "GLU_TOKEN" | "host" | "none";

export interface Token {
  source: TokenSource;
  value: string | undefined;
  /** The user name that goes with it over Git's HTTP. */
  username: string | undefined;
}

/** The `token` input, else `GLU_TOKEN`, else the host's own. */
export function findToken(
  input: string | undefined,
  hostToken: string | undefined,
  env: Env,
  host: CiContext["host"],
): Token {
  if (input) return { source: "input", value: input, username: undefined };
  if (env.GLU_TOKEN) return { source: "GLU_TOKEN", value: env.GLU_TOKEN, username: undefined };
  if (host === "gitlab" && env.CI_JOB_TOKEN)
    return { source: "host", value: env.CI_JOB_TOKEN, username: "gitlab-ci-token" };
  const own = hostToken || env.GITHUB_TOKEN;
  if (host !== "terminal" && own) return { source: "host", value: own, username: undefined };
  return { source: "none", value: undefined, username: undefined };
}

/**
 * The credentials to send to a location. The host's own token is for the host's own forge: it is never sent elsewhere,
 * and no token is ever sent over plain HTTP but to this machine.
 * @param namedIn the config repository whose config names the location, when it was no input: a config sends no token
 * to another server than its own or the host's
 */
export function credentialsFor(
  location: string,
  token: Token,
  serverUrl: string | undefined,
  namedIn?: string,
): Credentials | undefined {
  if (token.value === undefined || !/^https?:\/\//i.test(location)) return undefined;
  const url = new URL(location);
  const server = serverUrl === undefined ? undefined : new URL(serverUrl);
  if (token.source === "host" && url.origin !== server?.origin) return undefined;
  if (namedIn !== undefined && url.origin !== server?.origin && url.host !== hostOf(namedIn)) return undefined;
  if (url.protocol === "http:" && !isLoopback(url.hostname) && url.origin !== server?.origin) return undefined;
  return { token: token.value, ...(token.username === undefined ? {} : { username: token.username }) };
}

/** Host and port of an HTTP URL, else the host of an SSH address; undefined for a path. */
export function hostOf(location: string): string | undefined {
  if (/^https?:\/\//i.test(location)) return new URL(location).host;
  return /^ssh:\/\/(?:[^/@]*@)?([^/:]+)/i.exec(location)?.[1] ?? /^[^/@]+@([^:/]+):/.exec(location)?.[1];
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\./.test(host);
}
