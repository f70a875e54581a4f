import type { FileChange } from "@glu/core";
// The one part that is needed: the package whole is three times as large.
import { structuredPatch } from "diff/lib/patch/create.js";
import { decodeText } from "./decode-text.ts";

/** Line edits after which two files count as different altogether: the search costs their square. */
const mostEdits = 4000;

/** What changed in one file. */
export interface FileDiff {
  path: string;
  kind: "changed" | "created" | "deleted";
  /** Size in bytes, before and after; 0 when there is no file. */
  sizes: { before: number; after: number };
  /** `text`: `lines` hold the diff. `binary`: not UTF-8 text. `vast`: too different for a diff. */
  content: "text" | "binary" | "vast";
  added: number;
  removed: number;
  /** The unified diff from its `---` line on, exact, without line feeds. */
  lines: readonly string[];
}

/**
 * The exact unified diff of one file, three lines of context, as `git diff` prints it.
 * Format: https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html
 */
export function diffFile(change: FileChange): FileDiff {
  const known = diffs.get(change);
  if (known !== undefined) return known;
  const made = compute(change);
  diffs.set(change, made);
  return made;
}

/** A report that must be short is described several times; its diffs are made once. */
const diffs = new WeakMap<FileChange, FileDiff>();

function compute(change: FileChange): FileDiff {
  const before = change.before === undefined ? "" : decodeText(change.before);
  const after = change.after === undefined ? "" : decodeText(change.after);
  const result: FileDiff = {
    path: change.path,
    kind: change.before === undefined ? "created" : change.after === undefined ? "deleted" : "changed",
    sizes: { before: change.before?.length ?? 0, after: change.after?.length ?? 0 },
    content: "binary",
    added: 0,
    removed: 0,
    lines: [],
  };
  if (before === undefined || after === undefined) return result;
  const patch = structuredPatch("", "", before, after, "", "", { context: 3, maxEditLength: mostEdits });
  if (patch === undefined) return { ...result, content: "vast" };
  const lines = patch.hunks.flatMap((hunk) => [
    `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`,
    ...hunk.lines,
  ]);
  return {
    ...result,
    content: "text",
    added: lines.filter((line) => line.startsWith("+")).length,
    removed: lines.filter((line) => line.startsWith("-")).length,
    lines: [
      `--- ${change.before === undefined ? "/dev/null" : `a/${change.path}`}`,
      `+++ ${change.after === undefined ? "/dev/null" : `b/${change.path}`}`,
      ...lines,
    ],
  };
}

/** `start,lines`; one line is the default, and no lines stand after the line before, where the library counts on. */
function range(start: number, lines: number): string {
  if (lines === 1) return `${start}`;
  return lines === 0 ? `${start - 1},0` : `${start},${lines}`;
}
