import canonicalize from "canonicalize";
import type { Artifact, Item } from "../model/artifact.ts";
import { type FoundVersion, sourceItems } from "./find-version.ts";

/** A version that says it is what it was not before. */
export interface Moved {
  /** Of what: an image, `chart`, `commit`. */
  name: string;
  was: string;
  is: string;
  /** The artifact that knows what it was. */
  artifact: Artifact;
}

const isSource = ({ name }: Item): boolean => /^source(?:-\d+)?$/.test(name);

/** Whether an artifact was made of exactly these versions. */
export function sameItems(items: readonly Item[], wanted: readonly Item[]): boolean {
  const own = items.filter(isSource);
  return own.length === wanted.length && canonicalize(own) === canonicalize(wanted);
}

/**
 * A version with a name that stays, which is another one than the artifacts know: somebody has moved a tag. Undefined
 * when there is none. Names that are there to move are no versions.
 */
export function movedSince(stored: readonly Artifact[], versions: readonly FoundVersion[]): Moved | undefined {
  const fixed = versions.filter(({ part }) => part.order.kind !== "name");
  for (const { kind, from, version, is } of sourceItems(fixed)) {
    for (const artifact of stored) {
      const before = artifact.items.find(
        (item) => isSource(item) && item.kind === kind && item.from === from && item.version === version,
      );
      for (const [name, now] of Object.entries(is as FoundVersion["pinned"])) {
        const was = (before?.is as FoundVersion["pinned"] | undefined)?.[name];
        if (typeof was === "string" && was !== now) return { name, was, is: now, artifact };
      }
    }
  }
  return undefined;
}
