/** How much of a report fits: what is beyond is left out with a line that says so. */
export interface Room {
  /** Rows of each table, the worst results first. */
  rows: number;
  /** Lines of one file's diff, and of one program's output; 0: none of them. */
  diffLines: number;
  /** Lines of all diffs together. */
  allDiffLines: number;
}

export const ampleRoom: Room = { rows: Number.POSITIVE_INFINITY, diffLines: 400, allDiffLines: 4000 };

/** From ample to hardly any: diffs go first, then rows. */
export const rooms: readonly Room[] = [
  ampleRoom,
  { ...ampleRoom, diffLines: 100, allDiffLines: 1000 },
  ...[Number.POSITIVE_INFINITY, 3000, 1000, 300, 100, 30, 10, 3].map((rows) => ({
    rows,
    diffLines: 0,
    allDiffLines: 0,
  })),
];
