import type { FileChange } from "@glu/core";
import { count } from "../clip.ts";
import { diffFile, type FileDiff } from "../diff/file-diff.ts";
import type { Block } from "../document.ts";
import type { Room } from "./room.ts";

/** The exact diffs of files, folded together under a line that counts them; those for which there is no room are told. */
export function fileDiffs(
  changes: readonly FileChange[],
  { title, see = "", room }: { title: string; see?: string; room: Room },
): Block[] {
  const all = changes.map(diffFile);
  if (all.length === 0) return [];
  const sum = (of: (diff: FileDiff) => number) => all.reduce((total, one) => total + of(one), 0);
  const summary = `${title}: ${count(all.length, "file")}, +${sum((one) => one.added)} −${sum((one) => one.removed)}`;
  let lines = 0;
  const fitting = all.filter((one) => {
    lines += Math.min(one.lines.length, room.diffLines);
    return room.diffLines > 0 && lines <= room.allDiffLines;
  });
  const left = all.length - fitting.length;
  const rest = [`The diffs of ${count(left, "file")} are left out for their size.${see}`];
  const blocks = [
    ...fitting.map((file): Block => ({ kind: "diff", file, limit: room.diffLines })),
    ...(left === 0 ? [] : [{ kind: "paragraph", muted: true, line: rest } as const]),
  ];
  return [{ kind: "details", summary, blocks, terminal: true }];
}
