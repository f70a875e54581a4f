import type { RepoPath, Sha } from "@glu/core";
import type { TreeEntry } from "../objects/tree.ts";

type Trees = (ids: readonly Sha[]) => Promise<ReadonlyMap<Sha, ReadonlyMap<string, TreeEntry>>>;

/** The paths of all files below folders, each level of trees read once for all of them. */
export async function listBelow(folders: ReadonlyMap<RepoPath, TreeEntry>, trees: Trees): Promise<RepoPath[]> {
  const files: RepoPath[] = [];
  let level = [...folders].filter(([, entry]) => entry.kind === "folder");
  while (level.length > 0) {
    const read = await trees([...new Set(level.map(([, { id }]) => id))]);
    const below = level.flatMap(([path, { id }]) =>
      [...(read.get(id)?.values() ?? [])].map((entry) => [`${path}/${entry.name}` as RepoPath, entry] as const),
    );
    files.push(...below.flatMap(([path, { kind }]) => (kind === "file" ? [path] : [])));
    level = below.filter(([, { kind }]) => kind === "folder").map(([path, entry]) => [path, entry]);
  }
  return files;
}
