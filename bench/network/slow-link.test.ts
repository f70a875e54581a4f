import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { type Link, SlowLink } from "./slow-link.ts";

/** A server that sends back what it gets, behind a link. */
async function echo(link: Link) {
  const server = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const slow = await SlowLink.start((server.address() as AddressInfo).port, link);
  return {
    slow,
    async ask(bytes: Buffer): Promise<{ answer: Buffer; took: number }> {
      const started = performance.now();
      const socket = connect(Number(new URL(slow.origin).port), "127.0.0.1");
      await once(socket, "connect");
      socket.end(bytes);
      return { answer: await buffer(socket), took: performance.now() - started };
    },
    async [Symbol.asyncDispose]() {
      await slow[Symbol.asyncDispose]();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

describe("a slow link", () => {
  it("hands over every byte in order and counts them both ways, and the connections", async () => {
    await using server = await echo({ roundTrip: 2, bandwidth: Number.POSITIVE_INFINITY });
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
    expect((await server.ask(bytes)).answer.equals(bytes)).toBe(true);
    expect((await server.ask(Buffer.from("x"))).answer.toString()).toBe("x");
    const { connections, sent, received } = server.slow;
    expect({ connections, sent, received }).toEqual({ connections: 2, sent: 300_001, received: 300_001 });
  });

  it("takes two round trips more for a new connection, and one for question and answer", async () => {
    await using server = await echo({ roundTrip: 40, bandwidth: Number.POSITIVE_INFINITY });
    expect((await server.ask(Buffer.from("x"))).took).toBeGreaterThan(3 * 40 - 5);
  });

  it("lets through so many bytes a second", async () => {
    await using server = await echo({ roundTrip: 0, bandwidth: 1_000_000 });
    expect((await server.ask(Buffer.alloc(100_000))).took).toBeGreaterThan(95);
  });
});
