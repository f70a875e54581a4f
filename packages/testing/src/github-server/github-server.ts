import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Seed } from "@glu/simulation";
import type { BareFixture } from "../git/bare-fixture.ts";
import { type GithubAnswer, noPermission, notFound, ok, refused } from "./answers.ts";
import { GithubApps } from "./apps.ts";
import { changeRoutes } from "./change-routes.ts";
import { commandRoutes } from "./command-routes.ts";
import { deploymentRoutes } from "./deployment-routes.ts";
import { gitRoutes } from "./git-routes.ts";
import { GithubGraphql } from "./graphql/graphql.ts";
import { mayCall } from "./job-permissions.ts";
import { GithubOpenapi, type Json } from "./openapi.ts";
import { pullRoutes } from "./pull-routes.ts";
import { userJson } from "./resources.ts";
import { reviewRoutes } from "./review-routes.ts";
import { GithubSecondaryLimits } from "./secondary-limits.ts";
import { settingsRoutes } from "./settings-routes.ts";
import { type GithubIdentity, GithubRepository } from "./state.ts";
import { statusRoutes } from "./status-routes.ts";
import { GithubTeams } from "./teams.ts";
import { etagOf, GithubRates, linkOf } from "./traffic.ts";

/** What happens to a request instead of, or after, what it asks for. */
export interface GithubFault {
  /** Whether it was carried out all the same: only its answer is lost. */
  done?: boolean;
  /** `cut`: the connection ends in the middle of the answer. `silent`: there is never one. */
  answer: "cut" | "silent" | { status: number; headers?: Record<string, string>; text: string };
}

/** A request as the server saw it: `POST /repos/acme/config/pulls`. */
export interface GithubRequest {
  name: string;
  body: Json | undefined;
}

/**
 * GitHub on loopback, as far as it is modelled, over real Git repositories. Every request and every answer is held
 * against GitHub's own description of its API, GraphQL against its schema: what does not fit is a violation, what is not modelled is 501 and one
 * too. A test asserts at its end that there was none.
 */
export class GithubServer implements AsyncDisposable {
  readonly violations: string[] = [];
  readonly requests: GithubRequest[] = [];
  readonly rates = new GithubRates();
  readonly secondary = new GithubSecondaryLimits();
  /** Asked for each request. */
  fault: (request: GithubRequest) => GithubFault | undefined = () => undefined;
  readonly apps = new GithubApps();
  readonly teams = new GithubTeams();
  readonly #tokens = new Map<string, GithubIdentity>();
  readonly #repositories: GithubRepository[] = [];
  readonly #server: Server = this.#listener();
  readonly #others: Server[] = [];

  /** All calls that are modelled, by GitHub's names; those of GraphQL that change something by theirs. */
  static get modelled(): readonly string[] {
    return [
      ...Object.keys(routes),
      ...GithubTeams.modelled,
      ...GithubGraphql.mutations.map((name) => `POST /graphql ${name}`),
    ];
  }

  /** The one of them that a request was. */
  static routeOf({ name, body }: GithubRequest): string {
    const [method = "", path = ""] = name.split(" ");
    const mutation = GithubGraphql.mutations.find((one) => String(body?.query).includes(`${one}(`));
    if (path === "/graphql") return mutation === undefined ? name : `${name} ${mutation}`;
    return GithubOpenapi.get().route(method, path)?.name ?? name;
  }

  private constructor() {}

  #listener(): Server {
    return createServer((request, response) => {
      this.#serve(request, response).catch((error: Error) => {
        this.violations.push(String(error.stack));
        response.destroy(error);
      });
    });
  }

  static async start(): Promise<GithubServer> {
    const server = new GithubServer();
    await new Promise<void>((resolve) => void server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  /** Answers at a Unix socket, too. */
  async listenAt(path: string): Promise<void> {
    const server = this.#listener();
    this.#others.push(server);
    await new Promise<void>((resolve) => void server.listen(path, resolve));
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A token that acts as somebody; `…[bot]` for an App and for the job's own one. @param known one that is there */
  token(
    login: string,
    rights: Partial<Pick<GithubIdentity, "access" | "seesTeams" | "scopes" | "permissions">> = {},
    known?: string,
  ): string {
    const type = login.endsWith("[bot]") ? "Bot" : "User";
    const token = known ?? `${type === "Bot" ? "ghs" : "ghp"}_${this.#tokens.size}`;
    this.#tokens.set(token, { login, type, access: "write", seesTeams: type === "User", ...rights });
    return token;
  }

  /** @param content files to begin with, or a repository that is there and stays when the server is gone */
  repository(fullName: string, content: Seed | BareFixture): GithubRepository {
    const repository = new GithubRepository(fullName, content);
    this.#repositories.push(repository);
    return repository;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    const { pathname, searchParams: query } = new URL(request.url ?? "", this.apiUrl);
    const path = belowApi(pathname);
    const method = request.method ?? "";
    const body = text === "" ? undefined : (JSON.parse(text) as Json);
    const seen = { name: `${method} ${path}`, body };
    this.requests.push(seen);
    const fault = this.fault(seen);
    const act = () => this.#answer({ method, path, query, body, headers: request.headers });
    if (fault === undefined) {
      const asked = { method, path, isMutation: /^\s*mutation\b/m.test(String(body?.query ?? "")) };
      const { refusal, leave } = this.secondary.enter(request.headers.authorization ?? "", asked);
      response.on("close", leave);
      return this.#send(request, response, refusal === undefined ? act : () => refusal);
    }
    if (fault.done) act();
    const { answer } = fault;
    if (answer === "silent") return;
    if (answer === "cut") {
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" }).write('{"numb');
      setImmediate(() => response.socket?.destroy());
      return;
    }
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers }).end(answer.text);
  }

  /** With what GitHub tells beside an answer: what may still be asked, its name, where the next page is. */
  #send(
    { method, url = "", headers: asked }: IncomingMessage,
    response: ServerResponse,
    act: () => GithubAnswer,
  ): void {
    const at = new URL(url, this.apiUrl);
    let etag: string | undefined;
    const { answer, headers } = this.rates.spend(belowApi(at.pathname), () => {
      const made = act();
      if (method !== "GET" || made.status !== 200) return made;
      etag = etagOf(asked.authorization ?? "", made.body);
      return asked["if-none-match"] === etag ? { status: 304 } : made;
    });
    const { status, body, page } = answer;
    const link = page === undefined ? {} : linkOf(at, page);
    const type = { "content-type": "application/json; charset=utf-8", ...(etag === undefined ? {} : { etag }) };
    response.writeHead(status, { ...type, ...answer.headers, ...headers, ...link });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  }

  #answer({ method, path, query, body, headers }: Asked): GithubAnswer {
    const problem = (what: string): GithubAnswer => {
      this.violations.push(what);
      return refused(501, what);
    };
    if (!headers["user-agent"]) return problem(`${method} ${path}: no user-agent`);
    const bearer = /^(?:Bearer|token) (\S+)$/i.exec(headers.authorization ?? "")?.[1] ?? "";
    const route = GithubOpenapi.get().route(method, path);
    const about = route?.params.repo === undefined ? undefined : `${route.params.owner}/${route.params.repo}`;
    const ofApp = route && this.apps.answer(route.name, route.params, body ?? {}, bearer);
    if (route !== undefined && ofApp !== undefined) {
      const problems = GithubOpenapi.get().requestProblems(route.name, query, body);
      if (headers["x-github-api-version"] !== "2022-11-28") problems.push(`${method} ${path}: no version`);
      this.violations.push(...problems, ...GithubOpenapi.get().responseProblems(route.name, ofApp.status, ofApp.body));
      return ofApp;
    }
    const identity = this.#tokens.get(bearer) ?? this.apps.identityOf(bearer, about);
    if (identity === undefined) return refused(401, "Bad credentials");
    if (method === "POST" && path === "/graphql") {
      const sees = identity.access === "none" ? [] : this.#repositories;
      const context = { identity, repository: (name: string) => named(sees, name), repositories: () => sees };
      return GithubGraphql.get().answer(body ?? {}, context, (what) => this.violations.push(what));
    }
    // GitHub takes what names none for the oldest. What is ours names one.
    const isOurs = !headers["user-agent"].startsWith("GitHub CLI ");
    if (isOurs && headers["x-github-api-version"] !== "2022-11-28") return problem(`${method} ${path}: no version`);
    const openapi = GithubOpenapi.get();
    if (route === undefined) return problem(`GitHub has no ${method} ${path}`);
    const problems = openapi.requestProblems(route.name, query, body);
    if (problems.length > 0) return problem(problems.join("; "));
    const may = identity.permissions === undefined || mayCall(route.name, identity.permissions);
    if (may === undefined) return problem(`what ${route.name} takes of a job's token is not modelled`);
    const answer = may ? this.#handle(route, { identity, query, body: body ?? {} }) : noPermission;
    if (answer === undefined) return problem(`${route.name} is not modelled`);
    const { status } = answer;
    this.violations.push(...openapi.responseProblems(route.name, status, answer.body));
    return identity.scopes === undefined ? answer : { ...answer, headers: { "x-oauth-scopes": identity.scopes } };
  }

  #handle(
    { name, params }: { name: string; params: Readonly<Record<string, string>> },
    call: { identity: GithubIdentity; query: URLSearchParams; body: Json },
  ): GithubAnswer | undefined {
    const { identity } = call;
    if (name === "GET /user") {
      // Neither the job's own token nor an App is a user.
      return identity.type === "Bot" ? noPermission : ok({ ...userJson(identity), ...publicUser });
    }
    const ofTeam = this.teams.answer(name, params, identity);
    if (ofTeam !== undefined) return ofTeam;
    const handler = routes[name];
    if (handler === undefined) return undefined;
    const repository = named(this.#repositories, `${params.owner}/${params.repo}`);
    if (repository === undefined || identity.access === "none") return notFound;
    return handler({ ...call, repository, params });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of [this.#server, ...this.#others]) {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    }
    for (const repository of this.#repositories) repository[Symbol.dispose]();
  }
}

/** On a server of one's own the API lies below a path. */
const belowApi = (path: string): string => path.replace(/^\/api\/(?:v3\/|(?=graphql$))/, "/");

/** The calls that are modelled; all others are 501. */
const routes: typeof pullRoutes = {
  ...pullRoutes,
  ...statusRoutes,
  ...deploymentRoutes,
  ...changeRoutes,
  ...commandRoutes,
  ...reviewRoutes,
  ...settingsRoutes,
  ...gitRoutes,
};

function named(repositories: readonly GithubRepository[], name: string): GithubRepository | undefined {
  return repositories.find(({ fullName }) => fullName.toLowerCase() === name.toLowerCase());
}

interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Json | undefined;
  headers: IncomingMessage["headers"];
}

const publicUser = {
  name: null,
  company: null,
  blog: null,
  location: null,
  email: null,
  hireable: null,
  bio: null,
  public_repos: 0,
  public_gists: 0,
  followers: 0,
  following: 0,
  created_at: "2020-01-01T00:00:00Z",
  updated_at: "2020-01-01T00:00:00Z",
};
