import type { Identity, LogEntry, Sha } from "@glu/core";
import { commitMessage, identityLine } from "../../commits/commit-text.ts";
import { commitTime } from "../../commits/commit-time.ts";
import { MalformedReply } from "../../objects/malformed-reply.ts";
import type { GitObject } from "../pack/object.ts";

export interface NewCommitObject {
  tree: Sha;
  parent: Sha | undefined;
  author: Identity;
  committer: Identity;
  /** Since the epoch; the zone is UTC. */
  seconds: number;
  message: string;
}

/** A commit object, byte for byte as `git fast-import` makes it of the same values. */
export function writeCommit({ tree, parent, author, committer, seconds, message }: NewCommitObject): GitObject {
  const lines = [
    `tree ${tree}`,
    ...(parent === undefined ? [] : [`parent ${parent}`]),
    `author ${identityLine(author, seconds)}`,
    `committer ${identityLine(committer, seconds)}`,
    "",
    commitMessage(message),
  ];
  return { type: "commit", content: Buffer.from(lines.join("\n")) };
}

/** What a commit object says. */
export interface ReadCommit {
  tree: Sha;
  parents: Sha[];
  /** Committer time. */
  seconds: number;
  authorName: string;
  message: string;
}

/** Parses a commit object. A message in another encoding than UTF-8 says so in its header. */
export function readCommit(content: Buffer): ReadCommit {
  const end = content.indexOf("\n\n");
  if (end < 0) throw new MalformedReply("It holds a damaged commit.");
  const header = content.toString("latin1", 0, end);
  const tree = /^tree ([0-9a-f]{40})$/m.exec(header)?.[1];
  const seconds = /^committer .*> (-?\d+) [+-]\d{4}$/m.exec(header)?.[1];
  const author = /^author (.*?) ?<[^>]*> -?\d+ [+-]\d{4}$/m.exec(header)?.[1] ?? "";
  if (tree === undefined || seconds === undefined) throw new MalformedReply("It holds a damaged commit.");
  const decode = decoder(/^encoding (\S+)$/m.exec(header)?.[1]);
  return {
    tree: tree as Sha,
    parents: [...header.matchAll(/^parent ([0-9a-f]{40})$/gm)].map(([, id]) => id as Sha),
    seconds: Number(seconds),
    authorName: decode(Buffer.from(author, "latin1")),
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

/** A commit as history tells it. */
export function logEntry(commit: Sha, { seconds, authorName, message }: ReadCommit): LogEntry {
  return { commit, committedAt: commitTime(seconds), authorName, message };
}
