import type { RepoPath, Sha } from "@glu/core";
import type { TreeEntry } from "../objects/tree.ts";

/** Objects by name, and a way to get more. */
export interface WalkObjects {
  tree(id: Sha): ReadonlyMap<string, TreeEntry> | undefined;
  has(id: Sha): boolean;
  /** Just these. */
  fetchOnly(ids: readonly Sha[]): Promise<void>;
  /** These and everything below them. False when that is too much; they are then fetched in another way. */
  fetchWhole(ids: readonly Sha[]): Promise<boolean>;
}

export interface WalkOptions {
  /** Whether the contents of files are wanted as well. */
  contents: boolean;
  /** Folders that may be fetched whole. */
  together: ReadonlySet<RepoPath>;
}

/**
 * The entries that exist among `paths`. Goes down all paths together: one request per level of folders that is not here
 * yet, and one for all that lies in the folders that are taken whole and for the files.
 */
export async function walk(
  objects: WalkObjects,
  root: Sha,
  paths: readonly RepoPath[],
  { contents, together }: WalkOptions,
): Promise<Map<RepoPath, TreeEntry>> {
  let whole = true;
  // A path has so many levels at most, and each round gets past one.
  const rounds = Math.max(0, ...paths.map((path) => path.split("/").length)) + 3;
  for (let round = 0; round < rounds; round++) {
    const found = new Map<RepoPath, TreeEntry>();
    const missing = { level: new Set<Sha>(), whole: new Set<Sha>(), files: new Set<Sha>() };
    for (const path of paths) {
      const step = stepDown(objects, root, path, contents, whole ? together : new Set());
      if (step === undefined) continue;
      if ("missing" in step) missing[step.in].add(step.missing);
      else found.set(path, step.entry);
    }
    if (missing.level.size > 0) await objects.fetchOnly([...missing.level]);
    else if (missing.whole.size > 0) whole = await objects.fetchWhole([...missing.whole, ...missing.files]);
    else if (missing.files.size > 0) await objects.fetchOnly([...missing.files]);
    else return found;
  }
  throw new Error("The walk did not come to an end: what was fetched did not come.");
}

type Step = { entry: TreeEntry } | { missing: Sha; in: "level" | "whole" | "files" };

/** How far a path can be followed with what is here; undefined when nothing stands there. */
function stepDown(
  objects: WalkObjects,
  root: Sha,
  path: RepoPath,
  contents: boolean,
  together: ReadonlySet<RepoPath>,
): Step | undefined {
  const parts = path.split("/");
  let tree = root;
  let inWhole: Sha | undefined;
  for (const [index, name] of parts.entries()) {
    const entries = objects.tree(tree);
    if (entries === undefined) return { missing: inWhole ?? tree, in: inWhole === undefined ? "level" : "whole" };
    const entry = entries.get(name);
    if (entry === undefined) return undefined;
    if (index === parts.length - 1) {
      if (!contents || entry.kind !== "file" || objects.has(entry.id)) return { entry };
      return { missing: inWhole ?? entry.id, in: inWhole === undefined ? "files" : "whole" };
    }
    if (entry.kind !== "folder") return undefined;
    tree = entry.id;
    if (together.has(parts.slice(0, index + 1).join("/") as RepoPath)) inWhole ??= tree;
  }
  return undefined;
}
