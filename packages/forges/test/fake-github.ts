import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import type { Json } from "./fake-server.ts";

const listing = "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs";
const dispatches = "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches";

const description = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve("@octokit/openapi/generated/api.github.com.json"), "utf8"),
);
const ajv = new Ajv2020({ strict: false, validateFormats: false });
const compile = (schema: Json): ValidateFunction =>
  ajv.compile({ ...schema, components: description.components, unevaluatedProperties: false });
const schemas = {
  dispatch: compile(description.paths[dispatches].post.requestBody.content["application/json"].schema),
  details: compile(description.paths[dispatches].post.responses["200"].content["application/json"].schema),
};
const runFields = new Set(Object.keys(description.components.schemas["workflow-run"].properties));
const queryNames = new Set(
  (description.paths[listing].get.parameters as { $ref: string }[])
    .map(({ $ref }) => description.components.parameters[$ref.split("/").at(-1) ?? ""])
    .filter((one) => one.in === "query")
    .map(({ name }) => name as string),
);

const named = "name: smoke\nrun-name: Smoke test ${{ inputs.glu-key }}\non: { workflow_dispatch: {} }\n";

/**
 * `acme/config` on GitHub with `smoke.yml`, the default branch `trunk` and the branch `next`, and what GitHub refuses.
 * `violations` must stay empty.
 */
export class FakeGithub {
  /** What each token can do; others are not known to GitHub. */
  readonly #tokens: Readonly<Record<string, "actions" | "reader" | "stranger">>;
  /** Before the paths of the API, as on a server of one's own. */
  readonly #prefix: string;
  readonly violations: string[] = [];
  readonly urls: string[] = [];
  readonly dispatched: Json[] = [];
  /** Newest first. */
  runs: Json[] = [];
  file: string | undefined = named;
  details = true;
  /** Answers to give before the real one. */
  readonly first: { status: number; headers?: Record<string, string>; body?: string }[] = [];
  readonly server: Server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    this.#answer(request, response, text);
  });

  constructor(
    tokens: Readonly<Record<string, "actions" | "reader" | "stranger">> = {
      actions: "actions",
      reader: "reader",
      stranger: "stranger",
    },
    prefix = "",
  ) {
    this.#tokens = tokens;
    this.#prefix = prefix;
  }

  /** As it was made. */
  reset(): void {
    for (const list of [this.violations, this.urls, this.dispatched, this.first]) list.splice(0);
    Object.assign(this, { runs: [], file: named, details: true });
  }

  listen(): Promise<void> {
    return new Promise((resolve) => void this.server.listen(0, "127.0.0.1", resolve));
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  #answer({ method = "", url = "", headers }: IncomingMessage, response: ServerResponse, text: string): unknown {
    const say = (status: number, body?: unknown) =>
      void response.writeHead(status).end(body === undefined ? undefined : JSON.stringify(body));
    const violate = (what: string) => {
      this.violations.push(what);
      say(501, { message: what });
    };
    this.urls.push(`${method} ${url}`);
    const first = this.first.shift();
    if (first !== undefined) return void response.writeHead(first.status, first.headers).end(first.body);
    if (!headers["user-agent"] || headers["x-github-api-version"] !== "2022-11-28") return violate("headers");
    const token = this.#tokens[/^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1] ?? ""];
    if (token === undefined) return say(401, { message: "Bad credentials" });
    const { pathname: path, searchParams } = new URL(url, this.url);
    if (!path.startsWith(this.#prefix)) return violate(path);
    const pathname = path.slice(this.#prefix.length);
    const below = /^\/repos\/acme\/config(\/.*)?$/.exec(pathname);
    if (below === null || token === "stranger") return say(404, { message: "Not Found" });
    const route = `${method} ${below[1] ?? ""}`;
    if (route === "GET ") return say(200, { full_name: "acme/config", default_branch: "trunk" });
    const content = /^GET \/contents\/\.github\/workflows\/([^/]+)$/.exec(route)?.[1];
    if (content !== undefined) {
      if (token !== "actions") return say(403, { message: "Resource not accessible by integration" });
      return this.file === undefined || content !== "smoke.yml"
        ? say(404, { message: "Not Found" })
        : say(200, { type: "file", encoding: "base64", content: Buffer.from(this.file).toString("base64") });
    }
    const [, file, what] = /^(?:GET|POST) \/actions\/workflows\/([^/]+)\/(runs|dispatches)$/.exec(route) ?? [];
    if (file === undefined) return violate(route);
    if (file !== "smoke.yml") return say(404, { message: "Not Found" });
    return method === "GET" && what === "runs"
      ? this.#list(searchParams, { say, violate })
      : this.#dispatch(JSON.parse(text || "{}"), token, { say, violate });
  }

  #list(query: URLSearchParams, { say, violate }: Answers): unknown {
    for (const name of query.keys()) if (!queryNames.has(name)) return violate(`query ${name}`);
    const [after, perPage, page] = [query.get("created"), Number(query.get("per_page")), Number(query.get("page"))];
    if (perPage > 100 || !after?.startsWith(">=")) return violate(`${query}`);
    const known = this.runs.filter(
      (run) =>
        run.event === query.get("event") &&
        run.head_branch === query.get("branch") &&
        String(run.created_at) >= after.slice(2),
    );
    for (const name of known.flatMap(Object.keys)) if (!runFields.has(name)) return violate(`run.${name}`);
    return say(200, { total_count: known.length, workflow_runs: known.slice((page - 1) * perPage, page * perPage) });
  }

  #dispatch(body: Json, token: string | undefined, { say, violate }: Answers): unknown {
    if (token !== "actions") return say(403, { message: "Resource not accessible by integration" });
    if (!schemas.dispatch(body)) return violate(JSON.stringify(schemas.dispatch.errors));
    if (body.ref !== "trunk" && body.ref !== "next") return say(422, { message: `No ref found for: ${body.ref}` });
    const inputs = body.inputs as Json;
    const unknown = Object.keys(inputs).filter((name) => !["glu-key", "image"].includes(name));
    if (unknown.length > 0) return say(422, { message: `Unexpected inputs provided: ${JSON.stringify(unknown)}` });
    this.dispatched.push(body);
    const id = 100 + this.runs.length;
    this.runs.unshift(runNamed(`Smoke test ${inputs["glu-key"]}`, { id, head_branch: body.ref, status: "queued" }));
    const details = {
      workflow_run_id: id,
      run_url: `https://api.github.com/repos/acme/config/actions/runs/${id}`,
      html_url: pageOf(id),
    };
    if (!schemas.details(details)) return violate(JSON.stringify(schemas.details.errors));
    return this.details ? say(200, details) : say(204);
  }
}

interface Answers {
  say(status: number, body?: unknown): void;
  violate(what: string): void;
}

export const pageOf = (id: unknown) => `https://github.com/acme/config/actions/runs/${id}`;

/** A run as the listing has it. */
export function runNamed(title: string, more: Json = {}): Json {
  const id = more.id ?? 7;
  return {
    id,
    html_url: pageOf(id),
    display_title: title,
    event: "workflow_dispatch",
    head_branch: "trunk",
    status: "completed",
    conclusion: more.status === undefined ? "success" : null,
    created_at: "2026-11-21T07:00:00Z",
    run_started_at: "2026-11-21T07:00:02Z",
    ...more,
  };
}
