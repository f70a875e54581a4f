import type { RepoPath } from "@glu/core";

/**
 * The folders that are worth taking whole when these paths are read: the records of an app, and each folder that has
 * the app's name. Which apps it is about, the records' paths say, which are contract: `.glu/<app>/…`.
 */
export function foldersReadTogether(paths: readonly RepoPath[]): Set<RepoPath> {
  const names = new Set(paths.flatMap((path) => /^\.glu\/([^/]+)\//.exec(path)?.[1] ?? []));
  const folders = new Set<RepoPath>();
  for (const path of paths) {
    const parts = path.split("/");
    const at = parts.findIndex((part, index) => index < parts.length - 1 && names.has(part));
    if (at >= 0) folders.add(parts.slice(0, at + 1).join("/") as RepoPath);
  }
  return folders;
}
