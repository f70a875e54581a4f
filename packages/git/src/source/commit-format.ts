import type { SourceCommit } from "@glu/core";

/** Arguments of `git log` before the id, for what `parseSourceCommit` reads. */
export const logOne: readonly string[] = [
  "log",
  "-1",
  "--format=%H%x00%an%x00%ae%x00%cn%x00%ce%x00%ct%x00%B",
  "--no-show-signature",
];

/** A commit as `git log` prints it with `logOne`. */
export function parseSourceCommit(output: string): SourceCommit {
  const [sha = "", authorName = "", authorEmail = "", name = "", email = "", seconds = "0", message = ""] =
    output.split("\0");
  return {
    sha,
    author: { name: authorName, email: authorEmail },
    committer: { name, email },
    committedAt: new Date(Number(seconds) * 1000).toISOString(),
    message: message.replace(/\n$/, ""),
  };
}
