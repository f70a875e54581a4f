import { type AppName, instant, type RepoPath, timestamp } from "../model/names.ts";
import { type Preview, previewPath, type Tombstone, tombstonePath } from "../model/preview.ts";
import type { Change } from "../ports/config-repository.ts";
import { encodeDocument } from "../records/documents.ts";
import type { PreviewRequest } from "./options.ts";
import type { PreviewOf } from "./state.ts";

/** What is told of a preview that goes. */
export interface Going {
  /** Milliseconds since the epoch: nothing as old as that brings it back. */
  clock: number;
  because: Tombstone["because"];
  now: number;
}

/**
 * A preview out of the repository: its recorded files and nothing else, and a tombstone in its place.
 * @param preview undefined: there is none, and there will be none that is older
 */
export function takeDown(
  of: PreviewOf,
  preview: Preview | undefined,
  { clock, because, now }: Going,
  { request, actor }: Pick<PreviewRequest, "request" | "actor">,
): Change[] {
  const { app, number } = of;
  const tombstone: Tombstone = {
    ...{ schema: "glu.preview-closed.v1", app, number, clock: timestamp(clock), because },
    ...{ at: timestamp(now), request, actor },
  };
  const gone = preview === undefined ? [] : [...preview.files.map(({ path }) => path), previewPath(app, number)];
  return [
    ...gone.map((path): Change => ({ path: path as RepoPath, content: undefined })),
    { path: tombstonePath(app, number), content: encodeDocument(tombstone) },
  ];
}

/** One that goes by Glu's own doing, as of its last event: what happens later brings it back. */
export const asOf = (preview: Preview): number => instant(preview.clock);

export const placeOf = ({ app, number }: Pick<Preview, "app" | "number">): PreviewOf => {
  return { app: app as AppName, number };
};
