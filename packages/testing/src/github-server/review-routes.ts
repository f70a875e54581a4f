import { type GithubAnswer, invalid, noPermission, notFound, ok, refused } from "./answers.ts";
import { GithubOpenapi, type Json } from "./openapi.ts";
import type { GithubCall } from "./pull-routes.ts";
import { userJson } from "./resources.ts";
import type { GithubIdentity, GithubPull, GithubRepository } from "./state.ts";

const repo = "/repos/{owner}/{repo}";

/** What somebody said of a pull request. */
interface Review {
  id: number;
  by: GithubIdentity;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED";
  commit: string;
  at: string;
}

/** A check run of an app. */
export interface GithubCheckRun {
  name: string;
  status: "queued" | "in_progress" | "completed" | "waiting" | "requested" | "pending";
  conclusion: string | null;
  /** Its app; GitHub Actions unless it says otherwise. */
  app?: string;
  /** The workflow run that it is a job of. */
  run?: number;
}

/** A run of a workflow that waited for people. */
export interface GithubRun {
  actor: string;
  again?: string;
  createdAt: string;
  approvals: { environment: string; state: "approved" | "rejected"; user: string }[];
}

/** What is reviewed, checked and run in a repository, beside what `GithubRepository` has. */
export class GithubReviews {
  readonly reviews = new Map<GithubPull, Review[]>();
  readonly checkRuns: (GithubCheckRun & { id: number; sha: string })[] = [];
  readonly runs = new Map<number, GithubRun>();
  /** Users to whom GitHub attributes commits, by the commit. */
  readonly writers = new Map<string, string>();
  /** Commits whose signature GitHub has verified. */
  readonly verified = new Set<string>();
  /** Whether the token may see checks, statuses excluded. */
  checksAreVisible = true;

  static readonly #all = new WeakMap<GithubRepository, GithubReviews>();

  static of(repository: GithubRepository): GithubReviews {
    const known = GithubReviews.#all.get(repository) ?? new GithubReviews();
    GithubReviews.#all.set(repository, known);
    return known;
  }

  check(sha: string, run: GithubCheckRun): void {
    this.checkRuns.push({ ...run, id: 500 + this.checkRuns.length, sha });
  }
}

type Handler = (call: GithubCall) => GithubAnswer;

export const reviewRoutes: Readonly<Record<string, Handler>> = {
  [`GET ${repo}/pulls/{pull_number}/reviews`]: onPull(({ repository, query }, pull) =>
    ok(
      page(GithubReviews.of(repository).reviews.get(pull) ?? [], query).map((one) => reviewJson(repository, pull, one)),
    ),
  ),
  [`POST ${repo}/pulls/{pull_number}/reviews`]: onPull(review),
  [`PUT ${repo}/pulls/{pull_number}/reviews/{review_id}/dismissals`]: onPull(dismiss),
  [`GET ${repo}/pulls/{pull_number}/commits`]: onPull(({ repository, query }, pull) => {
    const from = pull.mergeCommit === null ? pull.base : `${pull.mergeCommit}^`;
    const all = repository.git.git("rev-list", "--reverse", `${from}..${pull.headSha}`).split("\n").filter(Boolean);
    return ok(page(all.slice(0, 250), query).map((sha) => commitJson(repository, sha)));
  }),
  [`GET ${repo}/commits/{ref}`]: ({ repository, params }) => {
    const sha = params.ref ?? "";
    return repository.has(sha) ? ok(commitJson(repository, sha)) : refused(422, `No commit found for SHA: ${sha}`);
  },
  [`GET ${repo}/commits/{ref}/check-runs`]: checkRuns,
  [`GET ${repo}/actions/runs/{run_id}`]: onRun((call, run, id) => ok(runJson(call.repository, run, id))),
  [`GET ${repo}/actions/runs/{run_id}/approvals`]: onRun((_, { approvals }) => ok(approvals.map(approvalJson))),
};

function onPull(handler: (call: GithubCall, pull: GithubPull) => GithubAnswer): Handler {
  return (call) => {
    const pull = call.repository.pull(Number(call.params.pull_number));
    return pull === undefined ? notFound : handler(call, pull);
  };
}

function onRun(handler: (call: GithubCall, run: GithubRun, id: number) => GithubAnswer): Handler {
  return (call) => {
    const id = Number(call.params.run_id);
    const run = GithubReviews.of(call.repository).runs.get(id);
    return run === undefined ? notFound : handler(call, run, id);
  };
}

const states = { APPROVE: "APPROVED", REQUEST_CHANGES: "CHANGES_REQUESTED", COMMENT: "COMMENTED" } as const;

function review({ repository, identity, body }: GithubCall, pull: GithubPull): GithubAnswer {
  const state = states[body.event as keyof typeof states];
  if (state === undefined) return invalid({ resource: "PullRequestReview", field: "event", code: "invalid" });
  if (pull.author.login === identity.login && state !== "COMMENTED") {
    return refused(422, `Can not ${state === "APPROVED" ? "approve" : "request changes on"} your own pull request`);
  }
  const known = GithubReviews.of(repository).reviews;
  const all = known.get(pull) ?? [];
  const one = { id: 80 + all.length, by: identity, state, commit: String(body.commit_id ?? pull.headSha), at: time() };
  known.set(pull, [...all, one]);
  return ok(reviewJson(repository, pull, one));
}

function dismiss({ repository, identity, params }: GithubCall, pull: GithubPull): GithubAnswer {
  if (identity.access !== "write") return noPermission;
  const one = GithubReviews.of(repository)
    .reviews.get(pull)
    ?.find(({ id }) => id === Number(params.review_id));
  if (one === undefined) return notFound;
  one.state = "DISMISSED";
  return ok(reviewJson(repository, pull, one));
}

/** Of each suite and name the latest. */
function checkRuns({ repository, params, query }: GithubCall): GithubAnswer {
  const sha = params.ref ?? "";
  const reviews = GithubReviews.of(repository);
  if (!reviews.checksAreVisible) return noPermission;
  if (!repository.has(sha)) return refused(422, `No commit found for SHA: ${sha}`);
  const suiteOf = ({ app, run, name }: GithubCheckRun) => JSON.stringify([app, run, name]);
  const latest = new Map(reviews.checkRuns.filter((one) => one.sha === sha).map((one) => [suiteOf(one), one]));
  const all = [...latest.values()].reverse();
  return ok({ total_count: all.length, check_runs: page(all, query).map((one) => checkRunJson(repository, one)) });
}

const time = (): string => `${new Date().toISOString().slice(0, 19)}Z`;
const user = (login: string): Json => userJson({ login, type: login.endsWith("[bot]") ? "Bot" : "User" });

function reviewJson(
  { fullName }: GithubRepository,
  { number }: GithubPull,
  { id, by, state, commit, at }: Review,
): Json {
  const page = `https://github.com/${fullName}/pull/${number}`;
  return {
    ...GithubOpenapi.get().example("pull-request-review"),
    id,
    user: userJson(by),
    body: "",
    state,
    commit_id: commit,
    html_url: `${page}#pullrequestreview-${id}`,
    pull_request_url: `https://api.github.com/repos/${fullName}/pulls/${number}`,
    submitted_at: at,
  };
}

function commitJson(repository: GithubRepository, sha: string): Json {
  const { writers, verified } = GithubReviews.of(repository);
  const { files: _, ...example } = GithubOpenapi.get().example("commit") as { commit: { verification: Json } } & Json;
  const merged = repository.pulls.find(({ mergeCommit, mergedBy }) => mergeCommit === sha && mergedBy);
  const login = merged?.mergedBy?.login ?? writers.get(sha);
  // What GitHub merges it signs itself.
  const isSigned = verified.has(sha) || merged !== undefined;
  const verification = { ...example.commit.verification, verified: isSigned, reason: isSigned ? "valid" : "unsigned" };
  return {
    ...example,
    sha,
    author: login === undefined ? null : user(login),
    committer: merged === undefined ? (login === undefined ? null : user(login)) : user("web-flow"),
    commit: { ...example.commit, verification },
  };
}

function checkRunJson({ fullName }: GithubRepository, run: GithubCheckRun & { id: number; sha: string }): Json {
  const example = GithubOpenapi.get().example("check-run") as { app: Json } & Json;
  const { id, sha, name, status, conclusion, app = "github-actions", run: workflow = 1 } = run;
  const at = `https://github.com/${fullName}/actions/runs/${workflow}/job/${id}`;
  return {
    ...example,
    id,
    head_sha: sha,
    name,
    status,
    conclusion,
    html_url: at,
    details_url: at,
    started_at: time(),
    completed_at: status === "completed" ? time() : null,
    app: { ...example.app, id: app === "github-actions" ? 15368 : 99, slug: app },
    pull_requests: [],
  };
}

function runJson({ fullName }: GithubRepository, { actor, again = actor, createdAt }: GithubRun, id: number): Json {
  return {
    ...GithubOpenapi.get().example("workflow-run"),
    id,
    html_url: `https://github.com/${fullName}/actions/runs/${id}`,
    created_at: createdAt,
    actor: user(actor),
    triggering_actor: user(again),
  };
}

function approvalJson({ environment, state, user: login }: GithubRun["approvals"][number]): Json {
  const [example] = GithubOpenapi.get().example("environment-approvals-items") as unknown as [
    { environments: [Json] } & Json,
  ];
  return {
    ...example,
    state,
    comment: "",
    user: user(login),
    environments: [{ ...example.environments[0], name: environment }],
  };
}

function page<T>(all: readonly T[], query: URLSearchParams): T[] {
  const size = Math.min(100, Number(query.get("per_page") ?? 30));
  const number = Number(query.get("page") ?? 1);
  return all.slice((number - 1) * size, number * size);
}
