import type { Bytes, Identity, Sha } from "@glu/core";
import { commitMessage, identityLine } from "../commits/commit-text.ts";
import type { NewFile } from "../remote/remote.ts";

export interface ImportCommit {
  /** Written over; it must be no ref that anything else reads. */
  ref: string;
  /** Absent for a first commit. */
  parent?: Sha;
  author: Identity;
  committer: Identity;
  /** Seconds since the epoch; the zone is UTC. */
  seconds: number;
  message: string;
  files: readonly NewFile[];
}

/**
 * The input of `git fast-import` that makes one commit and prints its id (git-fast-import(1), "Input Format"). All
 * lengths are counted and all paths quoted, so no content can become a command.
 */
export function importStream(commit: ImportCommit): Buffer {
  const parts: (string | Bytes)[] = ["feature done\n"];
  const data = (bytes: Bytes): void => {
    parts.push(`data ${bytes.length}\n`, bytes, "\n");
  };
  const changes: string[] = [];
  for (const [index, { path, content, executable }] of commit.files.entries()) {
    if (content === undefined) {
      changes.push(`D ${quotePath(path)}\n`);
      continue;
    }
    parts.push("blob\n", `mark :${index + 2}\n`);
    data(content);
    changes.push(`M ${executable ? "100755" : "100644"} :${index + 2} ${quotePath(path)}\n`);
  }
  parts.push(`commit ${commit.ref}\nmark :1\n`);
  parts.push(`author ${identityLine(commit.author, commit.seconds)}\n`);
  parts.push(`committer ${identityLine(commit.committer, commit.seconds)}\n`);
  data(Buffer.from(commitMessage(commit.message)));
  if (commit.parent !== undefined) parts.push(`from ${commit.parent}\n`);
  parts.push(...changes, "\nget-mark :1\ndone\n");
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
}

function quotePath(path: string): string {
  return `"${path.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}
