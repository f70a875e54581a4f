import { once } from "node:events";
import { request as ask, createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { askBackend } from "./http-backend.ts";

/** How the server behaves; may be changed between requests. */
export interface GitServerBehaviour {
  /** Asked for as the password of basic authentication, with any user name. None: everyone may read and write. */
  token: string | undefined;
  /** May be read with the token, not written: pushes get 403. */
  readOnly: boolean;
  /** Milliseconds before each answer. */
  delay: number;
  /** So many pushes are taken in and then not answered: the connection ends. */
  dropAnswers: number;
  /** Called after a push whose answer is dropped was taken in. */
  afterDrop: () => void;
  /** Speaks the old protocol only. */
  oldProtocol: boolean;
  /** Answers every request with this status. */
  failWith: number | undefined;
  /** Sends every request on to this origin. */
  redirectTo: string | undefined;
  /** What begins with this path is asked of another origin: a forge has its API where its repositories are. */
  beside: { path: string; origin: string } | undefined;
  /** Changes an answer on its way: as a broken or hostile server would. */
  tamper: ((answer: Buffer, request: { method: string; url: string }) => Buffer) | undefined;
  /** Compresses answers where the client takes gzip. */
  gzip: boolean;
}

export interface RecordedRequest {
  method: string;
  url: string;
  /** The header as it came. */
  authorization: string | undefined;
  received: number;
  sent: number;
}

/** `git http-backend` on loopback for all repositories in a folder. Records what it was asked. */
export class GitServer implements AsyncDisposable {
  readonly behaviour: GitServerBehaviour;
  readonly requests: RecordedRequest[] = [];
  connections = 0;
  readonly #root: string;
  readonly #server: Server;

  private constructor(root: string, behaviour: Partial<GitServerBehaviour>) {
    this.#root = root;
    this.behaviour = {
      token: undefined,
      readOnly: false,
      delay: 0,
      dropAnswers: 0,
      afterDrop: () => {},
      oldProtocol: false,
      failWith: undefined,
      redirectTo: undefined,
      beside: undefined,
      tamper: undefined,
      gzip: false,
      ...behaviour,
    };
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: Error) => response.destroy(error));
    });
    // As web servers in front of Git have it. Node's own five seconds are over while a busy machine parses an answer.
    this.#server.keepAliveTimeout = 75_000;
    this.#server.on("connection", () => this.connections++);
  }

  /** Serves the bare repositories in `root` on a free port of 127.0.0.1. */
  static async start(root: string, behaviour: Partial<GitServerBehaviour> = {}): Promise<GitServer> {
    const server = new GitServer(root, behaviour);
    await new Promise<void>((resolve, reject) => {
      server.#server.once("error", reject);
      server.#server.listen(0, "127.0.0.1", resolve);
    });
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The URL of a repository in the folder. */
  url(name: string): string {
    return `${this.origin}/${name}`;
  }

  /** Forgets what was recorded. */
  reset(): void {
    this.requests.length = 0;
    this.connections = 0;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "", headers } = request;
    const { beside } = this.behaviour;
    if (beside !== undefined && url.startsWith(beside.path)) {
      const forwarded = ask(`${beside.origin}${url}`, { method, headers });
      request.pipe(forwarded);
      const [answer] = (await once(forwarded, "response")) as [IncomingMessage];
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      await pipeline(answer, response);
      return;
    }
    const record = { method, url, authorization: headers.authorization, received: 0, sent: 0 };
    this.requests.push(record);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    record.received = body.length;
    if (this.behaviour.delay > 0) await sleep(this.behaviour.delay);
    const refusal = this.#refuse(request);
    if (refusal !== undefined) {
      response.writeHead(refusal.status, refusal.headers).end(refusal.body);
      return;
    }
    const protocol = this.behaviour.oldProtocol ? undefined : headers["git-protocol"];
    const answer = await askBackend(this.#root, request, body, { user: "tester", protocol: protocol?.toString() });
    const isPush = method === "POST" && url.endsWith("/git-receive-pack");
    const zip = this.behaviour.gzip && /\bgzip\b/.test(headers["accept-encoding"]?.toString() ?? "");
    const { tamper } = this.behaviour;
    if (!isPush && !zip && tamper === undefined) {
      response.writeHead(answer.status, answer.headers);
      const counted = async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          record.sent += chunk.length;
          yield chunk;
        }
      };
      await pipeline(answer.body, counted, response);
      return;
    }
    // What is counted, changed or not sent at all is waited for.
    const whole = await collect(answer.body);
    if (isPush && this.behaviour.dropAnswers > 0) {
      this.behaviour.dropAnswers--;
      this.behaviour.afterDrop();
      request.socket.destroy();
      return;
    }
    const told = tamper?.(whole, { method, url }) ?? whole;
    const sent = zip ? gzipSync(told) : told;
    record.sent = sent.length;
    response.writeHead(answer.status, { ...answer.headers, ...(zip ? { "content-encoding": "gzip" } : {}) }).end(sent);
  }

  #refuse(request: IncomingMessage): { status: number; headers: Record<string, string>; body: string } | undefined {
    const { token, readOnly, failWith, redirectTo } = this.behaviour;
    const text = { "content-type": "text/plain" };
    if (redirectTo !== undefined) {
      return { status: 301, headers: { location: `${redirectTo}${request.url}` }, body: "" };
    }
    if (failWith !== undefined) return { status: failWith, headers: text, body: "The server is out of order.\n" };
    if (token !== undefined && passwordOf(request.headers.authorization) !== token) {
      return { status: 401, headers: { ...text, "www-authenticate": 'Basic realm="Git"' }, body: "Who are you?\n" };
    }
    if (readOnly && /git-receive-pack$/.test(request.url ?? "")) {
      return { status: 403, headers: text, body: "Write access to repository not granted.\n" };
    }
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** Basic authentication (RFC 7617); the scheme's case does not matter. */
function passwordOf(authorization: string | undefined): string | undefined {
  const encoded = /^basic +(\S+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, "base64").toString("utf8");
  return pair.slice(pair.indexOf(":") + 1);
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const collected: Buffer[] = [];
  for await (const chunk of chunks) collected.push(chunk);
  return Buffer.concat(collected);
}
