import { clip, count } from "../clip.ts";
import type { FileDiff } from "./file-diff.ts";

/** Longer lines are cut when shown; minified files have lines of megabytes. */
const longestLine = 400;

/**
 * The lines of a diff for a reader: at most `limit`, a carriage return at the end shown as `\r`, a byte order mark as
 * an escape. What is left out is counted.
 */
export function shownLines(diff: FileDiff, limit: number): { lines: string[]; left: string | undefined } {
  const lines = diff.lines.slice(0, limit).map((line) => {
    const marked = line.endsWith("\r") ? `${line.slice(0, -1)}\\r` : line;
    return marked.length <= longestLine ? marked : clip(marked, longestLine);
  });
  const left = diff.lines.length - lines.length;
  return { lines, left: left === 0 ? undefined : `${count(left, "more line")} of this diff left out` };
}

/** What stands in place of the lines when there are none. */
export function withoutLines(diff: FileDiff): string | undefined {
  const { before, after } = diff.sizes;
  const sizes = `${before.toLocaleString("en-US")} → ${after.toLocaleString("en-US")} bytes`;
  if (diff.content === "binary") return `Not text: ${sizes}.`;
  if (diff.content === "vast") return `Too different for a diff: ${sizes}.`;
  return diff.lines.length <= 2 ? `No line differs: ${sizes}.` : undefined;
}
