import type { BoardRow } from "@glu/core";

/** The board as reports take it: what could not be read is not on it, but among the notices. */
export function runningOf(board: readonly BoardRow[]) {
  const readable = board.filter(({ unreadable }) => unreadable === undefined);
  return readable.map(({ freezes, unreadable: _unreadable, ...row }) => ({ ...row, freeze: freezes[0] }));
}

/** What could not be read, each reason once. */
export function unreadableNotices(board: readonly BoardRow[]): string[] {
  return [...new Set(board.flatMap(({ unreadable }) => (unreadable === undefined ? [] : [unreadable])))];
}
