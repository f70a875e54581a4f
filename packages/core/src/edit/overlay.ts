import type { RepoPath } from "../model/names.ts";
import type { FileAt } from "../ports/config-repository.ts";
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
