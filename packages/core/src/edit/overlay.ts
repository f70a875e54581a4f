import type { RepoPath } from "../model/names.ts";
import type { FileAt } from "../ports/config-repository.ts";
import { foldersAbove } from "../repository/change-set.ts";
import type { TipReader } from "../state/tip-reader.ts";

type Standing = FileAt | { kind: "folder" };

/** What is known to stand at paths: files of a tip, folders where a file may be made, and what this run has changed. */
export type Overlay = ReadonlyMap<RepoPath, Standing>;

/** What has been loaded of a tip, to put changes on. */
export function overlayOf({ files, folders }: Pick<TipReader, "files" | "folders">): Map<RepoPath, Standing> {
  const overlay = new Map<RepoPath, Standing>(files);
  for (const folder of folders) overlay.set(folder, { kind: "folder" });
  return overlay;
}

/** The same of these paths and the folders above them alone: a tip may hold thousands. */
export function overlayAt(
  { files, folders }: Pick<TipReader, "files" | "folders">,
  paths: readonly RepoPath[],
): Overlay {
  const wanted = new Set(paths.flatMap((path) => [...foldersAbove(path), path]));
  return new Map(
    [...wanted].flatMap((path): [RepoPath, Standing][] => {
      const standing = folders.has(path) ? ({ kind: "folder" } as const) : files.get(path);
      return standing === undefined ? [] : [[path, standing]];
    }),
  );
}
