import { OutsideError } from "@glu/core";
import type { Challenge } from "./challenge.ts";
import type { Credentials } from "./credentials.ts";
import { type HttpOptions, send } from "./http.ts";

export function basicAuth({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** The error for credentials that are missing or not accepted; it never names them. */
export function unauthorised(host: string, repository: string, known: boolean, status: number): OutsideError {
  const why = known ? "the credentials for it are not accepted or may not read it" : "no credentials are known for it";
  return new OutsideError("registry/unauthorised", `${host} does not let us read ${repository} (${status}): ${why}.`, {
    seen: `${host}/${repository}`,
    fix:
      "Log in before this step (docker login), or give the image as name@sha256:… so that the registry need not be " +
      "asked. On GitHub the job needs 'permissions: packages: read' for ghcr.io. Many registries also answer like " +
      "this when the image does not exist.",
  });
}

function tokenOf(body: Buffer): string | undefined {
  try {
    const { token, access_token } = JSON.parse(body.toString("utf8")) as Record<string, unknown>;
    const found = token || access_token;
    // What could not stand in a header is no token.
    return typeof found === "string" && /^[\x21-\x7e]+$/.test(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Credentials go to a token server only over TLS, except from one loopback server to another. */
function realmUrl(realm: string, registry: string): URL | undefined {
  if (!URL.canParse(realm)) return undefined;
  const url = new URL(realm);
  const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
  const local = registry.startsWith("http:") && loopback.test(url.hostname);
  const plain = url.username === "" && url.password === "";
  return plain && (url.protocol === "https:" || (url.protocol === "http:" && local)) ? url : undefined;
}

export interface TokenRequest {
  challenge: Challenge;
  /** Base URL of the registry that sent the challenge. */
  registry: string;
  repository: string;
  credentials: Credentials | undefined;
}

/**
 * Follows a bearer challenge (https://distribution.github.io/distribution/spec/auth/token/; with an identity token
 * https://distribution.github.io/distribution/spec/auth/oauth/) and returns the `Authorization` to send.
 * @throws OutsideError `registry/unauthorised`, `registry/unreachable`.
 */
export async function fetchToken(request: TokenRequest, options: HttpOptions): Promise<string> {
  const { challenge, registry, repository, credentials } = request;
  const { host } = new URL(registry);
  const url = realmUrl(challenge.parameters.get("realm") ?? "", registry);
  if (url === undefined) {
    throw new OutsideError("registry/unauthorised", `${host} names no token server that credentials may be sent to.`, {
      seen: challenge.parameters.get("realm"),
      fix: "The registry must answer 401 with 'WWW-Authenticate: Bearer realm=\"https://…\"'.",
    });
  }
  const { onlyAt } = credentials ?? {};
  if (onlyAt !== undefined && ![host, ...onlyAt].includes(url.host)) {
    throw new OutsideError("registry/unauthorised", `${host} names a token server that this job's token is not for.`, {
      seen: url.host,
      fix: "Log in before this step (docker login): what is given on purpose is sent where the registry says.",
    });
  }
  const service = challenge.parameters.get("service");
  // Never the scope that the server suggests: reading this repository is all we need.
  const scope = `repository:${repository}:pull`;
  const parameters = { ...(service === undefined ? {} : { service }), scope };
  const withIdentity = credentials !== undefined && "identityToken" in credentials;
  if (!withIdentity) for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const response = withIdentity
    ? await send(
        {
          method: "POST",
          url: url.href,
          headers: { "content-type": "application/x-www-form-urlencoded" },
          body: new URLSearchParams({
            ...parameters,
            grant_type: "refresh_token",
            client_id: "glu",
            refresh_token: credentials.identityToken,
          }).toString(),
        },
        options,
      )
    : await send(
        { method: "GET", url: url.href, headers: credentials ? { authorization: basicAuth(credentials) } : {} },
        options,
      );
  const token = response.status === 200 ? tokenOf(response.body) : undefined;
  if (token === undefined) throw unauthorised(host, repository, credentials !== undefined, response.status);
  return `Bearer ${token}`;
}
