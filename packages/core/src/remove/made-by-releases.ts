import { undeclaredPlaces } from "../history/recorded-places.ts";
import type { RepoPath, Sha } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import { recordPath, releases } from "../model/record.ts";
import type { Snapshot } from "../ports/config-repository.ts";
import { documentPaths, readRecord } from "../records/documents.ts";
import { ifReadable } from "../state/if-readable.ts";
import { commitBefore, looked } from "./written-there.ts";

/**
 * Which of these files a release of any place made, as records and the history of the branch tell: there was no file
 * before it. Places that were taken out since, and those that the config declares no more, count, too.
 */
export async function madeByReleases(
  paths: ReadonlySet<RepoPath>,
  tip: Snapshot,
  pipeline: Pipeline,
): Promise<Set<RepoPath>> {
  const declared = [...pipeline.apps.values()].flatMap(({ name: app }) =>
    [...pipeline.environments.keys()].map((environment) => ({ app, environment })),
  );
  const places = [...declared, ...(await undeclaredPlaces(pipeline, tip))];
  const files = await tip.read(documentPaths(places.map(({ app, environment }) => recordPath(app, environment))));
  const entries = await tip.log(looked);
  const before = new Map<Sha, Set<RepoPath>>();
  for (const place of places) {
    const record = ifReadable(() => readRecord(files, place.app, place.environment));
    for (const release of record === undefined ? [] : releases(record)) {
      const wrote = release.writes.map(({ path }) => path as RepoPath).filter((path) => paths.has(path));
      const commit = wrote.length === 0 ? undefined : commitBefore(release, place, entries);
      if (commit !== undefined) before.set(commit, new Set([...(before.get(commit) ?? []), ...wrote]));
    }
  }
  const made = new Set<RepoPath>();
  for (const [commit, wrote] of before) {
    const open = [...wrote].filter((path) => !made.has(path));
    if (open.length === 0) continue;
    const there = await (await tip.at(commit)).read(open);
    for (const path of open) if (!there.has(path)) made.add(path);
  }
  return made;
}
