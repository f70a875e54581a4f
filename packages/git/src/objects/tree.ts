import type { EntryAt, Sha } from "@glu/core";
import { MalformedReply } from "./malformed-reply.ts";

/** An entry of a tree. */
export interface TreeEntry {
  name: string;
  kind: EntryAt["kind"];
  executable: boolean;
  id: Sha;
}

/** An entry as it stands in the bytes of a tree. Numbers only: a folder may have tens of thousands. */
export interface RawEntry {
  mode: number;
  start: number;
  nameStart: number;
  nameEnd: number;
  end: number;
}

const [zero, space] = [0x30, 0x20];

/**
 * The entries of a tree object: `<mode> SP <name> NUL <id>`, again and again, with modes in octal and ids of 20 or 32
 * bytes.
 * @throws MalformedReply
 */
export function readTree(content: Buffer, idBytes: number): RawEntry[] {
  const entries: RawEntry[] = [];
  for (let start = 0; start < content.length; ) {
    let [mode, at] = [0, start];
    for (let byte = content[at]; byte !== space; byte = content[++at]) {
      const digit = byte === undefined ? -1 : byte - zero;
      mode = mode * 8 + digit;
      if (digit < 0 || digit > 7 || mode > 0o777777) throw damaged();
    }
    const nameStart = at + 1;
    const nameEnd = content.indexOf(0, nameStart);
    const end = nameEnd + 1 + idBytes;
    if (at === start || nameEnd <= nameStart || end > content.length) throw damaged();
    entries.push({ mode, start, nameStart, nameEnd, end });
    start = end;
  }
  return entries;
}

const damaged = () => new MalformedReply("It holds a damaged tree.");

/** The id of an entry in the bytes that it was read from. */
export function idOf(content: Buffer, { nameEnd, end }: RawEntry): Sha {
  return content.toString("hex", nameEnd + 1, end) as Sha;
}

/** A tree object by names. @throws MalformedReply */
export function parseTree(content: Buffer, idBytes: number): Map<string, TreeEntry> {
  const entries = new Map<string, TreeEntry>();
  for (const entry of readTree(content, idBytes)) {
    const { mode, nameStart, nameEnd } = entry;
    const name = content.toString("utf8", nameStart, nameEnd);
    entries.set(name, { name, kind: kindOf(mode), executable: (mode & 0o100) !== 0, id: idOf(content, entry) });
  }
  return entries;
}

function kindOf(mode: number): EntryAt["kind"] {
  const type = mode >> 12;
  if (type === 0o04) return "folder";
  if (type === 0o12) return "symlink";
  if (type === 0o16) return "submodule";
  return "file";
}
