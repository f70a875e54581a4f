import { UserError } from "../errors.ts";
import type { RepoPath } from "../model/names.ts";
import type { Change, EntryAt } from "../ports/config-repository.ts";

/** The changed paths and every folder above them: what must be looked up before {@link checkChanges}. */
export function pathsToCheck(changes: readonly Change[]): RepoPath[] {
  const paths = new Set<RepoPath>();
  for (const { path } of changes) {
    paths.add(path);
    for (const folder of foldersAbove(path)) paths.add(folder);
  }
  return [...paths];
}

/**
 * Whether the changes can be made to a tree without touching what they do not name: the rule that every
 * `ConfigRepository` keeps. Deleting what is not there is allowed and does nothing.
 * @param kindAt what stands at a path of {@link pathsToCheck} now; undefined when nothing does
 * @throws UserError `repository/path-conflict` where a file would replace a folder, or lie below a file, a symbolic
 * link or a submodule, or replace one of those
 * @throws Error when there are no changes, or two for one path: the caller's bug
 */
export function checkChanges(
  changes: readonly Change[],
  kindAt: (path: RepoPath) => EntryAt["kind"] | undefined,
): void {
  if (changes.length === 0) throw new Error("A commit without changes was asked for.");
  const written = new Map<RepoPath, Change>();
  for (const change of changes) {
    if (written.has(change.path)) throw new Error(`Two changes to ${change.path} in one commit.`);
    written.set(change.path, change);
  }
  for (const { path } of changes) {
    const kind = kindAt(path);
    if (kind !== undefined && kind !== "file") throw conflict(path, `${JSON.stringify(path)} is ${called[kind]}`);
    for (const folder of foldersAbove(path)) {
      const above = kindAt(folder);
      if (above !== undefined && above !== "folder") {
        throw conflict(path, `${JSON.stringify(folder)} is ${called[above]}, not a folder`);
      }
      if (written.get(folder)?.content !== undefined) {
        throw conflict(path, `the same commit makes ${JSON.stringify(folder)} a file`);
      }
    }
  }
}

/** What stands at a path, for messages. */
export const called: Record<EntryAt["kind"], string> = {
  file: "a file",
  folder: "a folder",
  symlink: "a symbolic link",
  submodule: "a submodule",
};

/** `a/b/c` → `a`, `a/b`. */
export function foldersAbove(path: RepoPath): RepoPath[] {
  const folders: RepoPath[] = [];
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) folders.push(path.slice(0, at) as RepoPath);
  return folders;
}

function conflict(path: RepoPath, why: string): UserError {
  return new UserError("repository/path-conflict", `${JSON.stringify(path)} cannot be written as a file: ${why}.`, {
    seen: path,
    fix: "Write to another path, or change what stands there by hand first. Links and submodules are never replaced.",
  });
}
