import { duration, lastingPattern } from "../model/duration.ts";
import { type Sha, sha } from "../model/names.ts";

/** What somebody asks for in a comment on a pull request. */
export type CommentCommand =
  /** @property sha undefined: what the head was when the comment was written */
  | { verb: "up"; sha: Sha | undefined }
  | { verb: "down" }
  /** @property by how long from now, as it was written */
  | { verb: "extend"; by: string };

/** Every form that is understood, for people. */
export const commentForms = "/preview up <commit>, /preview down, /preview extend <duration>";

const longestLine = 200;
const form = /^\/preview (?:(up)(?: ([0-9a-f]{40}|[0-9a-f]{64}))?|(down)|extend ([0-9a-z]{1,40}))[ \t]*$/;

/**
 * The command of a comment: its first line, the whole of it, and no other line that begins like one. Whatever else a
 * comment says is no command: nothing of it is looked at further.
 */
export function commandIn(body: string): CommentCommand | undefined {
  const [first = "", ...others] = body.split(/\r\n|\r|\n/);
  if (first.length > longestLine || others.some((line) => /^\s*\/preview\b/.test(line))) return undefined;
  const match = form.exec(first);
  if (match === null) return undefined;
  const [, up, commit, down, by] = match;
  if (up !== undefined) return { verb: "up", sha: commit === undefined ? undefined : sha(commit) };
  if (down !== undefined) return { verb: "down" };
  return by !== undefined && lastingPattern.test(by) && isDatable(duration(by)) ? { verb: "extend", by } : undefined;
}

/** Ten years: what is longer is a slip, and its end need not have a date. */
const isDatable = (milliseconds: number): boolean => milliseconds <= 3650 * 86_400_000;
