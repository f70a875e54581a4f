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

export interface GitlabEnvironment {
  id: number;
  name: string;
  externalUrl: string | null;
  tier: string;
}

interface Deployment {
  id: number;
  environment: GitlabEnvironment;
  sha: string;
  ref: string;
  tag: boolean;
  status: string;
  user: GitlabUser;
  /** The job that it is of. */
  job?: { id: number; pipeline: number; user: GitlabUser };
  /** Of a protected environment; undefined where GitLab has none (Free). */
  approvals?: { user: GitlabUser; status: "approved" | "rejected"; at: string }[];
  at?: string;
}

const notFound = refusal(404, "404 Not found");

/** Environments and deployments, as https://docs.gitlab.com/api/environments/ and /deployments/ have them. */
export class Deployments {
  readonly environments: GitlabEnvironment[] = [];
  readonly all: Deployment[] = [];
  readonly #repository: BareFixture;

  constructor(repository: BareFixture) {
    this.#repository = repository;
  }

  /** A job that deploys, and what people said of it before it began. */
  ofJob(
    name: string,
    user: GitlabUser,
    more: Required<Pick<Deployment, "job">> & Pick<Deployment, "approvals" | "at">,
  ): void {
    const environment = this.environments.find((one) => one.name === name) ?? this.#environment(name, {});
    const sha = this.#repository.git("rev-parse", "main");
    this.all.push({
      id: 1 + this.all.length,
      environment,
      sha,
      ref: "main",
      tag: false,
      status: "running",
      user,
      ...more,
    });
  }

  /** Undefined for a call of something else. */
  answer({ route, body, query, by }: GitlabCall, id: number): GitlabAnswer | undefined {
    switch (route) {
      case "GET /projects/:id/environments": {
        const name = query.get("name");
        return answer(
          200,
          this.environments.filter((one) => name === null || one.name === name).map(environmentEntity),
        );
      }
      case "POST /projects/:id/environments":
        return this.#createEnvironment(body);
      case "PUT /projects/:id/environments/:id":
        return this.#updateEnvironment(id, body);
      case "GET /projects/:id/deployments":
        return this.#list(query);
      case "GET /projects/:id/deployments/:id": {
        const found = this.all.find((one) => one.id === id);
        return found === undefined ? notFound : answer(200, withApprovals(found));
      }
      case "POST /projects/:id/deployments":
        return this.#create(body, by);
      case "PUT /projects/:id/deployments/:id":
        return this.#update(id, String(body.status));
      default:
        return undefined;
    }
  }

  #createEnvironment({ name, external_url: url, tier = "other" }: Json): GitlabAnswer {
    const refused = wrongName(name) ?? wrongUrl(url);
    if (refused !== undefined) return refused;
    if (this.environments.some((one) => one.name === name)) {
      return refusal(400, { name: ["has already been taken"] });
    }
    return answer(201, environmentEntity(this.#environment(String(name), { url, tier })));
  }

  #environment(name: string, { url, tier }: { url?: unknown; tier?: unknown }): GitlabEnvironment {
    const id = 1 + this.environments.length;
    const made = { id, name, externalUrl: url === undefined ? null : String(url), tier: String(tier ?? "other") };
    this.environments.push(made);
    return made;
  }

  #updateEnvironment(id: number, { external_url: url }: Json): GitlabAnswer {
    const found = this.environments.find((one) => one.id === id);
    if (found === undefined) return notFound;
    const refused = wrongUrl(url);
    if (refused !== undefined) return refused;
    found.externalUrl = String(url);
    return answer(200, environmentEntity(found));
  }

  #list(query: URLSearchParams): GitlabAnswer {
    const name = query.get("environment");
    const found = this.all.filter(({ environment }) => name === null || environment.name === name);
    const sorted = query.get("sort") === "desc" ? found.toReversed() : found;
    return answer(200, sorted.slice(0, Number(query.get("per_page") ?? 20)).map(entityOf));
  }

  #create({ environment, sha, ref, tag, status }: Json, user: GitlabUser): GitlabAnswer {
    const refused = wrongName(environment);
    if (refused !== undefined) return refused;
    const has = (name: string) => this.#repository.git("for-each-ref", name) !== "";
    const commits = this.#repository.git("rev-list", "--all").split("\n");
    if (!commits.includes(String(sha))) return refusal(400, { sha: ["The commit does not exist"] });
    if (!has(`refs/${tag === true ? "tags" : "heads"}/${ref}`)) {
      return refusal(400, { ref: ["The branch or tag does not exist"] });
    }
    const name = String(environment);
    const made = {
      id: 1 + this.all.length,
      environment: this.environments.find((one) => one.name === name) ?? this.#environment(name, {}),
      sha: String(sha),
      ref: String(ref),
      tag: tag === true,
      status: String(status),
      user,
    };
    this.all.push(made);
    return answer(201, entityOf(made));
  }

  #update(id: number, status: string): GitlabAnswer {
    const found = this.all.find((one) => one.id === id);
    if (found === undefined) return notFound;
    const allowed = status === "running" ? found.status === "created" : found.status !== status;
    if (!allowed) return refusal(400, { status: [`Cannot transition from ${found.status} to ${status}`] });
    found.status = status;
    return answer(200, entityOf(found));
  }
}

function wrongName(name: unknown): GitlabAnswer | undefined {
  if (/^[a-zA-Z0-9_${}. -]+(?:\/[a-zA-Z0-9_${}. -]+)*$/.test(String(name))) return undefined;
  return refusal(400, { name: ["can contain only letters, digits, '-', '_', '/', '$', '{', '}', '.', and spaces"] });
}

function wrongUrl(url: unknown): GitlabAnswer | undefined {
  const isWrong = url !== undefined && (String(url).length > 255 || !/^https?:\/\//.test(String(url)));
  return isWrong ? refusal(400, { external_url: ["is blocked: Only allowed schemes are http, https"] }) : undefined;
}

const environmentEntity = ({ id, name, externalUrl, tier }: GitlabEnvironment): Json => ({
  id,
  name,
  slug: name.replaceAll("/", "-"),
  external_url: externalUrl,
  state: "available",
  tier,
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-01T00:00:00.000Z",
});

/** Alone it has its approvals. */
const withApprovals = (one: Deployment): Json => ({
  ...entityOf(one),
  ...(one.approvals === undefined
    ? {}
    : {
        pending_approval_count: 0,
        approvals: one.approvals.map(({ user, status, at }) => {
          return { user: userEntity(user), status, created_at: at, comment: "" };
        }),
      }),
});

const entityOf = ({ id, environment, sha, ref, status, user, job, at }: Deployment): Json => ({
  id,
  iid: id,
  ref,
  sha,
  created_at: at ?? "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-01T00:00:00.000Z",
  status,
  user: userEntity(user),
  environment: environmentEntity(environment),
  deployable:
    job === undefined
      ? null
      : { id: job.id, name: "promote", user: userEntity(job.user), pipeline: { id: job.pipeline, ref, sha } },
});
