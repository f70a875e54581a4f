import type { SourceCommit } from "@glu/core";

const format = "%H%x00%an%x00%ae%x00%cn%x00%ce%x00%ct%x00%B";
/** Values that a commit has in it. */
const values = 7;

/** Arguments of `git log` before the id, for what `parseSourceCommit` reads. */
export const logOne: readonly string[] = ["log", "-1", `--format=${format}`, "--no-show-signature"];

/** The same for several, at most so many, each value ended by a NUL: no message has one. */
export const logSeveral = (limit: number): readonly string[] => [
  "log",
  `--max-count=${limit}`,
  "-z",
  `--format=tformat:${format}`,
  "--no-show-signature",
];

/** Commits as `git log` prints them with `logSeveral`. */
export function parseSourceCommits(output: string): SourceCommit[] {
  const all = output.split("\0").slice(0, -1);
  return Array.from({ length: Math.floor(all.length / values) }, (_, index) =>
    // Of one commit, Git ends what it prints by a line break of its own.
    parseSourceCommit(`${all.slice(index * values, (index + 1) * values).join("\0")}\n`),
  );
}

/** A commit as `git log` prints it with `logOne`. */
export function parseSourceCommit(output: string): SourceCommit {
  const [sha = "", authorName = "", authorEmail = "", name = "", email = "", seconds = "0", message = ""] =
    output.split("\0");
  return {
    sha,
    author: { name: authorName, email: authorEmail },
    committer: { name, email },
    committedAt: timeOf(Number(seconds)),
    message: message.replace(/\n$/, ""),
  };
}

/** A commit may claim any time. What a calendar of four digits does not have is as unknown as a time that is none: 1970. */
function timeOf(seconds: number): string {
  const lastSecond = 253_402_300_799; // of the year 9999
  return new Date(seconds >= 0 && seconds <= lastSecond ? seconds * 1000 : 0).toISOString();
}
