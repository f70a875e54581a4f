import { MalformedReply } from "../../objects/malformed-reply.ts";

/**
 * Applies a delta to its base (gitformat-pack(5), "Deltified representation").
 * @throws MalformedReply when it reads or writes past an end, or is not for this base
 */
export function applyDelta(base: Buffer, delta: Buffer): Buffer {
  const source = readSize(delta, 0);
  const target = readSize(delta, source.end);
  if (source.size !== base.length) throw new MalformedReply("A delta is not for the object it names.");
  // Nothing is allocated on a server's word: a delta makes at most its base again with every copy.
  const parts: Buffer[] = [];
  let made = 0;
  let at = target.end;
  while (at < delta.length) {
    const op = delta[at++] ?? 0;
    const part = op & 0x80 ? copy() : insert();
    made += part.length;
    if (made > target.size) throw new MalformedReply("A delta makes more than it says.");
    parts.push(part);

    function copy(): Buffer {
      let offset = 0;
      let length = 0;
      for (let bit = 0; bit < 4; bit++) if (op & (1 << bit)) offset += (delta[at++] ?? 0) * 2 ** (8 * bit);
      for (let bit = 0; bit < 3; bit++) if (op & (0x10 << bit)) length += (delta[at++] ?? 0) * 2 ** (8 * bit);
      if (length === 0) length = 0x10000;
      if (at > delta.length || offset + length > base.length)
        throw new MalformedReply("A delta copies what is not there.");
      return base.subarray(offset, offset + length);
    }

    function insert(): Buffer {
      if (op === 0 || at + op > delta.length) throw new MalformedReply("A delta inserts what is not there.");
      at += op;
      return delta.subarray(at - op, at);
    }
  }
  if (made !== target.size) throw new MalformedReply("A delta makes less than it says.");
  return Buffer.concat(parts, made);
}

/** Sizes are little-endian groups of seven bits. */
function readSize(delta: Buffer, start: number): { size: number; end: number } {
  let size = 0;
  for (let index = 0; index < 5; index++) {
    const byte = delta[start + index];
    if (byte === undefined) break;
    size += (byte & 0x7f) * 2 ** (7 * index);
    if ((byte & 0x80) === 0) return { size, end: start + index + 1 };
  }
  throw new MalformedReply("A delta has no size.");
}

/**
 * A delta that makes `target` of `base`: their common beginning, what lies between, their common end. For trees, where
 * one or few neighbouring entries change, that is all there is to save.
 */
export function makeDelta(base: Buffer, target: Buffer): Buffer {
  const shorter = Math.min(base.length, target.length);
  let head = 0;
  while (head < shorter && base[head] === target[head]) head++;
  let tail = 0;
  while (tail < shorter - head && base[base.length - 1 - tail] === target[target.length - 1 - tail]) tail++;
  return Buffer.concat([
    writeSize(base.length),
    writeSize(target.length),
    ...copies(0, head),
    ...inserts(target.subarray(head, target.length - tail)),
    ...copies(base.length - tail, tail),
  ]);
}

function writeSize(size: number): Buffer {
  const bytes: number[] = [];
  let rest = size;
  do {
    bytes.push((rest % 0x80) | (rest >= 0x80 ? 0x80 : 0));
    rest = Math.floor(rest / 0x80);
  } while (rest > 0);
  return Buffer.from(bytes);
}

/** A copy takes at most 24 bits of length; 64 KiB are what every reader takes. */
function* copies(offset: number, length: number): Generator<Buffer> {
  for (let done = 0; done < length; done += 0x10000) {
    const at = offset + done;
    const size = Math.min(0x10000, length - done);
    const bytes = [0x80];
    for (let bit = 0; bit < 4; bit++) {
      const byte = Math.floor(at / 2 ** (8 * bit)) & 0xff;
      if (byte !== 0) push(1 << bit, byte);
    }
    for (let bit = 0; bit < 2 && size < 0x10000; bit++) {
      const byte = (size >> (8 * bit)) & 0xff;
      if (byte !== 0) push(0x10 << bit, byte);
    }
    yield Buffer.from(bytes);

    function push(flag: number, byte: number): void {
      bytes[0] = (bytes[0] ?? 0) | flag;
      bytes.push(byte);
    }
  }
}

function* inserts(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; at += 0x7f) {
    const part = content.subarray(at, at + 0x7f);
    yield Buffer.from([part.length]);
    yield part;
  }
}
