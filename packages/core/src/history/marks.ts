import { sameArtifact } from "../artifact/digest.ts";
import { type Rejection, type Release, type ReleaseRecord, type Removal, releases } from "../model/record.ts";
import { type ReleaseMark, releaseMarks } from "../model/release-words.ts";

/** A release and what became of it. */
export interface MarkedRelease {
  release: Release;
  /**
   * `current`: it runs there now. `proposed`: when it was merged is not known. `rolled-back`: a later rollback undid it.
   * `overridden`: it went past what would have stopped it. `superseded`: it overtook others, which never ran there.
   * `removed`: the app was taken out of the environment while it ran there.
   */
  marks: ReleaseMark[];
  /** The rollback that undid it. */
  rolledBack: Release | undefined;
  /** The gates that were overridden for it; none are told of an override that names none. */
  overrides: readonly string[];
  removed: Removal | undefined;
  /** Why automation never promotes its artifact there again. */
  rejected: Rejection | undefined;
}

/** The releases of a place with their marks, newest first. Pure. */
export function markReleases(record: ReleaseRecord, older: readonly Release[] = []): MarkedRelease[] {
  const all = [...releases(record), ...older];
  const undone = undoneIn(all);
  return all.map((release): MarkedRelease => {
    const rolledBack = undone.get(release);
    const overrides = [...new Set((release.overrides ?? []).map(({ gate }) => gate))];
    const { removed } = release;
    const is: Record<ReleaseMark, boolean> = {
      current: release === record.current,
      proposed: release.releasedAt === null,
      failed: release.state === "failed",
      "rolled-back": rolledBack !== undefined,
      overridden: release.kind === "override" || overrides.length > 0,
      superseded: release.superseded.length > 0,
      removed: removed !== undefined,
    };
    const rejected = record.rejected.find(({ artifact }) => artifact === release.artifact.id);
    return { release, marks: releaseMarks.filter((mark) => is[mark]), rolledBack, overrides, removed, rejected };
  });
}

/**
 * Releases that a rollback undid, by the first that did. A rollback goes back to an artifact that ran before: what stands
 * between is what it undid. Where that is no longer told, all that is older was between.
 */
function undoneIn(all: readonly Release[]): Map<Release, Release> {
  const undone = new Map<Release, Release>();
  for (let at = all.length - 1; at >= 0; at--) {
    const rollback = all[at] as Release;
    if (rollback.kind !== "rollback") continue;
    const earlier = all.slice(at + 1);
    const target = earlier.findIndex(({ artifact }) => sameArtifact(artifact, rollback.artifact));
    for (const one of target < 0 ? earlier : earlier.slice(0, target)) {
      if (!undone.has(one)) undone.set(one, rollback);
    }
  }
  return undone;
}
