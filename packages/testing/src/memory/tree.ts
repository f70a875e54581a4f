import type { EntryAt, FileAt, RepoPath } from "@glu/core";

/** All files of a commit by path. */
export type MemoryTree = ReadonlyMap<RepoPath, FileAt>;

/** Files to begin with: text, bytes, or with a kind or mode. */
export type Seed = Readonly<Record<string, string | Uint8Array | Partial<FileAt>>>;

export function treeOf(seed: Seed): MemoryTree {
  return new Map(Object.entries(seed).map(([path, value]) => [path as RepoPath, fileOf(value)]));
}

function fileOf(value: Seed[string]): FileAt {
  if (typeof value === "string") return { kind: "file", executable: false, content: Buffer.from(value) };
  if (value instanceof Uint8Array) return { kind: "file", executable: false, content: value };
  return { kind: "file", executable: false, content: new Uint8Array(), ...value };
}

/** What lies in a folder; undefined when there is none. The root always is. */
export function entriesOf(tree: MemoryTree, folder: RepoPath | ""): EntryAt[] | undefined {
  const prefix = folder === "" ? "" : `${folder}/`;
  const entries = new Map<string, EntryAt>();
  for (const [path, file] of tree) {
    if (!path.startsWith(prefix)) continue;
    const [name = "", ...rest] = path.slice(prefix.length).split("/");
    entries.set(name, { name, kind: rest.length > 0 ? "folder" : file.kind });
  }
  return entries.size === 0 && folder !== "" ? undefined : [...entries.values()];
}

export function kindIn(tree: MemoryTree, path: RepoPath): EntryAt["kind"] | undefined {
  return tree.get(path)?.kind ?? (entriesOf(tree, path) === undefined ? undefined : "folder");
}
