import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { BareFixture } from "../git/bare-fixture.ts";
import type { Role, Scope } from "./answers.ts";
import {
  answer,
  emailOf,
  type GitlabAnswer,
  type GitlabCall,
  type GitlabUser,
  type Json,
  refusal,
  userEntity,
} from "./answers.ts";
import { CommitStatuses } from "./commit-statuses.ts";
import { Deployments } from "./deployments.ts";
import { breakAnswer, type Fault } from "./faults.ts";
import { GitlabGroups } from "./groups.ts";
import { MergeApprovals } from "./merge-approvals.ts";
import { MergeRequests } from "./merge-requests.ts";
import { unlessSame } from "./pages.ts";
import { invalid, routes, undocumented } from "./parameters.ts";
import { answerAboutRepository } from "./repository.ts";
import { GitlabSettings } from "./settings.ts";
import { SourceChanges } from "./source-changes.ts";

interface Member extends GitlabUser {
  role: Role | undefined;
  scope: Scope;
}

/**
 * A strict GitLab on loopback with one private project, by the examples of https://docs.gitlab.com/api/rest/: what it
 * does not model, and a parameter that is not documented, is 501 and noted in `unmodelled`.
 */
export class GitlabServer implements AsyncDisposable {
  readonly project: string;
  readonly repository = new BareFixture({ seed: { "README.md": "Config\n" } });
  readonly requests = new MergeRequests(this);
  readonly approvals = new MergeApprovals(this);
  readonly statuses = new CommitStatuses(this.repository);
  readonly deployments = new Deployments(this.repository);
  readonly #changes = new SourceChanges(this.repository, this.requests);
  readonly settings = new GitlabSettings();
  readonly groups = new GitlabGroups();
  readonly unmodelled: string[] = [];
  /** What was asked, by route. */
  readonly calls: string[] = [];
  /** What a call meets, and whether it was carried out before. */
  fault: ((call: GitlabCall) => { fault: Fault; carriedOut: boolean } | undefined) | undefined;
  /** Called when a call is left without an answer, so that nobody need wait for one. */
  whenSilent: () => void = () => {};
  readonly #members: Member[] = [];
  readonly #server: Server = createServer((request, response) => void this.#respond(request, response));

  private constructor(project: string) {
    this.project = project;
  }

  /** All calls that are modelled. */
  static readonly modelled: readonly string[] = Object.keys(routes);

  static async start(project = "acme/team/config"): Promise<GitlabServer> {
    const gitlab = new GitlabServer(project);
    await new Promise<void>((resolve) => void gitlab.#server.listen(0, "127.0.0.1", resolve));
    return gitlab;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get apiUrl(): string {
    return `${this.origin}/api/v4`;
  }

  /** Somebody with an access token. @param role undefined: no member of the project */
  user(username: string, role?: Role, scope: Scope = "api"): GitlabUser {
    const token = `glpat-${randomBytes(10).toString("hex")}`;
    const member = { id: 10 + this.#members.length, username, token, role, scope };
    this.#members.push(member);
    return member;
  }

  /** A token of a job that somebody started. */
  jobToken(username: string): GitlabUser {
    const member = { id: 10 + this.#members.length, username, token: `glcbt-64_${randomBytes(10).toString("hex")}` };
    this.#members.push({ ...member, role: "developer", scope: "api" });
    return member;
  }

  userOf(id: number): GitlabUser | undefined {
    return this.#members.find((one) => one.id === id);
  }

  /** As somebody, over HTTP. @throws Error for any other answer than a success */
  async api<T>({ token }: GitlabUser, method: string, path: string, body?: Json): Promise<T> {
    const response = await fetch(`${this.apiUrl}${path}`, {
      method,
      headers: { "private-token": token, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => void this.#server.close(resolve));
    this.repository[Symbol.dispose]();
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += chunk;
    const { pathname, searchParams: query } = new URL(request.url ?? "", this.origin);
    const parts = /^\/api\/v4(?:(\/projects)\/([^/]+))?(\/.*|)$/.exec(pathname);
    const [, projects = "", id, rest = ""] = parts ?? [];
    const iid = Number(/^\/merge_requests\/(\d+)/.exec(rest)?.[1]);
    const sha = /^\/(?:statuses|repository\/commits)\/([0-9a-f]{40})\b/.exec(rest)?.[1] ?? "";
    const path = rest
      .replace(/^(\/merge_requests)\/\d+/, "$1/:iid")
      .replace(/^\/groups\/[^/]+/, "/groups/:path")
      .replace(new RegExp(`/${sha || " "}\\b`), "/:sha")
      .replace(/^(\/(?:environments|deployments|merge_requests\/:iid\/notes)\/)\d+$/, "$1:id");
    const group = /^\/groups\/([^/]+)/.exec(rest)?.[1] ?? "";
    const number = Number(/\d+$/.exec(rest)?.[0]);
    const isJobs = request.headers["job-token"] !== undefined;
    const given = request.headers["private-token"] ?? request.headers["job-token"];
    const member = this.#members.find(({ token }) => token === given && token.startsWith("glcbt-") === isJobs);
    // https://docs.gitlab.com/ci/jobs/ci_job_token/
    const reads = request.method === "GET" && /^\/merge_requests(?:\/\d+)?$/.test(rest);
    const isForJobs = /^\/(?:environments|deployments)\b/.test(rest) || (reads && this.settings.jobsReadRequests);
    const by = isJobs && !isForJobs ? undefined : member;
    const graphql = pathname === "/api/graphql" ? `${request.method} /graphql` : undefined;
    const route = graphql ?? `${request.method} ${projects}${projects === "" ? "" : "/:id"}${path}`;
    this.calls.push(route);
    const call = { route, query, body: text === "" ? {} : JSON.parse(text), by: by as Member };
    const jobToken = request.headers["job-token"];
    if (route === "GET /job" && typeof jobToken === "string") {
      const { status, body } = this.settings.job(jobToken);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      return;
    }
    const broken = this.fault?.(call);
    const skips = broken !== undefined && !broken.carriedOut;
    const known = request.headers["if-none-match"];
    const made = skips
      ? answer(200, {})
      : unlessSame(this.#answer(call, { id, iid, sha, number, group }), request.method === "GET", known);
    if (broken !== undefined) {
      breakAnswer(response, broken.fault, made);
      if (broken.fault.kind === "silence") this.whenSilent();
      return;
    }
    if (made.status === 501) this.unmodelled.push(JSON.stringify(made.body));
    response.writeHead(made.status, { "content-type": "application/json", ...made.headers });
    response.end(made.body === undefined ? undefined : JSON.stringify(made.body));
  }

  #answer(
    call: GitlabCall & { by: Member | undefined },
    {
      id,
      iid,
      sha,
      number,
      group,
    }: { id: string | undefined; iid: number; sha: string; number: number; group: string },
  ): GitlabAnswer {
    const { route, by, query } = call;
    if (by === undefined) return refusal(401, "401 Unauthorized");
    if (route === "POST /graphql") return this.#graphql(call, by);
    const unknown = undocumented(call);
    if (unknown.length > 0) return answer(501, { message: unknown.join(", "), route });
    const wrong = invalid(call);
    if (wrong !== undefined) return answer(400, { error: wrong });
    if (route === "GET /personal_access_tokens/self") return this.settings.self(by, by.scope);
    if (by.scope === "write_repository") return refusal(403, "insufficient_scope");
    const ofGroup = this.groups.answer(call, decodeURIComponent(group));
    if (ofGroup !== undefined) return ofGroup;
    if (route === "GET /user") return answer(200, { ...userEntity(by), commit_email: emailOf(by) });
    if (route === "GET /users") {
      const name = query.get("username")?.toLowerCase();
      return answer(200, this.#members.filter(({ username }) => username.toLowerCase() === name).map(userEntity));
    }
    if (decodeURIComponent(id ?? "") !== this.project || by.role === undefined) {
      return refusal(404, "404 Project Not Found");
    }
    const settings = this.settings.answer(route, by, (name) => this.repository.git("branch", "--list", name) !== "");
    if (settings !== undefined) return settings;
    const writes = !route.startsWith("GET");
    if (writes && by.scope === "read_api") {
      const description = "The request requires higher privileges than provided by the access token.";
      return answer(403, { error: "insufficient_scope", error_description: description, scope: "api" });
    }
    const comments = /\/notes(?:\/:id)?$/.test(route);
    if (writes && by.role === "reporter" && !comments) return refusal(403, "403 Forbidden");
    this.requests.catchUp();
    return (
      answerAboutRepository(call, this.repository) ??
      this.statuses.answer(call, sha) ??
      this.deployments.answer(call, number) ??
      this.#changes.answer(call, sha) ??
      this.approvals.answer(call, iid) ??
      this.requests.answer(call, iid, number)
    );
  }

  /** The two queries that are modelled, as https://docs.gitlab.com/api/graphql/reference/ has their fields. */
  #graphql({ body }: GitlabCall, by: Member): GitlabAnswer {
    const query = String(body.query).replace(/\s+/g, " ").trim();
    const { path, iid } = (body.variables ?? {}) as { path?: unknown; iid?: unknown };
    const isSeen = path === this.project && by.role !== undefined;
    const above = "sourceJob { id } upstream { sourceJob { id } upstream { sourceJob { id } } }";
    if (query === `query ($path: ID!, $iid: ID!) { project(fullPath: $path) { pipeline(iid: $iid) { ${above} } } }`) {
      return answer(200, { data: { project: isSeen ? { pipeline: this.statuses.above(Number(iid)) } : null } });
    }
    const fields = "commits(first: 100) { nodes { author { username } } pageInfo { hasNextPage } }";
    const known = `query ($path: ID!, $iid: String!) { project(fullPath: $path) { mergeRequest(iid: $iid) { ${fields} } } }`;
    if (query !== known || typeof iid !== "string") return answer(501, { message: `graphql ${query}` });
    const writers = path === this.project && by.role !== undefined ? this.approvals.writersOf(Number(iid)) : undefined;
    if (path !== this.project || by.role === undefined) return answer(200, { data: { project: null } });
    const nodes = writers?.slice(0, 100).map((username) => ({ author: username === null ? null : { username } }));
    const commits = { nodes, pageInfo: { hasNextPage: (writers?.length ?? 0) > 100 } };
    return answer(200, { data: { project: { mergeRequest: writers === undefined ? null : { commits } } } });
  }
}
