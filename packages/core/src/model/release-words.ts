// What commands need to know of releases before they read any: apart from the schemas, which are large.

export const releaseKinds = ["promotion", "rollback", "override", "adopted"] as const;
export const releaseStates = ["committed", "synced", "healthy", "failed"] as const;

/** What became of a release, in one word each. */
export const releaseMarks = [
  "current",
  "proposed",
  "failed",
  "rolled-back",
  "overridden",
  "superseded",
  "removed",
] as const;
export type ReleaseMark = (typeof releaseMarks)[number];
