import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import type { Sha } from "@glu/core";
import { makeDelta } from "./delta.ts";
import type { GitObject } from "./object.ts";

/** An object to send, and one that the server has and that it is much like. */
export interface Outgoing {
  object: GitObject;
  base?: { id: Sha; content: Buffer };
}

const typeNumbers = { commit: 1, tree: 2, blob: 3, tag: 4, delta: 7 } as const;

/**
 * A pack (gitformat-pack(5)). Objects with a base go as deltas against it where that is shorter, which makes the pack
 * thin: only a server that has the bases can read it.
 */
export function writePack(objects: readonly Outgoing[]): Buffer {
  const header = Buffer.alloc(12);
  header.write("PACK", "latin1");
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(objects.length, 8);
  const body = Buffer.concat([header, ...objects.flatMap(entryOf)]);
  return Buffer.concat([body, createHash("sha1").update(body).digest()]);
}

function entryOf({ object: { type, content }, base }: Outgoing): Buffer[] {
  if (base !== undefined) {
    const delta = makeDelta(base.content, content);
    if (delta.length < content.length / 2) {
      return [head(typeNumbers.delta, delta.length), Buffer.from(base.id, "hex"), deflateSync(delta)];
    }
  }
  return [head(typeNumbers[type], content.length), deflateSync(content)];
}

function head(type: number, size: number): Buffer {
  const bytes = [(type << 4) | (size & 0x0f)];
  let rest = Math.floor(size / 16);
  while (rest > 0) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80;
    bytes.push(rest & 0x7f);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from(bytes);
}
