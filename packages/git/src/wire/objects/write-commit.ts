import type { Identity, Sha } from "@glu/core";
import { commitMessage, identityLine } from "../../commits/commit-text.ts";
import { commitTime } from "../../commits/commit-time.ts";
import type { ReadCommit } from "../../objects/commit.ts";
import type { LoggedCommit } from "../../remote/remote.ts";
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

/** A commit as history tells it. */
export function logEntry(commit: Sha, { tree, seconds, author, message, parents }: ReadCommit): LoggedCommit {
  const merged = parents.slice(1);
  return { commit, committedAt: commitTime(seconds), authorName: author.name, author, tree, message, merged };
}
