import type { Stats } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type EntryAt, type FileAt, type RepoPath, refName, type Sha, type Snapshot, timestamp } from "@glu/core";

/** A working copy as it lies there, committed or not. Git follows no symbolic link, so neither does this. */
export function folderSnapshot(root: string): Snapshot {
  return {
    commit: "0".repeat(40) as Sha,
    branch: refName("working-copy"),
    committedAt: timestamp(0),
    async read(paths) {
      const found = await Promise.all(
        paths.map(async (path): Promise<[RepoPath, FileAt][]> => {
          const info = await entryAt(root, path);
          const executable = info !== undefined && (info.mode & 0o100) !== 0;
          if (info?.isSymbolicLink())
            return [[path, { kind: "symlink", executable: false, content: new Uint8Array() }]];
          if (!info?.isFile()) return [];
          return [[path, { kind: "file", executable, content: await readFile(join(root, path)) }]];
        }),
      );
      return new Map(found.flat());
    },
    async list(folder) {
      if (folder !== "" && !(await entryAt(root, folder))?.isDirectory()) return undefined;
      const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => undefined);
      return entries?.map((entry): EntryAt => ({ name: entry.name, kind: kindOf(entry) }));
    },
    log: async () => [],
    at: async () => {
      throw new Error("a working copy has no history");
    },
  };
}

function kindOf(entry: Pick<Stats, "isDirectory" | "isSymbolicLink">): EntryAt["kind"] {
  return entry.isDirectory() ? "folder" : entry.isSymbolicLink() ? "symlink" : "file";
}

/** What is at a path; undefined when nothing is, or when the way to it goes through something that is no folder. */
async function entryAt(root: string, path: string): Promise<Stats | undefined> {
  const parts = path.split("/");
  let info: Stats | undefined;
  for (let depth = 1; depth <= parts.length; depth++) {
    if (info !== undefined && !info.isDirectory()) return undefined;
    info = await lstat(join(root, ...parts.slice(0, depth))).catch(() => undefined);
    if (info === undefined) return undefined;
  }
  return info;
}
