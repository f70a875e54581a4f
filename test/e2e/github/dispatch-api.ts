import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

/** The body of a `repository_dispatch`, and of the event that a workflow gets for it. */
export interface Dispatch {
  event_type: string;
  client_payload: Record<string, string>;
}

/** GitHub's own schema of the body, in which a misspelt key is an error. */
function bodySchema(): ValidateFunction {
  const file = createRequire(import.meta.url).resolve("@octokit/openapi/generated/api.github.com.json");
  const description = JSON.parse(readFileSync(file, "utf8"));
  const { schema } = description.paths["/repos/{owner}/{repo}/dispatches"].post.requestBody.content["application/json"];
  const { components } = description;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  return ajv.compile({ ...schema, components, unevaluatedProperties: false });
}

/**
 * GitHub's API on loopback, of which it has one operation: the `repository_dispatch` of `acme/deployments`, for one
 * token. Whatever else it is asked is in `violations`.
 */
export class DispatchApi implements AsyncDisposable {
  readonly dispatched: Dispatch[] = [];
  readonly violations: string[] = [];
  readonly #schema = bodySchema();
  readonly #token: string;
  readonly #server: Server;

  private constructor(token: string) {
    this.#token = token;
    this.#server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      const { status, message } = this.#answer(request, body);
      if (status === 501) this.violations.push(`${message}`);
      response.writeHead(status).end(message === undefined ? undefined : JSON.stringify({ message }));
    });
  }

  static async start(token: string): Promise<DispatchApi> {
    const api = new DispatchApi(token);
    await new Promise<void>((resolve) => api.#server.listen(0, "127.0.0.1", resolve));
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #answer({ method, url, headers }: IncomingMessage, text: string): { status: number; message?: string } {
    if (!headers["user-agent"] || headers["x-github-api-version"] === undefined) {
      return { status: 501, message: "headers are missing" };
    }
    if (headers.authorization !== `Bearer ${this.#token}`) return { status: 401, message: "Bad credentials" };
    const route = `${method} ${url}`;
    if (route !== "POST /repos/acme/deployments/dispatches") return { status: 501, message: route };
    const body: unknown = JSON.parse(text);
    if (!this.#schema(body)) return { status: 501, message: JSON.stringify(this.#schema.errors) };
    this.dispatched.push(body as Dispatch);
    return { status: 204 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
