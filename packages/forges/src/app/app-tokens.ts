import type { Clock, RetryLimits } from "@glu/core";
import { githubHeaders } from "../github-headers.ts";
import { encodePath, type ForgeRequest, type ForgeResponse, field, send } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";
import { signAppJwt } from "./app-jwt.ts";
import { type AppIdentity, readAppKey } from "./app-key.ts";
import { type AppPermissions, type AppUse, leastPermissions } from "./app-permissions.ts";
import { refuseApp, suspended } from "./app-refusals.ts";

export type { AppIdentity } from "./app-key.ts";
export { unescapedKey } from "./app-key.ts";
export type { AppUse } from "./app-permissions.ts";

export interface AppTokensOptions {
  app: AppIdentity;
  clock: Clock;
  /** From now on this is a secret. Called before a token is used. */
  mask(secret: string): void;
  fetch?: typeof fetch;
  limits?: RetryLimits;
}

/** A repository, and the API that it is asked of. */
export interface AppPlace {
  apiUrl: string;
  /** `owner/name`. */
  repository: string;
}

/** Milliseconds before its end that a token counts as over: what is begun with it must be finished. */
const margin = 5 * 60_000;

/** A token lasts an hour (https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app). */
const life = 60 * 60_000;

interface Minted {
  apiUrl: string;
  token: string;
  /** Milliseconds since the epoch. */
  until: number;
}

/**
 * Tokens of a GitHub App: each for one repository and what it is used for, made when first asked for, made again when
 * a run outlives it, and revoked at the end. The App's own proof goes to the API alone.
 */
export class AppTokens implements AsyncDisposable {
  readonly #options: AppTokensOptions;
  readonly #minted = new Map<string, Promise<Minted>>();
  readonly #installations = new Map<string, Promise<Installation>>();
  /** All that were made and still count. */
  #live: Minted[] = [];

  constructor(options: AppTokensOptions) {
    this.#options = options;
  }

  /** A token that counts for five minutes at least. @throws GluError `app/…`, OutsideError `forge/unreachable` */
  async token(place: AppPlace, use: AppUse): Promise<string> {
    const key = `${use} ${place.apiUrl} ${place.repository.toLowerCase()}`;
    const known = this.#minted.get(key);
    const made = await known?.catch(() => undefined);
    if (made !== undefined && this.#options.clock.now() < made.until) return made.token;
    // Of those that find it over at once, the first has another one made.
    const making = this.#minted.get(key);
    if (making !== undefined && making !== known) return (await making).token;
    const minted = this.#mint(place, use);
    this.#minted.set(key, minted);
    return (await minted).token;
  }

  /** What the App was given on a repository. @throws as {@link token} */
  async granted(place: AppPlace): Promise<AppPermissions> {
    return (await this.#installation(place)).permissions;
  }

  async #mint(place: AppPlace, use: AppUse): Promise<Minted> {
    const { id, permissions } = await this.#installation(place);
    const { apiUrl, repository } = place;
    const body = {
      repositories: [repository.split("/").at(-1)],
      permissions: leastPermissions(use, permissions, repository),
    };
    const path = `/app/installations/${id}/access_tokens`;
    const { token, told } = await this.#asApp(
      place,
      { method: "POST", path, body, effect: "same" },
      ({ status, json }) => {
        const token = status === 201 ? field(json, "token") : undefined;
        return token === undefined ? undefined : { token, told: Date.parse(field(json, "expires_at") ?? "") };
      },
    );
    this.#options.mask(token);
    const now = this.#options.clock.now();
    const minted = { apiUrl, token, until: Math.min(Number.isNaN(told) ? Infinity : told, now + life) - margin };
    this.#live.push(minted);
    return minted;
  }

  #installation(place: AppPlace): Promise<Installation> {
    const key = `${place.apiUrl} ${place.repository.toLowerCase()}`;
    const known = this.#installations.get(key) ?? this.#findInstallation(place);
    this.#installations.set(key, known);
    known.catch(() => this.#installations.delete(key));
    return known;
  }

  async #findInstallation(place: AppPlace): Promise<Installation> {
    const path = `/repos/${encodePath(place.repository)}/installation`;
    const found = await this.#asApp(place, { method: "GET", path }, ({ status, json }) =>
      status === 200 && typeof mappingOf(json).id === "number" ? mappingOf(json) : undefined,
    );
    const since = textOf(found.suspended_at);
    if (since !== undefined) throw suspended(place.repository, since);
    const permissions = Object.entries(mappingOf(found.permissions)).filter(([, level]) => typeof level === "string");
    return { id: found.id as number, permissions: Object.fromEntries(permissions) as AppPermissions };
  }

  /** @param read what of the answer is wanted; undefined when it is a refusal */
  async #asApp<T>(
    { apiUrl, repository }: AppPlace,
    request: Pick<ForgeRequest, "method" | "path" | "body" | "effect">,
    read: (response: ForgeResponse) => T | undefined,
  ): Promise<T> {
    const { app, clock, mask, limits, fetch } = this.#options;
    const jwt = signAppJwt(app.id, readAppKey(app.privateKey), clock.now());
    mask(jwt);
    const connection = { apiUrl, clock, ...(fetch && { fetch }), ...(limits && { limits }) };
    const response = await send({ ...request, headers: githubHeaders(jwt) }, connection);
    const wanted = read(response);
    if (wanted === undefined) throw refuseApp(response, repository, jwt, clock.now());
    return wanted;
  }

  /** Tries once: what cannot be revoked ends by itself within the hour. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#minted.values()].map((one) => one.catch(() => undefined)));
    const { clock, fetch } = this.#options;
    const limits = { attempts: 1, base: 1, longest: 1 };
    const live = this.#live.splice(0);
    await Promise.all(
      live.map(({ apiUrl, token }) =>
        send(
          { method: "DELETE", path: "/installation/token", headers: githubHeaders(token) },
          { apiUrl, clock, timeout: 5_000, limits, ...(fetch && { fetch }) },
        ).catch(() => undefined),
      ),
    );
    this.#minted.clear();
  }
}

interface Installation {
  id: number;
  permissions: AppPermissions;
}
