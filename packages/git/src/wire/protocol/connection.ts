import { type Agent, type IncomingMessage, type OutgoingHttpHeaders, request as requestHttp } from "node:http";
import { createGunzip } from "node:zlib";
import { GluError, OutsideError } from "@glu/core";
import { MalformedReply, TooLarge } from "../../objects/malformed-reply.ts";
import { WireUnfit } from "../wire-unfit.ts";

export interface Answer {
  status: number;
  contentType: string;
  /** Where a redirect leads. */
  redirected: string | undefined;
  /** What to wait before another try, as the server says it. */
  retryAfter: string | undefined;
  body: Buffer;
}

export interface Ask {
  method: "GET" | "POST";
  /** After the repository's URL, such as `/git-upload-pack`. */
  path: string;
  headers: OutgoingHttpHeaders;
  body?: Buffer;
  /** Bytes of the answer after which it is given up. */
  limit: number;
  /** Whether it may be sent again when a kept connection turns out to be closed: true for what only reads. */
  again: boolean;
}

export interface ConnectionOptions {
  /** `https://host/owner/name.git`, without credentials. */
  url: string;
  /** One connection, kept alive; through a proxy where one is set. */
  agent: Agent;
  /** The whole value of the `Authorization` header; asked before each request. */
  authorization: (() => Promise<string>) | undefined;
  userAgent: string;
  /** Certificates in PEM that are trusted instead of Node's. */
  authorities?: Buffer | undefined;
  /** Milliseconds without a byte after which the server counts as dead. */
  idle?: number;
  /** Milliseconds after which an answer is given up, however steadily it comes. */
  deadline?: number;
}

/** What has gone over a connection. */
export interface Traffic {
  requests: number;
  /** Bodies, as they came: compressed where they were. */
  bytesReceived: number;
  bytesSent: number;
  milliseconds: number;
}

const tlsProblem = /^(?:CERT_|ERR_TLS|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_SSL|EPROTO|HOSTNAME_MISMATCH)/;

/** Git's smart HTTP to one repository, over one kept-alive connection; requests go one after another. */
export class Connection {
  readonly traffic: Traffic = { requests: 0, bytesReceived: 0, bytesSent: 0, milliseconds: 0 };
  /** Resolves when the first request has left, or could not. */
  readonly asked: Promise<void>;
  readonly #options: ConnectionOptions;
  #left: () => void = () => {};
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.asked = new Promise((resolve) => {
      this.#left = resolve;
    });
  }

  /**
   * @throws WireUnfit when the server's certificate is not trusted here: Git may have been told of another authority
   * @throws MalformedReply when the answer is larger than the limit, or ends too early
   * @throws OutsideError `repository/unreachable`
   */
  ask(ask: Ask): Promise<Answer> {
    const answer = this.#last.then(() => this.#timed(ask));
    this.#last = answer.catch(() => undefined); // Whoever asked gets the error; the next request may go.
    return answer;
  }

  async #timed(ask: Ask): Promise<Answer> {
    const started = performance.now();
    try {
      return await this.#send(ask);
    } finally {
      this.traffic.milliseconds += performance.now() - started;
    }
  }

  async #send(ask: Ask): Promise<Answer> {
    this.traffic.requests += 1;
    this.traffic.bytesSent += ask.body?.length ?? 0;
    try {
      return await this.#exchange(ask);
    } catch (error) {
      // A server closes a connection that has idled; whether ours was still open shows only when it is used.
      if (error instanceof StaleConnection && ask.again) return this.#send({ ...ask, again: false });
      throw this.#explain(error);
    }
  }

  async #exchange({ method, path, headers, body, limit }: Ask): Promise<Answer> {
    const { url, agent, userAgent, authorities, idle = 60_000, deadline = 600_000 } = this.#options;
    // A proxy's agent looks at which of the two asks. OpenSSL takes five milliseconds to load.
    const send = url.startsWith("https:") ? (await import("node:https")).request : requestHttp;
    const authorization = await this.#options.authorization?.().catch((error: unknown) => {
      this.#left();
      throw error;
    });
    return new Promise((resolve, reject) => {
      const request = send(`${url}${path}`, {
        method,
        agent,
        // With the request and not with the agent: a proxy's agent passes on only these.
        ...(authorities === undefined ? {} : { ca: authorities }),
        headers: {
          "user-agent": userAgent,
          "accept-encoding": "gzip",
          ...(authorization === undefined ? {} : { authorization }),
          ...(body === undefined ? {} : { "content-length": body.length }),
          ...headers,
        },
      });
      const timer = setTimeout(() => request.destroy(timeout("did not finish its answer", deadline)), deadline);
      const fail = (error: Error): void => {
        clearTimeout(timer);
        this.#left();
        request.destroy();
        const code = (error as NodeJS.ErrnoException).code;
        const stale = request.reusedSocket && (code === "ECONNRESET" || code === "EPIPE");
        reject(stale ? new StaleConnection(error.message, { cause: error }) : error);
      };
      request.setTimeout(idle, () => request.destroy(timeout("sent nothing", idle)));
      request.on("error", fail);
      request.on("finish", () => this.#left());
      request.on("response", (response) => {
        this.#collect(response, limit).then((collected) => {
          clearTimeout(timer);
          resolve({ ...headOf(response), body: collected });
        }, fail);
      });
      request.end(body);
    });
  }

  async #collect(response: IncomingMessage, limit: number): Promise<Buffer> {
    const compressed = response.headers["content-encoding"] === "gzip";
    response.on("data", (chunk: Buffer) => {
      this.traffic.bytesReceived += chunk.length;
    });
    const chunks: Buffer[] = [];
    let received = 0;
    const body = compressed ? response.pipe(createGunzip()) : response;
    if (compressed) response.on("error", (error) => body.destroy(error));
    response.on("aborted", () => body.destroy(new MalformedReply("Its answer ends too early.")));
    for await (const chunk of body) {
      received += (chunk as Buffer).length;
      if (received > limit) throw new TooLarge(`Its answer is larger than ${limit} bytes.`);
      chunks.push(chunk as Buffer);
    }
    if (!response.complete) throw new MalformedReply("Its answer ends too early.");
    return Buffer.concat(chunks, received);
  }

  #explain(error: unknown): unknown {
    if (error instanceof MalformedReply || error instanceof GluError) return error;
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (tlsProblem.test(code))
      return new WireUnfit(`The certificate of ${this.#options.url} is not trusted: ${message}`);
    if (/^Z_/.test(code)) return new MalformedReply("Its answer is not the gzip that it says.");
    if (error instanceof Error) {
      return new OutsideError("repository/unreachable", `${this.#options.url} cannot be reached: ${message}`, {
        seen: code || message,
        fix: "Check the location and that the server answers, then run again.",
        transient: true,
        cause: error,
      });
    }
    return error;
  }

  /** Closes the connection. */
  close(): void {
    this.#options.agent.destroy();
  }
}

class StaleConnection extends Error {}

function timeout(what: string, milliseconds: number): Error {
  return Object.assign(new Error(`It ${what} for ${milliseconds / 1000} s.`), { code: "ETIMEDOUT" });
}

function headOf({ statusCode = 0, headers }: IncomingMessage): Omit<Answer, "body"> {
  return {
    status: statusCode,
    contentType: (headers["content-type"] ?? "").split(";")[0]?.trim() ?? "",
    redirected: statusCode >= 300 && statusCode < 400 ? headers.location : undefined,
    retryAfter: headers["retry-after"],
  };
}
