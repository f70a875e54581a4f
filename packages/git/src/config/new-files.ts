import { type Change, checkChanges, pathsToCheck, type Snapshot } from "@glu/core";
import type { NewFile } from "../remote/remote.ts";
import { GitSnapshot } from "./git-snapshot.ts";

/**
 * Changes as files of a commit on top of a snapshot; a file keeps its mode unless the change says otherwise.
 * @throws UserError when a change cannot be made there
 */
export async function newFiles(onto: Snapshot, changes: readonly Change[]): Promise<NewFile[]> {
  if (!(onto instanceof GitSnapshot)) throw new Error("The snapshot is of another repository.");
  const entries = await onto.entries(pathsToCheck(changes));
  checkChanges(changes, (path) => entries.get(path)?.kind);
  return changes.map(({ path, content, executable }) => ({
    path,
    content,
    executable: executable ?? entries.get(path)?.executable ?? false,
  }));
}
