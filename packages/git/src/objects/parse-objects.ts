import type { EntryAt, Sha } from "@glu/core";
import { MalformedReply } from "./malformed-reply.ts";

/** An entry of a tree. */
export interface TreeEntry {
  name: string;
  kind: EntryAt["kind"];
  executable: boolean;
  id: Sha;
}

/** What a commit's header says. */
export interface CommitHeader {
  tree: Sha;
  /** Committer time in seconds since the epoch. */
  seconds: number;
}

/**
 * Parses a tree object: `<mode> SP <name> NUL <id>`, again and again, with ids of 20 or 32 bytes.
 * @throws MalformedReply
 */
export function parseTree(content: Buffer, idBytes: number): Map<string, TreeEntry> {
  const entries = new Map<string, TreeEntry>();
  let at = 0;
  while (at < content.length) {
    const space = content.indexOf(0x20, at);
    const nul = content.indexOf(0, space);
    const mode = Number.parseInt(content.toString("latin1", at, space), 8);
    const name = content.toString("utf8", space + 1, nul);
    if (space < at || nul <= space || nul + idBytes >= content.length || Number.isNaN(mode)) {
      throw new MalformedReply("It holds a damaged tree.");
    }
    at = nul + 1 + idBytes;
    const id = content.toString("hex", nul + 1, at) as Sha;
    entries.set(name, { name, kind: kindOf(mode), executable: (mode & 0o100) !== 0, id });
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

/** Parses the header of a commit object. */
export function parseCommit(content: Buffer): CommitHeader {
  const header = content.toString("latin1").split("\n\n", 1)[0] ?? "";
  const tree = /^tree ([0-9a-f]+)$/m.exec(header)?.[1];
  const seconds = /^committer .*> (-?\d+) [+-]\d{4}$/m.exec(header)?.[1];
  if (tree === undefined) throw new Error("Git gave a commit without a tree.");
  return { tree: tree as Sha, seconds: Number(seconds ?? 0) };
}
