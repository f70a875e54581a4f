import { UserError } from "../errors.ts";
import type { RepoPath } from "../model/names.ts";
import type { FileAt } from "../ports/config-repository.ts";
import type { EditRefused } from "../ports/editor.ts";
import { checkChanges } from "../repository/change-set.ts";
import type { Overlay } from "./overlay.ts";

/**
 * The paths of writes none of whose files is there: one may be made, so what stands at and above them has to be known.
 * Where a file is there, all above it are folders.
 */
export function newPaths(writes: readonly { paths: RepoPath[] }[], files: ReadonlyMap<RepoPath, FileAt>): RepoPath[] {
  return writes.flatMap(({ paths }) => (paths.some((path) => files.has(path)) ? [] : paths));
}

/**
 * Refuses files that cannot be made: where a folder is, or below a file, link or submodule; on the tip, in what this
 * run has changed on top, or among themselves. The rule is the one that a commit keeps, which would stop every intent.
 */
export function findObstacle(changed: ReadonlyMap<RepoPath, Uint8Array>, overlay: Overlay): EditRefused | undefined {
  if (changed.size === 0) return undefined;
  const isFolder = (path: RepoPath) => [...overlay.keys()].some((one) => one.startsWith(`${path}/`));
  try {
    checkChanges(
      [...changed].map(([path, content]) => ({ path, content })),
      (path) => overlay.get(path)?.kind ?? (changed.has(path) && isFolder(path) ? "folder" : undefined),
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, fix } = error;
    return { kind: "refused", code, path: String(error.seen), message, ...(fix === undefined ? {} : { fix }) };
  }
}
