import type { Identity, Sha } from "@glu/core";
import { MalformedReply } from "./malformed-reply.ts";

/** What a commit object says. */
export interface ReadCommit {
  tree: Sha;
  parents: Sha[];
  /** Committer time. */
  seconds: number;
  author: Identity;
  message: string;
}

/**
 * Parses a commit object. A message in another encoding than UTF-8 says so in its header. Old tools wrote authors and
 * committers in many ways, which Git reads: only a tree must be there.
 * @throws MalformedReply
 */
export function readCommit(content: Buffer): ReadCommit {
  const blank = content.indexOf("\n\n");
  const end = blank < 0 ? content.length : blank;
  const header = content.toString("latin1", 0, end);
  const tree = /^tree ([0-9a-f]{40,64})$/m.exec(header)?.[1];
  if (tree === undefined) throw new MalformedReply("It holds a damaged commit.");
  const seconds = /^committer .*> (-?\d+)/m.exec(header)?.[1];
  const [, name = "", email = ""] = /^author ([^<\n]*?) ?<([^>\n]*)/m.exec(header) ?? [];
  const decode = decoder(/^encoding (\S+)$/m.exec(header)?.[1]);
  return {
    tree: tree as Sha,
    parents: [...header.matchAll(/^parent ([0-9a-f]{40,64})$/gm)].map(([, id]) => id as Sha),
    seconds: Number(seconds ?? 0),
    author: { name: decode(Buffer.from(name, "latin1")), email: decode(Buffer.from(email, "latin1")) },
    message: decode(content.subarray(end + 2)),
  };
}

function decoder(encoding = "utf-8"): (bytes: Buffer) => string {
  try {
    const text = new TextDecoder(encoding);
    return (bytes) => text.decode(bytes);
  } catch {
    // An encoding that nobody knows: what is ASCII stays readable.
    return (bytes) => bytes.toString("utf8");
  }
}
