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

export interface Pipeline {
  id: number;
  sha: string;
  ref: string;
  source: "external" | "merge_request_event" | "push" | "parent_pipeline";
  /** The job of another pipeline that started it. */
  sourceJob?: number;
}

type Above = { sourceJob: { id: string } | null; upstream: Above | null };

/** A job, or what somebody outside has set. */
interface Status {
  id: number;
  pipeline: Pipeline;
  name: string;
  status: string;
  description: string | null;
  targetUrl: string | null;
  author: GitlabUser;
  /** A later one has taken its place. */
  retried: boolean;
  isJob: boolean;
  mayFail: boolean;
  createdAt: string;
  finishedAt: string | null;
}

/** The events of a status, and from where each can be taken. */
const from: Readonly<Record<string, { event: string; from: readonly string[] }>> = {
  pending: { event: "enqueue", from: ["created"] },
  running: { event: "run", from: ["created", "pending"] },
  success: { event: "success", from: ["created", "pending", "running"] },
  failed: { event: "drop", from: ["created", "pending", "running"] },
  canceled: { event: "cancel", from: ["created", "pending", "running"] },
};

/**
 * Statuses of commits in their pipelines, as https://docs.gitlab.com/api/commits/#set-commit-pipeline-status has them
 * and GitLab's own service (`app/services/ci/create_commit_status_service.rb`) does them.
 */
export class CommitStatuses {
  readonly pipelines: Pipeline[] = [];
  readonly all: Status[] = [];
  readonly #repository: BareFixture;

  constructor(repository: BareFixture) {
    this.#repository = repository;
  }

  /** A pipeline that runs by itself, with a job. */
  pipeline(sha: string, { ref, source }: Pick<Pipeline, "ref" | "source">, job: string, by: GitlabUser): Pipeline {
    const pipeline: Pipeline = { id: 100 + this.pipelines.length, sha, ref, source };
    this.pipelines.push(pipeline);
    this.#add(pipeline, job, by, true).status = "success";
    return pipeline;
  }

  /** A child pipeline, with a job. */
  child(sourceJob: number, job: string, by: GitlabUser): Pipeline {
    const parent = this.all.find(({ id }) => id === sourceJob)?.pipeline;
    if (parent === undefined) throw new Error(`there is no job ${sourceJob}`);
    const pipeline = this.pipeline(parent.sha, { ref: parent.ref, source: "parent_pipeline" }, job, by);
    pipeline.sourceJob = sourceJob;
    return pipeline;
  }

  /** By which jobs of other pipelines a pipeline was started; null when there is no such pipeline. */
  above(iid: number): Above | null {
    const pipeline = this.pipelines.find(({ id }) => id - 99 === iid);
    const job = this.all.find(({ id }) => id === pipeline?.sourceJob);
    if (pipeline === undefined) return null;
    return {
      sourceJob: job === undefined ? null : { id: `gid://gitlab/Ci::Bridge/${job.id}` },
      upstream: job === undefined ? null : this.above(job.pipeline.id - 99),
    };
  }

  /** A job in a pipeline, as it stands. @returns its id */
  job(pipeline: Pipeline, name: string, by: GitlabUser, more: { status: string; mayFail?: boolean }): number {
    return Object.assign(this.#add(pipeline, name, by, true), more).id;
  }

  /** Undefined for a call of something else. */
  answer({ route, body, query, by }: GitlabCall, sha: string): GitlabAnswer | undefined {
    switch (route) {
      case "GET /projects/:id/pipelines":
        return answer(200, paged(this.#of(query.get("sha")), query).map(pipelineEntity));
      case "GET /projects/:id/repository/commits/:sha/statuses":
        return this.#list(sha, query);
      case "POST /projects/:id/statuses/:sha":
        return this.#set(sha, body, by);
      default:
        return undefined;
    }
  }

  /** Newest first. */
  #of(sha: string | null): Pipeline[] {
    return this.pipelines
      .filter(({ source, ...one }) => source !== "parent_pipeline" && (sha === null || one.sha === sha))
      .toReversed();
  }

  #list(sha: string, query: URLSearchParams): GitlabAnswer {
    if (!this.#has(sha)) return refusal(404, "404 Commit Not Found");
    const is = (name: string, value: unknown) => [null, String(value)].includes(query.get(name));
    const found = this.all.filter(
      (one) =>
        one.pipeline.sha === sha &&
        // Those of child pipelines are not listed.
        one.pipeline.source !== "parent_pipeline" &&
        is("name", one.name) &&
        is("ref", one.pipeline.ref) &&
        is("pipeline_id", one.pipeline.id) &&
        (query.get("all") === "true" || !one.retried),
    );
    return answer(200, paged(query.get("sort") === "desc" ? found.toReversed() : found, query).map(entityOf));
  }

  #set(sha: string, body: Json, by: GitlabUser): GitlabAnswer {
    const { state, name = body.context ?? "default", description, target_url: url } = body as Record<string, string>;
    if (!this.#has(sha)) return refusal(404, "404 Commit Not Found");
    const pipelines = this.#of(sha).filter((one) => body.ref === undefined || one.ref === body.ref);
    const ref = String(body.ref ?? pipelines[0]?.ref ?? this.#branchesOf(sha)[0] ?? "");
    if (ref === "") return refusal(404, "404 References for commit Not Found");
    for (const [key, text] of Object.entries({ description, target_url: url })) {
      if ([...(text ?? "")].length > 255) return refusal(400, { [key]: ["is too long (maximum is 255 characters)"] });
    }
    const pipeline = pipelines[0] ?? this.#external(sha, ref);
    const inIt = this.all.filter((one) => one.pipeline === pipeline && one.name === name);
    if (inIt.some(({ isJob }) => isJob)) return refusal(400, { name: ["has already been taken"] });
    const unfinished = inIt.find(
      (one) => ["created", "pending", "running"].includes(one.status) && one.author.id === by.id && !one.retried,
    );
    const before = unfinished?.status ?? "created";
    const step = from[state ?? ""];
    if (step === undefined) return refusal(400, "state does not have a valid value");
    if (!step.from.includes(before)) {
      const why = `Status cannot transition via "${step.event}"`;
      return refusal(400, `Cannot transition status via :${step.event} from :${before} (Reason(s): ${why})`);
    }
    const now = new Date().toISOString();
    const one = unfinished ?? Object.assign(this.#add(pipeline, String(name), by, false), { createdAt: now });
    if (!["created", "pending", "running"].includes(state ?? "")) one.finishedAt = now;
    // What is not given stays.
    Object.assign(one, { status: state, ...(description ? { description } : {}), ...(url ? { targetUrl: url } : {}) });
    return answer(201, entityOf(one));
  }

  #external(sha: string, ref: string): Pipeline {
    const pipeline: Pipeline = { id: 100 + this.pipelines.length, sha, ref, source: "external" };
    this.pipelines.push(pipeline);
    return pipeline;
  }

  #add(pipeline: Pipeline, name: string, author: GitlabUser, isJob: boolean): Status {
    for (const other of this.all) {
      if (other.pipeline === pipeline && other.name === name) other.retried = true;
    }
    const nothing = {
      status: "created",
      description: null,
      targetUrl: null,
      retried: false,
      mayFail: false,
      createdAt: "2026-01-01T00:00:00.000Z",
      finishedAt: null,
    };
    const one: Status = { id: 900 + this.all.length, pipeline, name, author, isJob, ...nothing };
    this.all.push(one);
    return one;
  }

  #has(sha: string): boolean {
    return this.#repository.git("rev-list", "--all").split("\n").includes(sha);
  }

  #branchesOf(sha: string): string[] {
    const format = "--format=%(refname:short)";
    return this.#repository.git("for-each-ref", format, "--contains", sha, "refs/heads/").split("\n").filter(Boolean);
  }
}

function paged<T>(all: readonly T[], query: URLSearchParams): T[] {
  const size = Math.min(100, Number(query.get("per_page") ?? 20));
  const page = Number(query.get("page") ?? 1);
  return all.slice((page - 1) * size, page * size);
}

const pipelineEntity = ({ id, sha, ref, source }: Pipeline): Json => ({
  id,
  iid: id - 99,
  project_id: 3,
  status: "pending",
  source,
  ref,
  sha,
  name: null,
  web_url: `https://gitlab.example/acme/team/config/-/pipelines/${id}`,
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-01T00:00:00.000Z",
});

const entityOf = ({
  id,
  pipeline,
  name,
  status,
  description,
  targetUrl,
  author,
  mayFail,
  createdAt,
  finishedAt,
}: Status): Json => ({
  id,
  sha: pipeline.sha,
  ref: pipeline.ref,
  status,
  name,
  target_url: targetUrl,
  description,
  created_at: createdAt,
  started_at: null,
  finished_at: finishedAt,
  allow_failure: mayFail,
  coverage: null,
  pipeline_id: pipeline.id,
  author: userEntity(author),
});
