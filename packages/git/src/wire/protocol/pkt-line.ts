import { MalformedReply } from "../../objects/malformed-reply.ts";

/** One packet: data, or one of the three that carry none. */
export type Packet = Buffer | "flush" | "delimiter" | "response-end";

/** The longest packet, its four digits included (gitprotocol-common(5), "pkt-line Format"). */
const longest = 65520;

const special = ["flush", "delimiter", "response-end"] as const;

/** The packets of a whole answer. */
export function* readPackets(answer: Buffer): Generator<Packet> {
  let at = 0;
  while (at < answer.length) {
    const digits = answer.toString("latin1", at, at + 4);
    if (!/^[0-9a-f]{4}$/i.test(digits)) throw new MalformedReply("It holds a packet without a length.");
    const length = Number.parseInt(digits, 16);
    const none = special[length];
    if (none !== undefined) {
      at += 4;
      yield none;
      continue;
    }
    if (length < 4 || length > longest) throw new MalformedReply(`It holds a packet of ${length} bytes.`);
    if (at + length > answer.length) throw new MalformedReply("It ends within a packet.");
    yield answer.subarray(at + 4, at + length);
    at += length;
  }
}

/** A packet as text, without its line feed. */
export function textOf(packet: Buffer): string {
  const end = packet.at(-1) === 0x0a ? packet.length - 1 : packet.length;
  return packet.toString("utf8", 0, end);
}

export const flush = "0000";
export const delimiter = "0001";

/** A line as a packet. @throws Error when it is longer than a packet may be: the caller's bug */
export function packet(text: string): string {
  const length = Buffer.byteLength(text) + 4;
  if (length > longest) throw new Error(`A packet of ${length} bytes was asked for.`);
  return length.toString(16).padStart(4, "0") + text;
}
