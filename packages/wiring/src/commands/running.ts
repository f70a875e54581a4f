import { awaitedVerdict, type BoardRow, overrideNotices, type Pipeline } from "@glu/core";

/**
 * The board as reports take it: what could not be read is not on it, but among the notices.
 * @param now milliseconds since the epoch
 */
export function runningOf(board: readonly BoardRow[], { environments }: Pick<Pipeline, "environments">, now: number) {
  const readable = board.filter(({ unreadable }) => unreadable === undefined);
  return readable.map(({ freezes, unreadable: _unreadable, ended: _ended, ...row }) => ({
    ...row,
    freeze: freezes[0],
    verifying: row.release && awaitedVerdict(row.release, environments.get(row.environment)?.verify, now),
  }));
}

/** What people have to know of a board: what could not be read, and what was released past its gates. */
export function boardNotices(board: readonly BoardRow[]): string[] {
  const unreadable = board.flatMap((row) => (row.unreadable === undefined ? [] : [row.unreadable]));
  return [...new Set([...unreadable, ...overrideNotices(board)])];
}
