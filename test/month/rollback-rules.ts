import type { Pin, Release, ReleaseRecord } from "@glu/core";
import { expect } from "vitest";
import type { Built } from "./promotion-rules.ts";

/** A rollback that a commit claims, and what was there when it was made. */
export interface GoneBack {
  /** For messages: which one, by which request. */
  where: string;
  /** Milliseconds since the epoch. */
  at: number;
  built: Built;
  /** All that was built of the app. */
  all: readonly Built[];
  was: ReleaseRecord;
  now: ReleaseRecord;
  release: Release;
  pins: { before: Pin | undefined; after: Pin | "" | undefined };
  /** Somebody merged it, which nothing that Glu says can hold. */
  isMerged: boolean;
  /** Nothing was changed by hand, or it may be written over. */
  isAsReleased: boolean;
}

/** What holds of each rollback, said again by the words of the documentation. */
export function checkRollback(claim: GoneBack): void {
  const { where, at, built, all, was, now, release, pins, isMerged, isAsReleased } = claim;
  const { artifact } = built;
  expect(release.artifact, `${where}: the artifact is in the record as it was built`).toEqual(artifact);
  const ran = [was.current, ...was.history].map((one) => one?.artifact.id);
  if (was.history.length < 50) expect(ran, `${where}: it ran there before`).toContain(artifact.id);
  const rejected = (record: ReleaseRecord) => record.rejected.map((one) => one.artifact);
  expect(rejected(now), `${where}: what is gone back to is good again`).not.toContain(artifact.id);
  const stay = rejected(was).filter((id) => id !== artifact.id);
  expect(rejected(now), `${where}: what was rejected stays so`).toEqual(expect.arrayContaining(stay));
  const undone = all.find((one) => one.artifact.id === was.current?.artifact.id);
  if (undone !== undefined && undone.line === built.line && undone.number > built.number) {
    expect(rejected(now), `${where}: what it undoes is rejected`).toContain(undone.artifact.id);
  }
  if (rejected(was).includes(artifact.id)) {
    expect(release.reason ?? "", `${where}: back to what was rejected only with a reason`).not.toBe("");
  }
  const { before, after } = pins;
  if (!isMerged && before !== undefined && (before.until === undefined || at < Date.parse(before.until))) {
    expect(artifact.id, `${where}: is pinned`).toBe(before.artifact);
  }
  if (after) expect(after.artifact, `${where}: is pinned at what it went back to`).toBe(artifact.id);
  expect(isAsReleased, `${where}: drift is overwritten only when asked`).toBe(true);
}
