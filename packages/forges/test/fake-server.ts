import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export type Json = Record<string, unknown>;

export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | string[] | undefined>;
  body: Json;
}

export interface Answer {
  status: number;
  body?: unknown;
}

/** A forge's API on loopback, as a function. What it does not model it must answer with 501; `unmodelled` counts it. */
export class FakeServer implements AsyncDisposable {
  readonly calls: Call[] = [];
  unmodelled = 0;
  readonly #server: Server;

  private constructor(answer: (call: Call) => Answer) {
    this.#server = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request) text += chunk;
      const { method = "", url = "", headers } = request;
      const { pathname: path, searchParams: query } = new URL(url, "http://127.0.0.1");
      const call = { method, path, query, headers, body: text === "" ? {} : (JSON.parse(text) as Json) };
      this.calls.push(call);
      const { status, body } = answer(call);
      if (status === 501) this.unmodelled++;
      response.writeHead(status, { "content-type": "application/json" });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  static async start(answer: (call: Call) => Answer): Promise<FakeServer> {
    const server = new FakeServer(answer);
    await new Promise<void>((resolve) => void server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Routes that were asked, without their queries. */
  get routes(): string[] {
    return this.calls.map(({ method, path }) => `${method} ${path}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => void this.#server.close(resolve));
  }
}

/** Only these keys are in an object. */
export const only = (body: Json, ...keys: string[]): boolean => Object.keys(body).every((key) => keys.includes(key));
