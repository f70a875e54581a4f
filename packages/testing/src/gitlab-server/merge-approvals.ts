import type { BareFixture } from "../git/bare-fixture.ts";
import {
  answer,
  type GitlabAnswer,
  type GitlabCall,
  type GitlabUser,
  type Json,
  refusal,
  userEntity,
} from "./answers.ts";
import type { MergeRequest } from "./merge-request.ts";

interface Approval {
  user: GitlabUser;
  at: string;
}

interface Server {
  readonly repository: BareFixture;
  readonly requests: { readonly all: readonly MergeRequest[]; entity(one: MergeRequest): Json };
}

/**
 * Who approves a merge request and who wants changes, and its versions: https://docs.gitlab.com/api/merge_request_approvals/,
 * /merge_requests/. GitLab does not tell which version was approved.
 */
export class MergeApprovals {
  /** Whether the time of an approval is told, as newer GitLabs do; else a note says it. */
  tellsTime = true;
  /** Users to whom GitLab attributes commits, by commit. */
  readonly writers = new Map<string, string>();
  readonly #server: Server;
  readonly #approvals = new Map<MergeRequest, Approval[]>();
  readonly #wanting = new Map<MergeRequest, Set<GitlabUser>>();
  readonly #versions = new Map<MergeRequest, { id: number; head: string; at: string }[]>();

  constructor(server: Server) {
    this.#server = server;
  }

  /** Undefined for a call of something else. */
  answer({ route, by, body }: GitlabCall, iid: number): GitlabAnswer | undefined {
    const path = "/projects/:id/merge_requests/:iid";
    const one = this.#server.requests.all.find((other) => other.iid === iid);
    const on = (act: (request: MergeRequest) => GitlabAnswer) =>
      one === undefined ? refusal(404, "404 Not found") : act(one);
    switch (route) {
      case `GET ${path}/approvals`:
        return on((request) => answer(200, this.#entity(request)));
      case `GET ${path}/versions`:
        return on((request) => answer(200, this.#seen(request).toReversed().map(versionEntity)));
      case `GET ${path}/reviewers`:
        return on((request) => answer(200, this.#reviewers(request)));
      case `POST ${path}/approve`:
        return on((request) => this.#approve(request, by, String(body.sha ?? "")));
      default:
        return undefined;
    }
  }

  /** By the button of the page, which the API has not. */
  wantChanges(iid: number, user: GitlabUser): void {
    const one = this.#server.requests.all.find((other) => other.iid === iid);
    if (one === undefined) throw new Error(`no !${iid}`);
    this.#wanting.set(one, (this.#wanting.get(one) ?? new Set()).add(user));
  }

  /** The users of a merge request's commits, as GraphQL tells them; null for one whom GitLab does not know. */
  writersOf(iid: number): (string | null)[] | undefined {
    const one = this.#server.requests.all.find((other) => other.iid === iid);
    if (one === undefined) return undefined;
    const head = one.mergedHead ?? this.#tip(one);
    const merged = one.squashCommit ?? one.mergeCommit;
    const from = merged === null ? one.target : `${merged}^`;
    const commits = this.#server.repository.git("rev-list", `${from}..${head}`).split("\n").filter(Boolean);
    return commits.map((commit) => this.writers.get(commit) ?? null);
  }

  #approve(one: MergeRequest, user: GitlabUser, sha: string): GitlabAnswer {
    // https://docs.gitlab.com/api/merge_request_approvals/#approve-merge-request
    if (sha !== "" && sha !== this.#tip(one)) return refusal(409, "SHA does not match HEAD of source branch");
    if (one.author.id === user.id) return refusal(401, "401 Unauthorized");
    this.#seen(one);
    const all = (this.#approvals.get(one) ?? []).filter(({ user: other }) => other.id !== user.id);
    const at = new Date().toISOString();
    this.#approvals.set(one, [...all, { user, at }]);
    this.#wanting.get(one)?.delete(user);
    one.notes.push({
      id: 7000 + one.notes.length,
      body: "approved this merge request",
      author: user,
      createdAt: at,
      system: true,
    });
    return answer(201, this.#entity(one));
  }

  #entity(one: MergeRequest): Json {
    const approvals = this.#approvals.get(one) ?? [];
    return {
      id: 84_000 + one.iid,
      iid: one.iid,
      project_id: 3,
      title: one.title,
      state: one.state,
      approved: approvals.length > 0,
      approvals_required: 0,
      approvals_left: 0,
      approved_by: approvals.map(({ user, at }) => ({
        user: userEntity(user),
        ...(this.tellsTime ? { approved_at: at } : {}),
      })),
      user_has_approved: false,
      user_can_approve: false,
    };
  }

  #reviewers(one: MergeRequest): Json[] {
    const wanting = this.#wanting.get(one) ?? new Set();
    const all = new Set([...one.reviewers, ...wanting]);
    return [...all].map((user) => ({
      user: userEntity(user),
      state: wanting.has(user) ? "requested_changes" : "unreviewed",
      created_at: one.createdAt,
    }));
  }

  /** Its versions, one for each head that it was seen with. */
  #seen(one: MergeRequest) {
    const versions = this.#versions.get(one) ?? [];
    const head = one.mergedHead ?? this.#tip(one);
    if (versions.at(-1)?.head !== head) {
      const at = versions.length === 0 ? one.createdAt : new Date().toISOString();
      versions.push({ id: 100 + versions.length, head, at });
    }
    this.#versions.set(one, versions);
    return versions;
  }

  #tip({ source }: MergeRequest): string {
    return this.#server.repository.git("for-each-ref", "--format=%(objectname)", `refs/heads/${source}`);
  }
}

const versionEntity = ({ id, head, at }: { id: number; head: string; at: string }): Json => ({
  id,
  head_commit_sha: head,
  base_commit_sha: "0".repeat(40),
  start_commit_sha: "0".repeat(40),
  created_at: at,
  merge_request_id: 105,
  state: "collected",
  real_size: "1",
});
