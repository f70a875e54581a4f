import type { FileAt, RepoPath } from "@glu/core";

/** All files of a commit by path. */
export type MemoryTree = ReadonlyMap<RepoPath, FileAt>;

/** Files to begin with: text, bytes, or with a kind or mode. */
export type Seed = Readonly<Record<string, string | Uint8Array | Partial<FileAt>>>;

export function treeOf(seed: Seed): MemoryTree {
  return new Map(Object.entries(seed).map(([path, value]) => [path as RepoPath, fileOf(value)]));
}

function fileOf(value: Seed[string]): FileAt {
  if (typeof value === "string") return { kind: "file", executable: false, content: new TextEncoder().encode(value) };
  if (value instanceof Uint8Array) return { kind: "file", executable: false, content: value };
  return { kind: "file", executable: false, content: new Uint8Array(), ...value };
}
