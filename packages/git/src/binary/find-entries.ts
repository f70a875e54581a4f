import type { RepoPath, Sha } from "@glu/core";
import type { TreeEntry } from "../objects/tree.ts";

/** The entries that exist among `paths` under a root tree. Reads each level of folders once, for all paths together. */
export async function findEntries(
  remote: { trees(ids: readonly Sha[]): Promise<ReadonlyMap<Sha, ReadonlyMap<string, TreeEntry>>> },
  root: Sha,
  paths: readonly RepoPath[],
): Promise<Map<RepoPath, TreeEntry>> {
  const found = new Map<RepoPath, TreeEntry>();
  let walks = paths.map((path) => ({ path, parts: path.split("/"), tree: root }));
  while (walks.length > 0) {
    const trees = await remote.trees([...new Set(walks.map(({ tree }) => tree))]);
    const deeper: typeof walks = [];
    for (const { path, parts, tree } of walks) {
      const [name = "", ...rest] = parts;
      const entry = trees.get(tree)?.get(name);
      if (entry === undefined) continue;
      if (rest.length === 0) found.set(path, entry);
      else if (entry.kind === "folder") deeper.push({ path, parts: rest, tree: entry.id });
    }
    walks = deeper;
  }
  return found;
}
