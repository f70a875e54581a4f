import type { Artifact } from "../model/artifact.ts";
import { instant } from "../model/names.ts";
import { matchesGlobs } from "../policy/match.ts";

/** Filters of `artifact list`; absent ones do not filter. `branch` is a glob, times are RFC 3339, `sha` may be a prefix. */
export interface ArtifactFilter {
  branch?: string | undefined;
  event?: string | undefined;
  sha?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

/** Whether an artifact passes every filter that is given. */
export function passes(
  { version, committedAt }: Artifact,
  { branch, event, sha, since, until }: ArtifactFilter,
): boolean {
  const at = instant(committedAt);
  return (
    (branch === undefined || matchesGlobs([branch], version.branch)) &&
    (event === undefined || version.event === event) &&
    (sha === undefined || version.sha.startsWith(sha.toLowerCase())) &&
    (since === undefined || at >= instant(since)) &&
    (until === undefined || at <= instant(until))
  );
}
