import type { ServerResponse } from "node:http";

/** What a call meets instead of its answer. */
export type Fault =
  | { kind: "status"; status: number; headers?: Record<string, string>; body?: unknown }
  /** No answer at all. */
  | { kind: "silence" }
  /** The connection ends in the middle of the answer. */
  | { kind: "truncated" }
  /** A whole answer with half of its JSON, as of a proxy. */
  | { kind: "garbled" };

/** @param carried the answer of the call when it was carried out all the same */
export function breakAnswer(response: ServerResponse, fault: Fault, carried: { status: number; body: unknown }): void {
  if (fault.kind === "silence") return;
  if (fault.kind === "status") {
    response.writeHead(fault.status, { "content-type": "application/json", ...fault.headers });
    response.end(fault.body === undefined ? undefined : JSON.stringify(fault.body));
    return;
  }
  const text = JSON.stringify(carried.body);
  const half = text.slice(0, Math.max(1, text.length / 2));
  const type = { "content-type": "application/json" };
  if (fault.kind === "garbled") {
    response.writeHead(carried.status, type).end(`${half}"`);
    return;
  }
  response.writeHead(carried.status, { ...type, "content-length": String(Buffer.byteLength(text) + 1) });
  response.write(half, () => void response.destroy());
}
