import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { plainGitEnvironment } from "../git/bare-fixture.ts";
import { processHost } from "../git/process-host.ts";

export interface BackendAnswer {
  status: number;
  headers: Record<string, string>;
  /** As it comes: a client may work on the beginning while the rest is made. */
  body: AsyncIterable<Buffer>;
}

/** Hands a request to `git http-backend` (git-http-backend(1)) by CGI (RFC 3875). */
export function askBackend(
  root: string,
  request: IncomingMessage,
  body: Buffer,
  options: { user: string; protocol: string | undefined },
): Promise<BackendAnswer> {
  const [path = "", query = ""] = (request.url ?? "").split("?", 2);
  const env: Record<string, string> = {
    ...plainGitEnvironment,
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: "1",
    PATH_INFO: decodeURIComponent(path),
    QUERY_STRING: query,
    REQUEST_METHOD: request.method ?? "GET",
    CONTENT_TYPE: request.headers["content-type"] ?? "",
    CONTENT_LENGTH: String(body.length),
    HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
    REMOTE_USER: options.user,
    REMOTE_ADDR: "127.0.0.1",
    ...(options.protocol === undefined ? {} : { GIT_PROTOCOL: options.protocol }),
  };
  return readAnswer(processHost().run({ program: theBackend(), args: [], cwd: root, env, input: body }));
}

let found: string | undefined;

/** The backend's own program: `git http-backend` would begin one more process to find it. */
function theBackend(): string {
  found ??= join(
    processHost()
      .runSync({ program: "git", args: ["--exec-path"], cwd: "/", env: plainGitEnvironment })
      .stdout.toString("utf8")
      .trim(),
    "git-http-backend",
  );
  return found;
}

async function readAnswer(output: AsyncIterable<Buffer>): Promise<BackendAnswer> {
  const chunks = output[Symbol.asyncIterator]();
  let begin = Buffer.alloc(0);
  let end = -1;
  while (end < 0) {
    const next = await chunks.next();
    if (next.done) throw new Error("git http-backend gave no answer");
    begin = Buffer.concat([begin, next.value]);
    end = begin.indexOf("\r\n\r\n");
  }
  const headers: Record<string, string> = {};
  for (const line of begin.toString("latin1", 0, end).split("\r\n")) {
    const colon = line.indexOf(":");
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const { status = "200", ...rest } = headers;
  async function* body(): AsyncGenerator<Buffer> {
    if (begin.length > end + 4) yield begin.subarray(end + 4);
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  return { status: Number.parseInt(status, 10), headers: rest, body: body() };
}
