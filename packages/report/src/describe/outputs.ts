import type { Decision } from "@glu/core";
import { clip, count } from "../clip.ts";
import type { Block } from "../document.ts";
import { cellLength } from "./gate-seen.ts";
import type { Room } from "./room.ts";

/** Longer lines are cut when shown. */
const longestLine = 400;

/** What programs printed that gates ran, the end of it first of all: folded, line by line. */
export function outputs(decisions: readonly Decision[], room: Room): Block[] {
  const blocks = decisions.flatMap(({ intent, gates }) =>
    gates.flatMap(({ name, seen, output }): Block[] => {
      if (output === undefined) return [];
      const title = `${intent.app} → ${intent.environment}: ${clip(name, 60)} ${clip(seen, cellLength)}`;
      return [{ kind: "output", title, lines: lastLines(output, room.diffLines) }];
    }),
  );
  if (blocks.length === 0) return [];
  const what = `Output of ${count(blocks.length, "program")}`;
  if (room.diffLines > 0) return [{ kind: "details", summary: what, blocks, terminal: true }];
  return [{ kind: "paragraph", muted: true, line: [`${what} is left out for its size.`] }];
}

function lastLines(output: string, limit: number): string[] {
  const lines = output.split(/\r\n|\r|\n/);
  const shown = lines.slice(-limit).map((line) => (line.length <= longestLine ? line : clip(line, longestLine)));
  const left = lines.length - shown.length;
  return left === 0 ? shown : [`(${count(left, "line")} before)`, ...shown];
}
