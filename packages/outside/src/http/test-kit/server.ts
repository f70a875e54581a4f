import { createServer, type IncomingMessage, type RequestListener, type ServerOptions } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";

/** A request as it came. */
export interface Asked {
  line: string;
  headers: IncomingMessage["headers"];
  body: string;
}

/** A server on loopback that answers what it is told to, and notes what it was asked. */
export async function startServer(answer: RequestListener, tls?: ServerOptions & { key: string; cert: string }) {
  const asked: Asked[] = [];
  const listen: RequestListener = async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    asked.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
    answer(request, response);
  };
  const server = tls === undefined ? createServer(listen) : createSecureServer(tls, listen);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    port,
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
