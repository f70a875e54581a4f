import type { EntryAt, Sha } from "@glu/core";
import { MalformedReply } from "./malformed-reply.ts";

/** An entry of a tree. */
export interface TreeEntry {
  name: string;
  kind: EntryAt["kind"];
  executable: boolean;
  id: Sha;
}

/** An entry of a tree as its bytes are. */
export interface RawEntry {
  /** Octal, without leading zeros. */
  mode: string;
  name: Buffer;
  id: Sha;
  /** The whole entry. */
  bytes: Buffer;
}

/**
 * The entries of a tree object: `<mode> SP <name> NUL <id>`, again and again, with ids of 20 or 32 bytes.
 * @throws MalformedReply
 */
export function readTree(content: Buffer, idBytes: number): RawEntry[] {
  const entries: RawEntry[] = [];
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const nul = content.indexOf(0, space);
    const end = nul + 1 + idBytes;
    const mode = content.toString("latin1", at, Math.max(at, space)).replace(/^0+(?=.)/, "");
    if (!/^[0-7]{1,6}$/.test(mode) || nul <= space + 1 || end > content.length) {
      throw new MalformedReply("It holds a damaged tree.");
    }
    const id = content.toString("hex", nul + 1, end) as Sha;
    entries.push({ mode, name: content.subarray(space + 1, nul), id, bytes: content.subarray(at, end) });
    at = end;
  }
  return entries;
}

/** A tree object by names. @throws MalformedReply */
export function parseTree(content: Buffer, idBytes: number): Map<string, TreeEntry> {
  return new Map(
    readTree(content, idBytes).map(({ mode, name: bytes, id }) => {
      const bits = Number.parseInt(mode, 8);
      const name = bytes.toString("utf8");
      return [name, { name, kind: kindOf(bits), executable: (bits & 0o100) !== 0, id }];
    }),
  );
}

function kindOf(mode: number): EntryAt["kind"] {
  const type = mode >> 12;
  if (type === 0o04) return "folder";
  if (type === 0o12) return "symlink";
  if (type === 0o16) return "submodule";
  return "file";
}
