import { changedFiles, contentsAt, type Prepared } from "../edit/edit.ts";
import type { Overlay } from "../edit/overlay.ts";
import type { Drift } from "../gates/gate.ts";
import type { RepoPath } from "../model/names.ts";
import type { ReleaseRecord } from "../model/record.ts";
import type { Bytes } from "../ports/config-repository.ts";
import type { Editor } from "../ports/editor.ts";
import type { Restored } from "./exact-files.ts";

/** The files of a release put in place of those that are there. Pure; what was changed by hand since is told as drift. */
export function prepareRestored(
  { files, writes }: Restored,
  overlay: Overlay,
  record: ReleaseRecord,
  editors: readonly Editor[],
): Prepared {
  const before = contentsAt(files.keys(), overlay);
  if ("kind" in before) return before;
  const changed = changedFiles(before, files, overlay);
  if ("code" in changed) return changed;
  return { kind: "edited", ...changed, writes: [...writes], drift: changedByHand(record, before, files, editors) };
}

/** Values of the current release that are no longer as it wrote them, nor as they will be. */
function changedByHand(
  { current }: ReleaseRecord,
  before: ReadonlyMap<RepoPath, Bytes>,
  after: ReadonlyMap<RepoPath, Bytes>,
  editors: readonly Editor[],
): Drift[] {
  return (current?.writes ?? []).flatMap(({ path, selector, value, editor: kind }) => {
    const editor = editors.find((one) => one.kind === kind);
    const [now, then] = [before.get(path as RepoPath), after.get(path as RepoPath)];
    if (editor === undefined || then === undefined) return [];
    const found = now && editor.read(now, selector);
    if (found === value || found === editor.read(then, selector)) return [];
    return [{ path, selector, recorded: value, found }];
  });
}
