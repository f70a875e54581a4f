import { spawn } from "node:child_process";
import type { IncomingMessage } from "node:http";
import { plainGitEnvironment } from "../git/bare-fixture.ts";

export interface BackendAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** Hands a request to `git http-backend` (git-http-backend(1)) by CGI (RFC 3875) and waits for its whole answer. */
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
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["http-backend"], { env, stdio: ["pipe", "pipe", "ignore"] });
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stdin.on("error", () => child.stdin.destroy());
    child.on("error", reject);
    child.on("close", () => resolve(parseAnswer(Buffer.concat(output))));
    child.stdin.end(body);
  });
}

function parseAnswer(output: Buffer): BackendAnswer {
  const end = output.indexOf("\r\n\r\n");
  const headers: Record<string, string> = {};
  for (const line of output.toString("latin1", 0, end).split("\r\n")) {
    const colon = line.indexOf(":");
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const { status = "200", ...rest } = headers;
  return { status: Number.parseInt(status, 10), headers: rest, body: output.subarray(end + 4) };
}
