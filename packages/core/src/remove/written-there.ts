import type { RepoPath, Sha } from "../model/names.ts";
import { type Release, type ReleaseRecord, releases, type Written } from "../model/record.ts";
import type { LogEntry, Snapshot } from "../ports/config-repository.ts";
import { parseTrailers } from "../records/trailers.ts";
import { PastReleases } from "../rollback/past-releases.ts";
import type { Place } from "../state/tips.ts";

/** A value that releases put into a file, and the commit of the branch before the first of them. */
export interface WrittenThere extends Written {
  path: RepoPath;
  /** Undefined: the history does not tell it. */
  before: Sha | undefined;
  /** Whether the current release wrote it. */
  current: boolean;
}

/** Commits of the branch that are looked through. */
export const looked = 5000;

/**
 * All that was written for an app in an environment since it came there, the latest places first: what the record tells,
 * and beyond it the history of the branch.
 */
export async function writtenThere(place: Place, record: ReleaseRecord, tip: Snapshot): Promise<WrittenThere[]> {
  const { releases: older } = await new PastReleases(tip).older(place, record);
  const all = [...releases(record), ...older];
  const end = all.findIndex(({ removed }) => removed !== undefined);
  const stay = end < 0 ? all : all.slice(0, end);
  const entries = await tip.log(looked);
  const written = new Map<string, WrittenThere>();
  // From the newest on: the value is that of the newest that wrote it, the commit that of the oldest.
  for (const release of stay) {
    const before = commitBefore(release, place, entries);
    for (const one of release.writes) {
      const key = `${one.editor}\0${one.path}\0${one.selector}`;
      const known = written.get(key);
      // A later first release of a place stands before an earlier one, which may have made the file.
      written.delete(key);
      const path = one.path as RepoPath;
      written.set(key, known ? { ...known, before } : { ...one, path, before, current: release === record.current });
    }
  }
  return [...written.values()];
}

/** The commit that a release came on top of; of a merged proposal the one that it was decided on. */
export function commitBefore(release: Release, place: Place, entries: readonly LogEntry[]): Sha | undefined {
  const carries = ({ message }: LogEntry) =>
    parseTrailers(message).some(
      ({ request, app, environment }) =>
        request === release.request && app === place.app && environment === place.environment,
    );
  const at = entries.findLastIndex(carries);
  if (at >= 0) return entries[at + 1]?.commit;
  return entries.find(({ commit }) => commit === release.decidedOn)?.commit;
}
