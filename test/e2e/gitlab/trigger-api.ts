import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { parseAllDocuments } from "yaml";
import { example } from "../acme/files.ts";

/** An input as the example's `spec: inputs` declares it. */
interface Spec {
  default?: string;
  options?: string[];
  regex?: string;
}

function declaredInputs(): Record<string, Spec> {
  const [header] = parseAllDocuments(example("gitlab/config.gitlab-ci.yml"));
  if (header === undefined) throw new Error("The example has no header.");
  return (header.toJSON() as { spec: { inputs: Record<string, Spec> } }).spec.inputs;
}

/** A pipeline that somebody asked for. */
export interface Triggered {
  ref: string;
  inputs: Record<string, string>;
}

/**
 * GitLab's API on loopback, of which it has one operation: `POST /projects/acme%2Fdeployments/trigger/pipeline`
 * (https://docs.gitlab.com/api/pipeline_triggers/), for one token. As GitLab it takes the inputs that the project's
 * `.gitlab-ci.yml`, the example, declares, and values that fit. Whatever else it is asked is in `violations`.
 */
export class TriggerApi implements AsyncDisposable {
  readonly triggered: Triggered[] = [];
  readonly violations: string[] = [];
  readonly #declared: Record<string, Spec>;
  readonly #token: string;
  readonly #server: Server;

  private constructor(token: string) {
    this.#token = token;
    this.#declared = declaredInputs();
    this.#server = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request) text += chunk;
      const [status, body] = this.#answer(request, text);
      if (status !== 201) this.violations.push(`${request.method} ${request.url}: ${JSON.stringify(body)}`);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  }

  static async start(token: string): Promise<TriggerApi> {
    const api = new TriggerApi(token);
    await new Promise<void>((resolve) => api.#server.listen(0, "127.0.0.1", resolve));
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/v4`;
  }

  #answer({ method, url }: IncomingMessage, text: string): [number, object] {
    if (`${method} ${url}` !== "POST /api/v4/projects/acme%2Fdeployments/trigger/pipeline") {
      return [501, { message: "not modelled" }];
    }
    const { token, ref, inputs = {}, ...rest } = JSON.parse(text) as Triggered & { token: string };
    if (Object.keys(rest).length > 0) return [501, { message: Object.keys(rest) }];
    if (token !== this.#token) return [404, { message: "404 Not Found" }];
    if (ref !== "main") return [400, { message: { base: ["Reference not found"] } }];
    const wrong = Object.entries(inputs).filter(([name, value]) => !this.#fits(name, value));
    if (wrong.length > 0) return [400, { message: { base: wrong } }];
    this.triggered.push({ ref, inputs });
    return [201, { id: 61, web_url: "https://gitlab.example/acme/deployments/-/pipelines/61" }];
  }

  #fits(name: string, value: unknown): boolean {
    const spec = this.#declared[name];
    if (spec === undefined || typeof value !== "string") return false;
    return (spec.options?.includes(value) ?? true) && new RegExp(spec.regex ?? "").test(value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
