import type { CiContext } from "@glu/core";
import type { Credentials } from "@glu/git";
import type { Env } from "../surroundings.ts";
import { AppAccess, type Needs } from "./app-access.ts";
import { hostOf } from "./host-of.ts";

export { hostOf };

/** Where a token came from, for messages. */
export type TokenSource = "input" | "GLU_TOKEN" | "app" | "host" | "none";

export interface Token {
  source: TokenSource;
  value: string | undefined;
  /** The user name that goes with it over Git's HTTP. */
  username: string | undefined;
  /** The GitHub App that makes tokens; `value` and `username` are then the host's own, for where the App does not serve. */
  app?: AppAccess | undefined;
}

/**
 * The `token` input, else `GLU_TOKEN`, else a GitHub App's, else the host's own.
 * @param needs of an App: a command that only reads is given no token that could write
 */
export function findToken(
  input: string | undefined,
  hostToken: string | undefined,
  env: Env,
  host: CiContext["host"],
  needs: Needs = "write",
): Token {
  if (input) return { source: "input", value: input, username: undefined };
  if (env.GLU_TOKEN) return { source: "GLU_TOKEN", value: env.GLU_TOKEN, username: undefined };
  const own = ownToken(hostToken, env, host);
  const app = AppAccess.in(env, needs);
  return app === undefined ? own : { ...own, source: "app", app };
}

/** The job's own, whatever else was given. */
export function ownToken(hostToken: string | undefined, env: Env, host: CiContext["host"]): Token {
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
  if (token.value === undefined || !mayGoTo(location, serverUrl, namedIn)) return undefined;
  // Beside an App there is the host's own.
  const isHosts = token.source === "host" || token.source === "app";
  if (isHosts && (serverUrl === undefined || new URL(location).origin !== new URL(serverUrl).origin)) return undefined;
  return { token: token.value, ...(token.username === undefined ? {} : { username: token.username }) };
}

/**
 * Whether a token that is not the host's own may be sent to a location: by HTTPS, and not where only a config leads.
 * @param namedIn as for {@link credentialsFor}
 */
export function mayGoTo(location: string, serverUrl: string | undefined, namedIn?: string): boolean {
  if (!/^https?:\/\//i.test(location)) return false;
  const url = new URL(location);
  const isOwn = serverUrl !== undefined && url.origin === new URL(serverUrl).origin;
  if (namedIn !== undefined && !isOwn && url.host !== hostOf(namedIn)) return false;
  return isOwn || url.protocol === "https:" || isLoopback(url.hostname);
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\./.test(host);
}
