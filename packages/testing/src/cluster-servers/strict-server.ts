import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";

/** A request as a strict server sees it. */
export interface StrictRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  body: string;
}

export interface StrictAnswer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

export interface ServerKey {
  key: string;
  cert: string;
}

/** What a server does instead of answering as it should. */
export type ServerFault =
  | { kind: "status"; status: number; headers?: Record<string, string>; body?: string }
  | { kind: "silent" }
  | { kind: "reset" }
  | { kind: "body"; body: string };

/**
 * A server on loopback that answers what it models and nothing else: what it does not is 501, and kept in `violations`, which
 * a test looks at.
 */
export abstract class StrictServer implements AsyncDisposable {
  readonly #server: Server;
  /** `GET /path?query`, in the order of asking. */
  readonly asked: string[] = [];
  /** What the real one would not have taken. */
  readonly violations: string[] = [];
  /** One for each of the next requests; undefined: it is answered. */
  faults: (ServerFault | undefined)[] = [];

  readonly #scheme: "http" | "https";

  /** @param tls its key and certificate in PEM: without them it is asked in the open */
  protected constructor(tls?: ServerKey) {
    this.#scheme = tls === undefined ? "http" : "https";
    const take = (request: IncomingMessage, response: ServerResponse) => void this.#take(request, response);
    this.#server = tls === undefined ? createServer(take) : createSecureServer(tls, take);
  }

  protected abstract answer(request: StrictRequest): StrictAnswer;

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  protected violate(what: string): StrictAnswer {
    this.violations.push(what);
    return { status: 501, body: `not modelled: ${what}` };
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request) body += chunk;
    this.asked.push(`${request.method} ${request.url}`);
    const { pathname, searchParams } = new URL(request.url ?? "/", this.url);
    const fault = this.faults.shift();
    switch (fault?.kind) {
      case "silent":
        return;
      case "reset":
        request.socket.destroy();
        return;
      case "status":
        response.writeHead(fault.status, fault.headers).end(fault.body ?? "");
        return;
      case "body":
        response.writeHead(200, { "content-type": "application/json" }).end(fault.body);
        return;
      case undefined:
        break;
    }
    const asked = { method: request.method ?? "", path: pathname, query: searchParams, headers: request.headers, body };
    const answer = this.answer(asked);
    const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
    const type = typeof answer.body === "string" ? "text/plain" : "application/json";
    response.writeHead(answer.status, { "content-type": type, ...answer.headers }).end(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
