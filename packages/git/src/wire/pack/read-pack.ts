import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import type { Sha } from "@glu/core";
import { MalformedReply, TooLarge } from "../../objects/malformed-reply.ts";
import { applyDelta } from "./delta.ts";
import { type GitObject, type ObjectType, objectId } from "./object.ts";

export interface PackLimits {
  /** Objects in one pack. */
  objects: number;
  /** Bytes of one object, inflated. */
  objectBytes: number;
  /** Bytes of all objects of a pack, inflated. */
  packBytes: number;
}

export const packLimits: PackLimits = { objects: 200_000, objectBytes: 64 << 20, packBytes: 256 << 20 };

const types: Record<number, ObjectType> = { 1: "commit", 2: "tree", 3: "blob", 4: "tag" };
const offsetDelta = 6;
const refDelta = 7;

type Entry = { object: GitObject } | { delta: Buffer; base: number | Sha };

/**
 * The objects of a pack (gitformat-pack(5), "pack-*.pack files have the following format"), each under the name that
 * its own bytes give it: a server cannot pass one object for another. Deltas whose base is neither in the pack nor
 * `known` are left out: a thin pack may hold them for objects that were never asked for.
 * @throws MalformedReply when it is cut off, damaged, or larger than the limits
 */
export function readPack(
  pack: Buffer,
  known: (id: Sha) => GitObject | undefined,
  limits: PackLimits = packLimits,
): Map<Sha, GitObject> {
  const entries = readEntries(pack, limits);
  const objects = new Map<Sha, GitObject>();
  const resolved = new Map<number, GitObject>();
  let bytes = 0;
  const keep = (offset: number, object: GitObject): void => {
    bytes += object.content.length;
    if (bytes > limits.packBytes) throw new TooLarge(`It holds more than ${limits.packBytes} bytes.`);
    resolved.set(offset, object);
    objects.set(objectId(object), object);
  };
  let open: [number, Extract<Entry, { delta: Buffer }>][] = [];
  for (const [offset, entry] of entries) {
    if ("object" in entry) keep(offset, entry.object);
    else open.push([offset, entry]);
  }
  // A base may itself be a delta, and one that is named may come later: as long as a round resolves some, go on.
  while (open.length > 0) {
    const left: typeof open = [];
    for (const [offset, { delta, base }] of open) {
      const on = typeof base === "number" ? resolved.get(base) : (objects.get(base) ?? known(base));
      if (on === undefined) left.push([offset, { delta, base }]);
      else keep(offset, { type: on.type, content: applyDelta(on.content, delta) });
    }
    if (left.length === open.length) break;
    open = left;
  }
  return objects;
}

function readEntries(pack: Buffer, limits: PackLimits): Map<number, Entry> {
  const end = pack.length - 20;
  if (end < 12 || pack.toString("latin1", 0, 4) !== "PACK") throw new MalformedReply("It holds no pack.");
  const version = pack.readUInt32BE(4);
  if (version !== 2 && version !== 3) throw new MalformedReply(`It holds a pack of version ${version}.`);
  if (!createHash("sha1").update(pack.subarray(0, end)).digest().equals(pack.subarray(end))) {
    throw new MalformedReply("Its pack is damaged: the checksum is another one.");
  }
  const count = pack.readUInt32BE(8);
  if (count > limits.objects) throw new TooLarge(`It holds ${count} objects.`);
  const entries = new Map<number, Entry>();
  let inflated = 0;
  let at = 12;
  for (let index = 0; index < count; index++) {
    const offset = at;
    const head = readHead(pack, at, end);
    if (head.size > limits.objectBytes) throw new MalformedReply(`It holds an object of ${head.size} bytes.`);
    inflated += head.size;
    if (inflated > limits.packBytes) throw new TooLarge(`It holds more than ${limits.packBytes} bytes.`);
    const { content, length } = inflate(pack.subarray(head.end, end), head.size);
    at = head.end + length;
    if (head.base !== undefined) {
      // A base comes before its delta, so chains have no loops.
      const base = typeof head.base === "number" ? offset - head.base : head.base;
      if (typeof base === "number" && !entries.has(base)) throw new MalformedReply("A delta has no base.");
      entries.set(offset, { delta: content, base });
    } else if (head.type !== undefined) entries.set(offset, { object: { type: head.type, content } });
  }
  if (at !== end) throw new MalformedReply("There is something after the last object.");
  return entries;
}

interface Head {
  type: ObjectType | undefined;
  /** How far back the base begins, or its name. */
  base: number | Sha | undefined;
  /** Bytes, inflated. */
  size: number;
  end: number;
}

/** Type and size: three bits and four, then groups of seven; then the base of a delta. */
function readHead(pack: Buffer, start: number, limit: number): Head {
  let at = start;
  const next = (): number => {
    const byte = at < limit ? pack[at++] : undefined;
    if (byte === undefined) throw new MalformedReply("Its pack ends within an object.");
    return byte;
  };
  let byte = next();
  const kind = (byte >> 4) & 7;
  let size = byte & 0x0f;
  for (let unit = 16; byte & 0x80; unit *= 0x80) {
    if (unit > 2 ** 40) throw new MalformedReply("An object has no size.");
    byte = next();
    size += (byte & 0x7f) * unit;
  }
  if (kind === refDelta) {
    if (at + 20 > limit) throw new MalformedReply("Its pack ends within an object.");
    return { type: undefined, base: pack.toString("hex", at, at + 20) as Sha, size, end: at + 20 };
  }
  if (kind === offsetDelta) {
    byte = next();
    let back = byte & 0x7f;
    while (byte & 0x80) {
      if (back > 2 ** 40) throw new MalformedReply("A delta has no base.");
      byte = next();
      back = (back + 1) * 0x80 + (byte & 0x7f);
    }
    return { type: undefined, base: back, size, end: at };
  }
  const type = types[kind];
  if (type === undefined) throw new MalformedReply(`It holds an object of type ${kind}.`);
  return { type, base: undefined, size, end: at };
}

/** Bytes that are allocated at once, on a server's word: what zlib takes, and what it costs when it was a lie. */
const chunks = { least: 64, most: 1 << 20 };

/** Inflates one object, and tells how long it was in the pack. Never makes more than it said. */
function inflate(from: Buffer, size: number): { content: Buffer; length: number } {
  let inflated: { buffer: Buffer; engine: { bytesWritten: number } };
  try {
    // A chunk holds the whole object, and a byte by which the engine sees its end: with Node's own size, small objects
    // would each keep 16 KiB, and large ones be put together again. With `info` it tells how much it read; the types of
    // Node do not say so.
    const chunkSize = Math.min(Math.max(size + 1, chunks.least), chunks.most);
    inflated = inflateSync(from, { info: true, maxOutputLength: Math.max(1, size), chunkSize }) as never;
  } catch {
    throw new MalformedReply("It holds an object that cannot be inflated to what it says.");
  }
  if (inflated.buffer.length !== size) throw new MalformedReply("It holds an object of another size than it says.");
  return { content: inflated.buffer, length: inflated.engine.bytesWritten };
}
