import type { BareFixture } from "../git/bare-fixture.ts";
import { mergeBranches, merges } from "../git/merging.ts";
import { answer, type GitlabAnswer, type GitlabCall, type GitlabUser, type Json, refusal } from "./answers.ts";
import { entityOf, isDraftTitle, type MergeRequest, type MergeStatus, noteEntity } from "./merge-request.ts";
import { pageOf } from "./pages.ts";
import { readMarkdown } from "./quick-actions.ts";

interface Server {
  readonly repository: BareFixture;
  readonly origin: string;
  readonly project: string;
  userOf(id: number): GitlabUser | undefined;
}

const notFound = refusal(404, "404 Not found");

/** The merge requests of one project; their branches and merges are those of a Git repository. */
export class MergeRequests {
  readonly all: MergeRequest[] = [];
  /** Quick actions that a text has started. */
  readonly commands: string[] = [];
  readonly #server: Server;
  /** "Pipelines must succeed". */
  pipelinesMustSucceed = false;
  /** Whether members may merge into the protected branch. */
  mayMerge = true;
  /** The project's merge method; `rebase` and `fast-forward` want a branch that is on top of its target. */
  method: "merge" | "rebase" | "fast-forward" = "merge";
  /** How often a new one is asked for before GitLab knows whether it can be merged. */
  unchecked = 1;
  /** All branches, as of the last look. */
  #refs: ReadonlyMap<string, string> = new Map();
  /** Whether two commits conflict. */
  readonly #known = new Map<string, boolean>();
  /** Their branches as they were last looked at. */
  readonly #seen = new Map<MergeRequest, { head: string; target: string }>();
  readonly #looks = new Map<number, number>();
  readonly #passed = new Set<string>();
  #notes = 0;

  constructor(server: Server) {
    this.#server = server;
  }

  /** Of a documented call with valid parameters, by somebody who may. */
  answer(call: GitlabCall, iid: number, note: number): GitlabAnswer {
    const { body, query, by, route } = call;
    if (route === "GET /projects/:id/merge_requests") return this.#list(query, by);
    if (route === "POST /projects/:id/merge_requests") return this.#create(body, by);
    const one = this.all.find((other) => other.iid === iid);
    if (one === undefined) return notFound;
    switch (route) {
      case "GET /projects/:id/merge_requests/:iid":
        return answer(200, this.entity(one));
      case "PUT /projects/:id/merge_requests/:iid":
        return this.#update(one, body, by);
      case "PUT /projects/:id/merge_requests/:iid/merge":
        return this.#merge(one, body, by);
      case "POST /projects/:id/merge_requests/:iid/cancel_merge_when_pipeline_succeeds":
        if (one.autoMergeBy === undefined) return refusal(406, "406 Not Acceptable");
        one.autoMergeBy = undefined;
        return answer(201, this.entity(one));
      case "GET /projects/:id/merge_requests/:iid/notes":
        return pageOf(query.get("sort") === "asc" ? one.notes : one.notes.toReversed(), query, noteEntity);
      case "POST /projects/:id/merge_requests/:iid/notes": {
        const note = { id: ++this.#notes, body: this.#markdown(body.body), author: by, createdAt: now() };
        one.notes.push(note);
        one.updatedAt = now();
        return answer(201, noteEntity(note));
      }
      case "PUT /projects/:id/merge_requests/:iid/notes/:id": {
        const said = one.notes.find(({ id }) => id === note);
        if (said === undefined) return notFound;
        // Of the author alone.
        if (said.author.id !== by.id) return refusal(403, "403 Forbidden");
        said.body = this.#markdown(body.body);
        return answer(200, noteEntity(said));
      }
      case "DELETE /projects/:id/merge_requests/:iid/notes/:id": {
        const said = one.notes.find(({ id }) => id === note);
        if (said === undefined) return notFound;
        if (said.author.id !== by.id) return refusal(403, "403 Forbidden");
        one.notes.splice(one.notes.indexOf(said), 1);
        return answer(204, undefined);
      }
      default:
        return answer(501, { message: route });
    }
  }

  /** As GitLab does after a push: one whose branch is gone is closed, one whose commits came into its target is merged. */
  catchUp(): void {
    this.#refs = this.#server.repository.refs();
    for (const one of this.all.filter(({ state }) => state === "opened")) {
      const [head, target] = [this.#head(one), this.#tip(one.target)];
      const before = this.#seen.get(one) ?? { head, target };
      this.#seen.set(one, { head, target });
      if (head !== before.head) one.updatedAt = now();
      if (target !== before.target && this.#isIn(before.head, one.target)) {
        const merged = { mergedAt: now(), updatedAt: now(), mergedHead: before.head, mergeCommit: before.head };
        Object.assign(one, { state: "merged", autoMergeBy: undefined, ...merged });
      } else if (head === "") {
        Object.assign(one, { state: "closed", closedAt: now(), updatedAt: now(), autoMergeBy: undefined });
      }
    }
  }

  #isIn(commit: string, target: string): boolean {
    return this.#server.repository.ask("merge-base", "--is-ancestor", commit, `refs/heads/${target}`).status === 0;
  }

  #list(query: URLSearchParams, by: GitlabUser): GitlabAnswer {
    const is = (name: string, value: unknown) => [null, "all", String(value)].includes(query.get(name));
    const scope = query.get("scope") ?? "all";
    const found = this.all.filter(
      (one) =>
        is("state", one.state) &&
        is("author_id", one.author.id) &&
        is("source_branch", one.source) &&
        is("target_branch", one.target) &&
        (scope === "all" || (scope === "created_by_me" ? one.author : one.assignees[0])?.id === by.id),
    );
    return pageOf(query.get("sort") === "asc" ? found : found.toReversed(), query, (one) => this.entity(one));
  }

  /** Somebody opens one from a branch of a fork. */
  fromFork(fork: number, source: string, author: GitlabUser): MergeRequest {
    const one = this.#new({ source, target: "main", author, fork });
    one.title = "From a fork";
    this.all.push(one);
    return one;
  }

  #create(body: Json, author: GitlabUser): GitlabAnswer {
    const [source, target] = [String(body.source_branch), String(body.target_branch)];
    if (source === target) return refusal(409, ["You can't use same project/branch for source and target"]);
    const gone = [source, target].findIndex((branch) => this.#tip(branch) === "");
    if (gone >= 0) return refusal(400, { [gone === 0 ? "source_branch" : "target_branch"]: ["does not exist"] });
    const same = this.all.find((one) => one.state === "opened" && one.source === source && one.target === target);
    if (same !== undefined) {
      return refusal(409, [`Another open merge request already exists for this source branch: !${same.iid}`]);
    }
    const one = this.#new({ source, target, author });
    const refused = this.#write(one, body);
    if (refused !== undefined) return refused;
    this.all.push(one);
    return answer(201, this.entity(one));
  }

  #new(of: Pick<MergeRequest, "source" | "target" | "author" | "fork">): MergeRequest {
    const at = now();
    return {
      ...of,
      iid: this.all.length + 1,
      title: "",
      description: "",
      state: "opened",
      assignees: [],
      reviewers: [],
      labels: [],
      removeSource: false,
      createdAt: at,
      updatedAt: at,
      mergedAt: null,
      closedAt: null,
      autoMergeBy: undefined,
      mergeCommit: null,
      squashCommit: null,
      notes: [],
    };
  }

  #update(one: MergeRequest, body: Json, by: GitlabUser): GitlabAnswer {
    const refused = this.#write(one, body);
    if (refused !== undefined) return refused;
    if (body.state_event === "close" && one.state === "opened") {
      Object.assign(one, { state: "closed", closedAt: now(), closedBy: by });
    }
    if (body.state_event === "reopen" && one.state === "closed") {
      // Not one whose branch is gone.
      if (this.#head(one) !== "") Object.assign(one, { state: "opened", closedAt: null, closedBy: undefined });
    }
    one.updatedAt = now();
    return answer(200, this.entity(one));
  }

  #write(one: MergeRequest, body: Json): GitlabAnswer | undefined {
    const title = body.title === undefined ? one.title : String(body.title);
    if (title === "") return refusal(400, { title: ["can't be blank"] });
    if ([...title].length > 255) return refusal(400, { title: ["is too long (maximum is 255 characters)"] });
    one.title = title;
    if (body.description !== undefined) one.description = this.#markdown(body.description);
    const { labels, assignee_ids: assignees, reviewer_ids: reviewers } = body;
    // Those that are not there are made; a user that is not there is left out.
    if (labels !== undefined) one.labels = String(labels).split(",").filter(Boolean).sort();
    if (assignees !== undefined) one.assignees = this.#users(assignees);
    if (reviewers !== undefined) one.reviewers = this.#users(reviewers);
    one.removeSource = (body.remove_source_branch ?? one.removeSource) === true;
    return undefined;
  }

  #merge(one: MergeRequest, body: Json, by: GitlabUser): GitlabAnswer {
    const { repository } = this.#server;
    if (!this.mayMerge) return refusal(401, "401 Unauthorized");
    const auto = body.auto_merge === true || body.merge_when_pipeline_succeeds === true;
    const passed = this.#passed.has(this.#tip(one.source));
    if (auto && !passed) {
      // Without a pipeline there is nothing to wait for but what is required.
      if (!this.pipelinesMustSucceed || one.state !== "opened") return refusal(405, "405 Method Not Allowed");
      one.autoMergeBy = by;
      if (body.should_remove_source_branch === true) one.removeSource = true;
      return answer(200, this.entity(one));
    }
    if (this.pipelinesMustSucceed && !passed) return refusal(405, "405 Method Not Allowed");
    const cannot = one.state !== "opened" || isDraftTitle(one.title);
    if (cannot || this.#tip(one.source) === "") return refusal(405, "405 Method Not Allowed");
    if (body.sha !== undefined && body.sha !== this.#tip(one.source)) {
      return refusal(409, "SHA does not match HEAD of source branch");
    }
    const mergedHead = this.#tip(one.source);
    const squash = body.squash === true;
    if (this.#needsRebase(one)) return refusal(422, "Branch cannot be merged");
    const ahead = this.method === "fast-forward" ? "fast-forward" : "merge";
    const message = `${one.title}\n\nMerged by ${by.username}\n`;
    const merged = mergeBranches(repository, { ...one, method: squash ? "squash" : ahead, message });
    if (merged === undefined) return refusal(422, "Branch cannot be merged");
    Object.assign(one, {
      state: "merged",
      autoMergeBy: undefined,
      mergedAt: now(),
      updatedAt: now(),
      mergedHead,
      mergedBy: by,
      // Of a fast forward there is no commit that the merge has made.
      ...(squash ? { squashCommit: merged } : ahead === "merge" ? { mergeCommit: merged } : {}),
    });
    const removes = body.should_remove_source_branch ?? one.removeSource;
    if (removes === true) repository.git("update-ref", "-d", `refs/heads/${one.source}`);
    return answer(200, this.entity(one));
  }

  /** The pipeline of one succeeds. */
  pass(iid: number): void {
    this.catchUp();
    const one = this.all.find((other) => other.iid === iid);
    if (one === undefined) throw new Error(`There is no !${iid}.`);
    this.#passed.add(this.#tip(one.source));
    if (one.autoMergeBy !== undefined) this.#merge(one, {}, one.autoMergeBy);
  }

  #mergeStatus(one: MergeRequest): MergeStatus {
    const looks = (this.#looks.get(one.iid) ?? 0) + 1;
    this.#looks.set(one.iid, looks);
    if (looks <= this.unchecked) return "unchecked";
    if (this.#conflicts(one)) return "conflict";
    if (this.#needsRebase(one)) return "need_rebase";
    return this.pipelinesMustSucceed && !this.#passed.has(this.#tip(one.source)) ? "ci_must_pass" : "mergeable";
  }

  #conflicts({ state, source, target }: MergeRequest): boolean {
    const [head, onto] = [this.#tip(source), this.#tip(target)];
    if (state !== "opened" || head === "" || onto === "" || head === onto) return false;
    const key = `${onto} ${head}`;
    const known = this.#known.get(key) ?? !merges(this.#server.repository, onto, head);
    this.#known.set(key, known);
    return known;
  }

  #needsRebase({ source, target }: MergeRequest): boolean {
    if (this.method === "merge") return false;
    return (
      this.#server.repository.ask("merge-base", "--is-ancestor", this.#tip(target), this.#tip(source)).status !== 0
    );
  }

  #markdown(value: unknown): string {
    const { text, commands } = readMarkdown(String(value));
    this.commands.push(...commands);
    return text;
  }

  #users(ids: unknown): GitlabUser[] {
    return (ids as number[]).map((id) => this.#server.userOf(id)).filter((user) => user !== undefined);
  }

  /** As people and programs get it. */
  entity(one: MergeRequest): Json {
    const mergeStatus = this.#mergeStatus(one);
    const sha = one.mergedHead ?? this.#head(one);
    return entityOf(one, { ...this.#at, sha, mergeStatus, conflicts: this.#conflicts(one) });
  }

  get #at() {
    const { origin, project } = this.#server;
    return { origin, project };
  }

  #head({ source, fork }: MergeRequest): string {
    return fork === undefined ? this.#tip(source) : (this.#refs.get(`refs/forks/${fork}/${source}`) ?? "");
  }

  /** Empty where there is no such branch. */
  #tip(branch: string): string {
    return this.#refs.get(`refs/heads/${branch}`) ?? "";
  }
}

const now = (): string => new Date().toISOString();
