import { sameBytes } from "../edit/same-bytes.ts";
import type { FileChange } from "../model/decision.ts";
import type { RepoPath } from "../model/names.ts";
import type { Release } from "../model/record.ts";
import type { Bytes, FileAt } from "../ports/config-repository.ts";
import type { Revision } from "./revision.ts";
import { withoutEnvironment } from "./values.ts";

/** Files at the two sides, by path. */
export interface FilesOfSides {
  before: ReadonlyMap<RepoPath, FileAt>;
  after: ReadonlyMap<RepoPath, FileAt>;
  left: Revision;
  right: Revision;
}

/**
 * The files that an app writes whose bytes differ, each under the path of the right side. Of two environments those are
 * paired whose paths differ by the environment's name alone. Pure.
 */
export function fileChanges(
  { left, right }: { left: Release | undefined; right: Release | undefined },
  { before, after, left: from, right: to }: FilesOfSides,
): FileChange[] {
  const isOne = from.environment === to.environment;
  const [ours, theirs] = [pathsOf(left), pathsOf(right)];
  const pairs = new Map<string, { was?: RepoPath; is?: RepoPath }>();
  for (const path of isOne ? [...ours, ...theirs] : ours) {
    const key = withoutEnvironment(path, from.environment);
    pairs.set(key, isOne ? { was: path, is: path } : { was: path });
  }
  for (const path of isOne ? [] : theirs) {
    const key = withoutEnvironment(path, to.environment);
    pairs.set(key, { ...pairs.get(key), is: path });
  }
  return [...pairs.values()].flatMap(({ was, is }) => {
    const [old, now] = [was && textAt(before, was), is && textAt(after, is)];
    if (old === now || (old !== undefined && now !== undefined && sameBytes(old, now))) return [];
    return [{ path: (is ?? was) as RepoPath, before: old, after: now } as FileChange];
  });
}

const pathsOf = (release: Release | undefined): RepoPath[] => [
  ...new Set(release?.writes.map(({ path }) => path as RepoPath) ?? []),
];

function textAt(files: ReadonlyMap<RepoPath, FileAt>, path: RepoPath): Bytes | undefined {
  const file = files.get(path);
  return file?.kind === "file" ? file.content : undefined;
}
