import { type Answer, type Call, type Json, only } from "./fake-server.ts";

const filters = ["name", "ref", "order_by", "sort", "per_page", "page"];

/**
 * A project with the branches `main` and `trunk` and the inputs glu-key and image, by
 * https://docs.gitlab.com/api/pipelines/. A job's token sees no pipelines.
 */
export class FakeGitlab {
  readonly project: string;
  /** Newest first. */
  pipelines: Json[] = [];
  /** What `workflow: name` of the project gives. */
  nameOf: (inputs: Json) => string | null = (inputs) => String(inputs["glu-key"]);
  readonly #tokens: Readonly<Record<string, "api" | "reader">>;

  /** @param project its path, as the API's paths have it: `/api/v4/projects/acme%2Fconfig` */
  constructor(project: string, tokens: Readonly<Record<string, "api" | "reader">>) {
    this.project = project;
    this.#tokens = tokens;
  }

  answer({ method, path, query, headers, body }: Call): Answer {
    const can = this.#tokens[String(headers["private-token"])];
    if (can === undefined) return { status: 401, body: { message: "401 Unauthorized" } };
    if (!path.startsWith(this.project)) return { status: 404, body: { message: "404 Project Not Found" } };
    const route = `${method} ${path.slice(this.project.length)}`;
    if (route === "GET ") return { status: 200, body: { id: 8, default_branch: "trunk" } };
    if (route === "GET /pipelines") {
      if (![...query.keys()].every((name) => filters.includes(name))) return { status: 501 };
      const [name, ref] = [query.get("name"), query.get("ref")];
      return { status: 200, body: this.pipelines.filter((one) => one.name === name && one.ref === ref) };
    }
    if (route === "POST /pipeline") {
      return can === "api" ? this.#create(body) : { status: 403, body: { message: "403 Forbidden" } };
    }
    const renamed = /^PUT \/pipelines\/(\d+)\/metadata$/.exec(route)?.[1];
    if (renamed === undefined || !only(body, "name")) return { status: 501 };
    const found = this.pipelines.find(({ id }) => String(id) === renamed);
    if (found === undefined) return { status: 404, body: { message: "404 Not found" } };
    found.name = body.name;
    return { status: 200, body: found };
  }

  #create(body: Json): Answer {
    if (!only(body, "ref", "variables", "inputs")) return { status: 501 };
    const refuse = (base: string) => ({ status: 400, body: { message: { base: [base] } } });
    if (!["main", "trunk"].includes(String(body.ref))) return refuse("Reference not found");
    const inputs = body.inputs as Json;
    if (!only(inputs, "glu-key", "image")) return refuse("Given inputs not defined in the `spec` section");
    const made = pipelineNamed(this.nameOf(inputs), { id: 61, ref: body.ref, status: "created" });
    this.pipelines.unshift(made);
    return { status: 201, body: made };
  }
}

/** A pipeline as GitLab answers it. */
export function pipelineNamed(name: string | null, more: Json = {}): Json {
  const id = more.id ?? 47;
  return {
    id,
    status: "success",
    source: "api",
    ref: "trunk",
    name,
    web_url: `https://gitlab.example/acme/team/config/-/pipelines/${id}`,
    created_at: "2026-11-21T07:30:00.000Z",
    ...more,
  };
}
