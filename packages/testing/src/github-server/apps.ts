import { type KeyObject, verify } from "node:crypto";
import { type GithubAnswer, notFound, ok, refused } from "./answers.ts";
import { GithubOpenapi, type Json } from "./openapi.ts";
import { userJson } from "./resources.ts";
import type { GithubIdentity } from "./state.ts";

/** A GitHub App and its one installation. */
export interface GithubApp {
  /** Client id or number. */
  id: string;
  slug: string;
  publicKey: KeyObject;
  /** What the installation was given. */
  permissions: Readonly<Record<string, string>>;
  /** `owner/name` of those that it is installed for. */
  repositories: readonly string[];
  suspendedAt: string | null;
}

/** A token of an installation. */
export interface InstallationToken {
  app: GithubApp;
  token: string;
  permissions: Readonly<Record<string, string>>;
  repositories: readonly string[];
  /** Milliseconds since the epoch. */
  until: number;
  revoked: boolean;
}

const installationOf = "GET /repos/{owner}/{repo}/installation";
const makeToken = "POST /app/installations/{installation_id}/access_tokens";
const revokeToken = "DELETE /installation/token";

/** Apps of the GitHub on loopback: it looks at signatures, times, repositories and permissions as GitHub does. */
export class GithubApps {
  readonly apps: GithubApp[] = [];
  readonly tokens: InstallationToken[] = [];
  /** Its clock. */
  now: () => number = () => Date.now();

  add(app: Omit<GithubApp, "suspendedAt">): GithubApp {
    const added = { ...app, suspendedAt: null };
    this.apps.push(added);
    return added;
  }

  tokenOf(bearer: string): InstallationToken | undefined {
    return this.tokens.find(({ token, until, revoked }) => token === bearer && !revoked && this.now() < until);
  }

  /** Whom a token acts as; on a repository that it was not made for it sees nothing. */
  identityOf(bearer: string, repository: string | undefined): GithubIdentity | undefined {
    const found = this.tokenOf(bearer);
    if (found === undefined) return undefined;
    const { pull_requests, contents, members } = found.permissions;
    const isIts = repository === undefined || found.repositories.some((one) => sameName(one, repository));
    const access = isIts ? ((pull_requests ?? contents ?? "read") as "read" | "write") : "none";
    return { login: `${found.app.slug}[bot]`, type: "Bot", access, seesTeams: members !== undefined };
  }

  /** The answer to a call that is about Apps; undefined for any other. */
  answer(name: string, params: Readonly<Record<string, string>>, body: Json, bearer: string): GithubAnswer | undefined {
    if (name === revokeToken) {
      const found = this.tokenOf(bearer);
      if (found === undefined) return refused(401, "Bad credentials");
      found.revoked = true;
      return { status: 204 };
    }
    if (name !== installationOf && name !== makeToken) return undefined;
    const app = this.#appOf(bearer);
    if ("status" in app) return app;
    if (name === installationOf) {
      const wanted = `${params.owner}/${params.repo}`;
      const isInstalled = app.repositories.some((one) => sameName(one, wanted));
      return isInstalled ? ok(this.#installation(app)) : notFound;
    }
    return Number(params.installation_id) === this.#idOf(app) ? this.#mint(app, body) : notFound;
  }

  #mint(app: GithubApp, body: Json): GithubAnswer {
    if (app.suspendedAt !== null) return refused(403, "This installation has been suspended");
    const names = (body.repositories as string[] | undefined) ?? app.repositories.map((one) => one.split("/")[1] ?? "");
    const repositories = names.map((name) => app.repositories.find((one) => sameName(one.split("/")[1] ?? "", name)));
    if (repositories.includes(undefined)) {
      return refused(
        422,
        "There is at least one repository that does not exist or is not accessible to the parent installation.",
      );
    }
    const permissions = (body.permissions as Record<string, string> | undefined) ?? app.permissions;
    const beyond = Object.entries(permissions).some(
      ([name, level]) => app.permissions[name] !== level && app.permissions[name] !== "write",
    );
    if (beyond) return refused(422, "The permissions requested are not granted to this installation.");
    const until = this.now() + 3600_000;
    const token = `ghs_app${this.tokens.length}`;
    this.tokens.push({ app, token, permissions, repositories: repositories as string[], until, revoked: false });
    return ok({ token, expires_at: whole(until), permissions, repository_selection: "selected" }, 201);
  }

  #appOf(bearer: string): GithubApp | GithubAnswer {
    const [head = "", claims = "", signature = ""] = bearer.split(".");
    const undecoded = refused(401, "A JSON web token could not be decoded");
    if (signature === "") return undecoded;
    const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as Json;
    const { iat, exp, iss } = read(claims) as { iat: number; exp: number; iss: unknown };
    const app = this.apps.find(({ id }) => id === iss);
    const signed = Buffer.from(`${head}.${claims}`);
    if (app === undefined) return refused(404, "Integration not found");
    if (read(head).alg !== "RS256") return undecoded;
    if (!verify("sha256", signed, app.publicKey, Buffer.from(signature, "base64url"))) return undecoded;
    const now = this.now() / 1000;
    if (!Number.isInteger(iat) || iat > now) {
      return refused(
        401,
        "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
      );
    }
    if (exp > now + 600) return refused(401, "'Expiration time' claim ('exp') is too far in the future");
    if (exp <= now) {
      return refused(
        401,
        "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
      );
    }
    return app;
  }

  #idOf(app: GithubApp): number {
    return 100 + this.apps.indexOf(app);
  }

  #installation(app: GithubApp): Json {
    const { owner } = { owner: app.repositories[0]?.split("/")[0] ?? "" };
    return {
      ...GithubOpenapi.get().example("installation"),
      id: this.#idOf(app),
      app_slug: app.slug,
      account: userJson({ login: owner, type: "User" }),
      permissions: app.permissions,
      suspended_at: app.suspendedAt,
      suspended_by: null,
    };
  }
}

const whole = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;
const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
