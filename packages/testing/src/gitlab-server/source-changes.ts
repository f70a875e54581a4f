import type { BareFixture } from "../git/bare-fixture.ts";
import { answer, type GitlabAnswer, type GitlabCall, type Json, refusal } from "./answers.ts";
import type { MergeRequests } from "./merge-requests.ts";

/** What brought a commit, and what lies between two: https://docs.gitlab.com/api/commits/, /repositories/. */
export class SourceChanges {
  readonly #repository: BareFixture;
  readonly #requests: MergeRequests;

  constructor(repository: BareFixture, requests: MergeRequests) {
    this.#repository = repository;
    this.#requests = requests;
  }

  /** Undefined for a call of something else. */
  answer({ route, query }: GitlabCall, sha: string): GitlabAnswer | undefined {
    if (route === "GET /projects/:id/repository/commits/:sha/merge_requests") return this.#of(sha);
    if (route === "GET /projects/:id/repository/compare") return this.#compare(query);
    return undefined;
  }

  #of(sha: string): GitlabAnswer {
    if (!this.#lines("--all").includes(sha)) return refusal(404, "404 Commit Not Found");
    const found = this.#requests.all.filter(
      ({ mergeCommit, squashCommit, source }) =>
        mergeCommit === sha || squashCommit === sha || this.#lines(`main..${this.#tipOf(source)}`).includes(sha),
    );
    return answer(
      200,
      found.map((one) => this.#requests.entity(one)),
    );
  }

  #compare(query: URLSearchParams): GitlabAnswer {
    const [from, to] = [query.get("from") ?? "", query.get("to") ?? ""];
    const all = this.#lines("--all");
    if (!all.includes(from) || !all.includes(to)) return refusal(404, "404 Ref Not Found");
    const commits = this.#lines("--reverse", `${from}..${to}`).map(
      (id): Json => ({ id, short_id: id.slice(0, 11), title: "A commit", author_name: "Ada", parent_ids: [] }),
    );
    return answer(200, { commit: commits.at(-1) ?? null, commits, diffs: [], compare_timeout: false });
  }

  #tipOf(branch: string): string {
    return this.#repository.git("for-each-ref", "--format=%(objectname)", `refs/heads/${branch}`) || "main";
  }

  #lines(...args: string[]): string[] {
    return this.#repository
      .git("rev-list", ...args)
      .split("\n")
      .filter(Boolean);
  }
}
