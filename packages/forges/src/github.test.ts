import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { GluError } from "@glu/core";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createRequests } from "./requests.ts";

type Json = Record<string, unknown>;
const dispatches = "/repos/{owner}/{repo}/dispatches";
const workflowDispatches = "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches";

/** GitHub's own schema of an operation's body or answer, in which a misspelt key is an error. */
function githubSchema(): (path: string, status?: string) => ValidateFunction {
  const file = createRequire(import.meta.url).resolve("@octokit/openapi/generated/api.github.com.json");
  const description = JSON.parse(readFileSync(file, "utf8"));
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  return (path, status) => {
    const operation = description.paths[path].post;
    const content = (status === undefined ? operation.requestBody : operation.responses[status]).content;
    const schema = content["application/json"].schema;
    // The answer's schema refers to others; what the description needs of them lies beside it.
    const { components } = description;
    return ajv.compile({ ...schema, components, unevaluatedProperties: false });
  };
}

/** One config repository on GitHub, and what GitHub refuses. `violations` must stay empty. */
class FakeGithub {
  readonly violations: string[] = [];
  readonly dispatched: Json[] = [];
  readonly urls: string[] = [];
  /** Answers to give before the real one. */
  readonly first: { status: number; headers?: Record<string, string>; body?: string }[] = [];
  details = true;
  readonly server: Server;
  readonly #schemas: Record<"repository" | "workflow" | "details", ValidateFunction>;

  constructor(schema: ReturnType<typeof githubSchema>) {
    this.#schemas = {
      repository: schema(dispatches),
      workflow: schema(workflowDispatches),
      details: schema(workflowDispatches, "200"),
    };
    this.server = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request) text += chunk;
      this.#answer(request, response, text);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  #answer(request: IncomingMessage, response: ServerResponse, text: string): unknown {
    const say = (status: number, body?: Json, headers = {}) =>
      void response.writeHead(status, headers).end(body === undefined ? undefined : JSON.stringify(body));
    const violate = (what: string) => {
      this.violations.push(what);
      say(501, { message: what });
    };
    const { method = "", url = "", headers } = request;
    this.urls.push(url);
    const first = this.first.shift();
    if (first !== undefined) return void response.writeHead(first.status, first.headers).end(first.body);
    if (!headers["user-agent"] || headers["x-github-api-version"] !== "2022-11-28") return violate("headers");
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
    // Each token can do what its name says.
    if (!["contents", "actions", "reader", "stranger"].includes(token ?? ""))
      return say(401, { message: "Bad credentials" });
    if (!url.startsWith("/repos/acme/config") || token === "stranger") return say(404, { message: "Not Found" });
    const route = `${method} ${url.slice("/repos/acme/config".length)}`;
    if (route === "GET ") return say(200, { full_name: "acme/config", default_branch: "trunk" });
    const body: Json = text === "" ? {} : JSON.parse(text);
    const denied = { message: "Resource not accessible by integration" };
    if (route === "POST /dispatches") {
      if (token !== "contents") return say(403, denied);
      if (!this.#schemas.repository(body)) return violate(JSON.stringify(this.#schemas.repository.errors));
      this.dispatched.push(body);
      return say(204);
    }
    const workflow = /^POST \/actions\/workflows\/([^/]+)\/dispatches$/.exec(route)?.[1];
    if (workflow === undefined) return violate(route);
    if (token !== "actions") return say(403, denied);
    if (workflow !== "promote.yml") return say(404, { message: "Not Found" });
    if (!this.#schemas.workflow(body)) return violate(JSON.stringify(this.#schemas.workflow.errors));
    if (!["trunk", "main"].includes(String(body.ref))) return say(422, { message: `No ref found for: ${body.ref}` });
    const unknown = Object.keys(body.inputs as Json).filter(
      (name) => !["app", "environment", "artifact"].includes(name),
    );
    if (unknown.length > 0) return say(422, { message: `Unexpected inputs provided: ${JSON.stringify(unknown)}` });
    this.dispatched.push(body);
    const run = "https://github.com/acme/config/actions/runs/22";
    const details = {
      workflow_run_id: 22,
      run_url: "https://api.github.com/repos/acme/config/actions/runs/22",
      html_url: run,
    };
    if (!this.#schemas.details(details)) return violate(JSON.stringify(this.#schemas.details.errors));
    return this.details ? say(200, details) : say(204);
  }
}

let github: FakeGithub;
const schemas = githubSchema();
beforeAll(async () => {
  github = new FakeGithub(schemas);
  await new Promise<void>((resolve) => github.server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  github.server.closeAllConnections();
  github.server.close();
});
afterEach(() => {
  expect(github.violations.splice(0)).toEqual([]);
  expect(github.urls.splice(0).join()).not.toMatch(/contents|stranger|reader/);
  github.dispatched.splice(0);
  github.first.splice(0);
  github.details = true;
});

const inputs = { app: "frontend", environment: "production", artifact: "latest" };
function ask(target: string, token: string | undefined, values: Record<string, string> = inputs) {
  const slept: number[] = [];
  const clock = { now: () => 1_700_000_000_000, random: () => 1, sleep: async (ms: number) => void slept.push(ms) };
  const options = { forge: "github", apiUrl: `${github.url}/`, serverUrl: "https://github.com", token, clock } as const;
  return { answer: createRequests(options).request(target, values), slept };
}

describe("a request on GitHub", () => {
  it("to a repository is an event with the inputs as its payload", async () => {
    await expect(ask("acme/config", "contents").answer).resolves.toEqual({
      url: "https://github.com/acme/config/actions",
    });
    expect(github.dispatched).toEqual([{ event_type: "glu-promote", client_payload: inputs }]);
  });

  it("to a workflow runs it and links to the run", async () => {
    await expect(ask("acme/config/promote.yml@main", "actions").answer).resolves.toEqual({
      url: "https://github.com/acme/config/actions/runs/22",
    });
    expect(github.dispatched).toEqual([{ ref: "main", inputs, return_run_details: true }]);
  });

  it("to a workflow without a ref runs on the default branch", async () => {
    await ask("acme/config/promote.yml", "actions").answer;
    expect(github.dispatched).toMatchObject([{ ref: "trunk" }]);
  });

  it("links to the workflow where the server names no run", async () => {
    github.details = false;
    await expect(ask("acme/config/promote.yml@main", "actions").answer).resolves.toEqual({
      url: "https://github.com/acme/config/actions/workflows/promote.yml",
    });
  });

  it.each([
    ["acme/config", "wrong", "forge/unauthorised", "contents: write"],
    ["acme/config", "reader", "forge/forbidden", "permissions: { contents: write }"],
    ["acme/config", "stranger", "forge/not-found", "GITHUB_TOKEN cannot reach another repository"],
    ["acme/config/promote.yml@main", "contents", "forge/forbidden", "permissions: { actions: write }"],
    ["acme/config/other.yml@main", "actions", "forge/not-found", ".github/workflows/other.yml"],
    ["acme/config/promote.yml@gone", "actions", "forge/invalid-request", "Check that gone exists"],
    ["acme/nope/promote.yml", "actions", "forge/not-found", "metadata: read"],
  ])("to %s with the token %s is %s and says what to do", async (target, token, code, fix) => {
    const error = await ask(target, token).answer.catch((thrown) => thrown);
    expect(error).toBeInstanceOf(GluError);
    expect(error).toMatchObject({ code, fix: expect.stringContaining(fix), exitCode: 2 });
    expect(github.dispatched).toEqual([]);
  });

  it("with an input that the workflow does not declare names it", async () => {
    await expect(ask("acme/config/promote.yml@main", "actions", { reasn: "x" }).answer).rejects.toMatchObject({
      code: "forge/invalid-request",
      seen: expect.stringContaining("reasn"),
    });
  });

  it("with more inputs than GitHub takes is refused before it is sent", async () => {
    const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`i${index}`, "x"]));
    await expect(ask("acme/config", "contents", many).answer).rejects.toMatchObject({ code: "input/request" });
    expect(github.urls).toEqual([]);
  });

  it("without a token says where to give one", async () => {
    await expect(ask("acme/config", undefined).answer).rejects.toMatchObject({ code: "forge/no-token" });
    await expect(ask("acme/config", "").answer).rejects.toMatchObject({ code: "forge/no-token" });
  });

  it("waits as long as GitHub asks, by either of its limits", async () => {
    github.first.push(
      { status: 403, headers: { "retry-after": "3" }, body: '{"message":"You have exceeded a secondary rate limit"}' },
      { status: 429, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000009" } },
      { status: 502, body: "<html>Bad gateway</html>" },
    );
    const { answer, slept } = ask("acme/config", "contents");
    await answer;
    expect(slept).toEqual([3000, 9000, 2000]);
    expect(github.dispatched).toHaveLength(1);
  });

  it("does not follow a redirect with the token", async () => {
    github.first.push({ status: 307, headers: { location: "http://127.0.0.1:1/" } });
    await expect(ask("acme/config", "contents").answer).rejects.toMatchObject({ code: "forge/moved" });
  });

  it("shows no token that the server repeats", async () => {
    github.first.push({ status: 422, body: JSON.stringify({ message: "bad token contents" }) });
    const error = await ask("acme/config", "contents").answer.catch((thrown) => thrown);
    expect(error.seen).toBe("422: bad token ***");
  });
});
