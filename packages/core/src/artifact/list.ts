import type { Artifact } from "../model/artifact.ts";
import { type AppName, instant } from "../model/names.ts";
import { matchesGlobs } from "../policy/match.ts";
import type { ArtifactStore, StoredArtifact } from "../ports/artifact-store.ts";

/** Filters of `artifact list`; absent ones do not filter. `branch` is a glob, times are RFC 3339, `sha` may be a prefix. */
export interface ArtifactFilter {
  branch?: string | undefined;
  event?: string | undefined;
  sha?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
  limit: number;
  offset: number;
}

/** Artifacts of an app, newest source commit first. */
export async function listArtifacts(
  store: ArtifactStore,
  app: AppName,
  filter: ArtifactFilter,
): Promise<StoredArtifact[]> {
  const ids = await store.ids(app);
  const read = await store.read(app, ids);
  const matching = ids.flatMap((id) => {
    const stored = read.get(id);
    return stored !== undefined && matches(stored.artifact, filter) ? [stored] : [];
  });
  return matching.slice(filter.offset, filter.offset + filter.limit);
}

function matches({ version, committedAt }: Artifact, { branch, event, sha, since, until }: ArtifactFilter): boolean {
  const at = instant(committedAt);
  return (
    (branch === undefined || matchesGlobs([branch], version.branch)) &&
    (event === undefined || version.event === event) &&
    (sha === undefined || version.sha.startsWith(sha.toLowerCase())) &&
    (since === undefined || at >= instant(since)) &&
    (until === undefined || at <= instant(until))
  );
}
