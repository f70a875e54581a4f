import type { Artifact } from "@glu/core";
import { clip } from "./clip.ts";

/** Hex digits of a commit that people read. */
const shortLength = 7;
/** A tag may be of any length. */
const longest = 60;

/** The first digits of a commit id, digest or artifact's digest part. */
export const short = (sha: string): string => sha.replace(/^sha256:/, "").slice(0, shortLength);

/**
 * What people call an artifact: its Git tag, else the tag that its images share, else its short commit. A tag that is
 * itself a commit id is shortened; one that moves with a branch is told with the commit, or with the digest where that is
 * all that is known. The id stays the name for machines.
 */
export function versionOf(artifact: Artifact): string {
  const { tag, sha, branch } = artifact.version;
  if (tag !== undefined && tag !== "") return clip(tag, longest);
  const tags = new Set(Object.values(artifact.images).map((image) => image.tag));
  const [only] = tags;
  if (tags.size === 1 && only !== undefined && only !== "") {
    if (only === branch) return `${clip(only, longest)}@${short(sha)}`;
    return /^(?:sha-)?[0-9a-f]{40,64}$/.test(only) ? short(only.replace(/^sha-/, "")) : clip(only, longest);
  }
  return short(sha);
}
