import { sameFile } from "../edit/same-bytes.ts";
import { GluError } from "../errors.ts";
import type { AppName, EnvName, RepoPath } from "../model/names.ts";
import { readCurrent } from "../records/documents.ts";
import { statePaths } from "../state/state.ts";
import type { TipReader } from "../state/tip-reader.ts";

interface Place {
  app: AppName;
  environment: EnvName;
}

/** What commits touch of what Glu writes: the paths that differ before and after them, and the places these are of. */
export interface Touched<P> {
  places: P[];
  paths: ReadonlySet<RepoPath>;
}

/** Compares the records, pins, freezes and written files of places at two commits. */
export async function findTouched<P extends Place>(
  places: readonly P[],
  now: TipReader,
  then: TipReader,
): Promise<Touched<P>> {
  const state = new Map(places.map((place) => [place, statePaths(place.app, place.environment)]));
  await Promise.all([now, then].map((reader) => reader.load([...state.values()].flat())));
  const written = new Map(
    places.map((place) => [place, [now, then].flatMap((reader) => writtenPaths(reader, place))] as const),
  );
  await Promise.all([now, then].map((reader) => reader.load([...written.values()].flat())));
  const paths = new Set<RepoPath>();
  const touched = places.filter((place) => {
    const own = [...(state.get(place) ?? []), ...(written.get(place) ?? [])];
    const differing = own.filter((path) => !sameFile(now.files.get(path), then.files.get(path)));
    for (const path of differing) paths.add(path);
    return differing.length > 0;
  });
  return { places: touched, paths };
}

/** The files that the current release wrote; none of a record that cannot be read, which differs by itself. */
function writtenPaths({ files }: TipReader, { app, environment }: Place): RepoPath[] {
  try {
    return (readCurrent(files, app, environment)?.writes ?? []).map(({ path }) => path as RepoPath);
  } catch (error) {
    if (error instanceof GluError) return [];
    throw error;
  }
}
