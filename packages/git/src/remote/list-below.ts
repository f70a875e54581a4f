import type { RepoPath, Sha } from "@glu/core";
import type { TreeEntry } from "../objects/tree.ts";

type Trees = (ids: readonly Sha[]) => Promise<ReadonlyMap<Sha, ReadonlyMap<string, TreeEntry>>>;

/** All below folders that is none itself, each level of trees read once for all of them. */
export async function listBelow(
  folders: ReadonlyMap<RepoPath, TreeEntry>,
  trees: Trees,
): Promise<Map<RepoPath, TreeEntry>> {
  const found = new Map<RepoPath, TreeEntry>();
  let level = [...folders].filter(([, entry]) => entry.kind === "folder");
  while (level.length > 0) {
    const read = await trees([...new Set(level.map(([, { id }]) => id))]);
    const below = level.flatMap(([path, { id }]) =>
      [...(read.get(id)?.values() ?? [])].map((entry): [RepoPath, TreeEntry] => [
        `${path}/${entry.name}` as RepoPath,
        entry,
      ]),
    );
    for (const [path, entry] of below) if (entry.kind !== "folder") found.set(path, entry);
    level = below.filter(([, { kind }]) => kind === "folder");
  }
  return found;
}
