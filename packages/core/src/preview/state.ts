import { UserError } from "../errors.ts";
import { type AppName, appName, type RepoPath, repoPath } from "../model/names.ts";
import {
  numberInPath,
  type Preview,
  previewPath,
  previewSchema,
  previewsFolder,
  type Tombstone,
  tombstonePath,
  tombstoneSchema,
} from "../model/preview.ts";
import type { FileAt, Snapshot } from "../ports/config-repository.ts";
import { documentPaths, readDocument } from "../records/documents.ts";
import type { Standing } from "./clock.ts";
import { previewKey } from "./names.ts";

/** One preview of an app, by the number of its pull request. */
export interface PreviewOf {
  app: AppName;
  number: number;
}

export const pathsOf = ({ app, number }: PreviewOf): RepoPath[] => [
  previewPath(app, number),
  tombstonePath(app, number),
];

export function standingOf(files: ReadonlyMap<RepoPath, FileAt>, { app, number }: PreviewOf): Standing {
  const preview = readDocument(previewSchema, files, previewPath(app, number));
  const tombstone = readDocument(tombstoneSchema, files, tombstonePath(app, number));
  for (const one of [preview, tombstone]) {
    if (one === undefined || (one.app === app && one.number === number)) continue;
    const path = one === preview ? previewPath(app, number) : tombstonePath(app, number);
    throw malformed(path, `is of pull request ${one.number} of ${one.app}`);
  }
  // A record is a file like any other: what it says is no leave to delete what is not the preview's.
  const own = `/${app}/${previewKey(number)}/`;
  const foreign = preview?.files.find(({ path }) => !`/${path}`.includes(own));
  if (foreign !== undefined) throw malformed(previewPath(app, number), `says that ${foreign.path} is a file of it`);
  for (const { path } of preview?.files ?? []) repoPath(path);
  return { preview, tombstone };
}

function malformed(path: RepoPath, says: string): UserError {
  return new UserError("record/malformed", `${path} ${says}.`, {
    seen: path,
    at: { file: path },
    fix: "Glu writes this file. Restore its last good version from Git.",
  });
}

/** What stands of one preview at a tip. */
export async function readStanding(tip: Snapshot, of: PreviewOf): Promise<Standing> {
  return standingOf(await tip.read(documentPaths(pathsOf(of))), of);
}

/** All that is known of previews at a tip. */
export interface AllPreviews {
  previews: readonly Preview[];
  tombstones: readonly Tombstone[];
}

/** Every preview and tombstone at a tip, or those of one app. */
export async function readAll(tip: Snapshot, only?: AppName): Promise<AllPreviews> {
  const apps =
    only === undefined ? ((await tip.list(previewsFolder)) ?? []) : [{ name: only, kind: "folder" as const }];
  const names = apps.filter(({ kind }) => kind === "folder").map(({ name }) => name);
  const folders = [...new Set(names)].map((name) => appName(name));
  const known = await Promise.all(
    folders.map(async (app) => {
      const entries = (await tip.list(`${previewsFolder}/${app}` as RepoPath)) ?? [];
      const numbers = entries.flatMap(({ name }) => numberInPath.exec(name)?.[1] ?? []);
      return [...new Set(numbers)].map((number): PreviewOf => ({ app, number: Number(number) }));
    }),
  );
  const all = known.flat().sort((a, b) => (a.app === b.app ? a.number - b.number : a.app < b.app ? -1 : 1));
  const files = await tip.read(documentPaths(all.flatMap(pathsOf)));
  const standings = all.map((one) => standingOf(files, one));
  return {
    previews: standings.flatMap(({ preview }) => preview ?? []),
    tombstones: standings.flatMap(({ tombstone }) => tombstone ?? []),
  };
}
