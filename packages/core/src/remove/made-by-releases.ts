import { undeclaredPlaces } from "../history/recorded-places.ts";
import type { RepoPath, Sha } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import { recordPath, releases } from "../model/record.ts";
import type { Bytes, Snapshot } from "../ports/config-repository.ts";
import { documentPaths, readRecord } from "../records/documents.ts";
import { ifReadable } from "../state/if-readable.ts";
import { placeKey } from "./undo-writes.ts";
import { commitBefore, looked, type WrittenThere } from "./written-there.ts";

/** A value that a release of any place wrote, and the commit before that release. */
interface Wrote {
  path: RepoPath;
  selector: string;
  before: Sha;
  /** How many commits ago. */
  ago: number;
}

/**
 * What releases of any place wrote into files, as records and the history of the branch tell. Places that were taken out
 * since, and those that the config declares no more, count, too.
 */
export async function wroteInto(
  paths: ReadonlySet<RepoPath>,
  tip: Snapshot,
  pipeline: Pipeline,
): Promise<readonly Wrote[]> {
  const declared = [...pipeline.apps.values()].flatMap(({ name: app }) =>
    [...pipeline.environments.keys()].map((environment) => ({ app, environment })),
  );
  const places = [...declared, ...(await undeclaredPlaces(pipeline, tip))];
  const files = await tip.read(documentPaths(places.map(({ app, environment }) => recordPath(app, environment))));
  const entries = await tip.log(looked);
  const agoOf = new Map(entries.map(({ commit }, index) => [commit, index]));
  return places.flatMap((place) => {
    const record = ifReadable(() => readRecord(files, place.app, place.environment));
    return (record === undefined ? [] : releases(record)).flatMap((release): Wrote[] => {
      const wrote = release.writes.filter(({ path }) => paths.has(path as RepoPath));
      const before = wrote.length === 0 ? undefined : commitBefore(release, place, entries);
      if (before === undefined) return [];
      const ago = agoOf.get(before) ?? 0;
      return wrote.map(({ path, selector }) => ({ path: path as RepoPath, selector, before, ago }));
    });
  });
}

/** Which of these files a release made: there was no file before it. */
export async function madeByReleases(
  paths: ReadonlySet<RepoPath>,
  wrote: readonly Wrote[],
  tip: Snapshot,
): Promise<Set<RepoPath>> {
  const made = new Set<RepoPath>();
  for (const commit of new Set(wrote.map(({ before }) => before))) {
    const own = wrote.filter(({ before, path }) => before === commit && paths.has(path) && !made.has(path));
    const open = [...new Set(own.map(({ path }) => path))];
    if (open.length === 0) continue;
    const there = await (await tip.at(commit)).read(open);
    for (const path of open) if (!there.has(path)) made.add(path);
  }
  return made;
}

/** Of values: the file before the first release that wrote below the same key, which may have made what is above them. */
export async function beforeAll(
  values: readonly WrittenThere[],
  wrote: readonly Wrote[],
  tip: Snapshot,
): Promise<ReadonlyMap<string, { file: Bytes | undefined }>> {
  const earlier = new Map<string, { file: Bytes | undefined }>();
  for (const value of values) {
    const near = wrote.filter(({ path, selector }) => path === value.path && topOf(selector) === topOf(value.selector));
    const [first] = near.sort((a, b) => b.ago - a.ago);
    if (first === undefined) continue;
    const there = (await (await tip.at(first.before)).read([value.path])).get(value.path);
    earlier.set(placeKey(value), { file: there?.kind === "file" ? there.content : undefined });
  }
  return earlier;
}

/** The first step of a selector. */
const topOf = (selector: string): string => /^[^.[]*/.exec(selector)?.[0] ?? "";
