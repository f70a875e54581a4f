import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

export interface Link {
  /** Milliseconds that a byte takes there and another one back. */
  roundTrip: number;
  /** Bytes a second in each direction of each connection. */
  bandwidth: number;
}

/** A new connection waits so many round trips, which loopback does not have: one of TCP, one of TLS 1.3. */
const handshakes = 2;

/**
 * A TCP proxy on loopback as slow as a network, that counts what goes through it. It delays and paces; it does not
 * model slow start or loss, so a large answer comes quicker than over a real line of this round trip.
 */
export class SlowLink implements AsyncDisposable {
  connections = 0;
  /** Bytes from clients, and to them. HTTP's headers are in them. */
  sent = 0;
  received = 0;
  /** When the first byte came from a client, on the clock of `performance.now()`. */
  readonly firstByte: Promise<number>;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(port: number, link: Link) {
    let begun = (_at: number): void => {};
    this.firstByte = new Promise((resolve) => {
      begun = resolve;
    });
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      this.connections++;
      const server = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
      const open = performance.now() + handshakes * link.roundTrip;
      const count = (length: number) => {
        begun(performance.now());
        this.sent += length;
      };
      relay(client, server, { ...link, notBefore: open, count });
      relay(server, client, { ...link, notBefore: open, count: (length) => (this.received += length) });
      for (const [socket, other] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#sockets.add(socket);
        // One side that breaks off is a connection that breaks off.
        socket.on("error", () => other.destroy());
        socket.on("close", () => this.#sockets.delete(socket));
      }
    });
  }

  /** In front of a port of 127.0.0.1. */
  static async start(port: number, link: Link): Promise<SlowLink> {
    const proxy = new SlowLink(port, link);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once("error", reject);
      proxy.#server.listen(0, "127.0.0.1", resolve);
    });
    return proxy;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

interface Relay extends Link {
  /** Nothing gets through before. */
  notBefore: number;
  count(length: number): void;
}

/** Hands over every chunk, and the end, in order and each at its time. */
function relay(from: Socket, to: Socket, { roundTrip, bandwidth, notBefore, count }: Relay): void {
  const waiting: { at: number; chunk: Buffer | undefined }[] = [];
  let free = notBefore;
  let timer: NodeJS.Timeout | undefined;

  const deliver = (): void => {
    timer = undefined;
    const now = performance.now();
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (next.at > now) {
        timer = setTimeout(deliver, next.at - now);
        return;
      }
      waiting.shift();
      if (next.chunk === undefined) to.end();
      else if (!to.destroyed) to.write(next.chunk);
    }
  };
  const take = (chunk: Buffer | undefined): void => {
    free = Math.max(free, performance.now()) + ((chunk?.length ?? 0) / bandwidth) * 1000;
    waiting.push({ at: free + roundTrip / 2, chunk });
    if (timer === undefined) deliver();
  };
  from.on("data", (chunk) => {
    count(chunk.length);
    take(chunk);
  });
  from.on("end", () => take(undefined));
  from.on("close", () => {
    if (from.errored) to.destroy();
  });
}
