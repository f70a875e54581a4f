import { type EditTools, foreseePaths } from "../edit/edit.ts";
import type { RepoPath, Sha } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { Release, Written } from "../model/record.ts";
import type { Bytes, FileAt } from "../ports/config-repository.ts";
import type { EditRefused } from "../ports/editor.ts";
import type { Place } from "../state/tips.ts";

/** Files as a release left them, to be put back byte for byte, and the values that it wrote into them. */
export interface Restored {
  kind: "restored";
  files: ReadonlyMap<RepoPath, Bytes>;
  writes: readonly Written[];
}

export interface ExactOptions {
  /** The commit that the files are taken from; undefined where the history no longer has it. */
  commit: Sha | undefined;
  /** Files at a commit. */
  read(commit: Sha, paths: readonly RepoPath[]): Promise<ReadonlyMap<RepoPath, FileAt>>;
  pipeline: Pipeline;
  tools: EditTools;
  /** Whether an environment lives where the files do. */
  isHere(environment: Place["environment"]): boolean;
  /** What runs in places, by their records; nothing where one cannot be read. */
  releasesIn(places: readonly Place[]): Promise<readonly (Place & { release: Release })[]>;
}

/**
 * The files that a release wrote, as they were. Refused where they cannot be had, and where another app or environment
 * writes into one of them: what it wrote since must not be lost.
 */
export async function exactFiles(to: Release, place: Place, options: ExactOptions): Promise<Restored | EditRefused> {
  const paths = [...new Set(to.writes.map(({ path }) => path as RepoPath))];
  const { commit, read, tools } = options;
  const refused = (code: string, path: string, message: string, fix: string): EditRefused => ({
    kind: "refused",
    ...{ code, path, message, fix },
  });
  const byIntent = "Go back without exact: then only the values are written.";
  if (commit === undefined) {
    const message = `The commit of the release ${to.request.slice(0, 12)} is no longer in the history of the branch.`;
    return refused("rollback/no-commit", "", message, byIntent);
  }
  for (const { app, environment, paths: theirs } of await othersWriting(place, options)) {
    const path = paths.find((one) => theirs.has(one));
    if (path === undefined) continue;
    const message = `${path} is also written by ${app} in ${environment}.`;
    return refused("rollback/shared-file", path, message, byIntent);
  }
  const found = await read(commit, paths);
  const missing = paths.find((path) => found.get(path)?.kind !== "file");
  if (missing !== undefined) {
    const message = `At ${commit.slice(0, 7)} there is no file ${missing}.`;
    return refused("rollback/no-file", missing, message, byIntent);
  }
  const other = to.writes.find((written) => !has(found, written, tools));
  if (other !== undefined) {
    const message = `At ${commit.slice(0, 7)} ${other.path} has another ${other.selector} than the release wrote.`;
    return refused("rollback/no-commit", other.path, message, byIntent);
  }
  const files = new Map([...found].map(([path, { content }]) => [path, content]));
  return { kind: "restored", files, writes: to.writes };
}

/**
 * Whether a file has what a release wrote. A commit that carries its trailers may have the files of a later one: a squash
 * merge of both leaves nothing else.
 */
function has(files: ReadonlyMap<string, FileAt>, { path, selector, value, editor }: Written, { editors }: EditTools) {
  const file = files.get(path);
  const reader = editors.find(({ kind }) => kind === editor);
  return file === undefined || reader === undefined || reader.read(file.content, selector) === value;
}

/** Where others write: by the config, and by their records, for what only an artifact tells. */
async function othersWriting(
  { app, environment }: Place,
  { pipeline, tools, isHere, releasesIn }: ExactOptions,
): Promise<(Place & { paths: ReadonlySet<string> })[]> {
  const others = [...pipeline.apps.values()].flatMap((other) =>
    other.environments
      .filter((name) => isHere(name) && (other.name !== app || name !== environment))
      .map((name) => ({ app: other, environment: pipeline.environments.get(name) })),
  );
  const foreseen = others.flatMap(({ app: other, environment: there }) =>
    there === undefined
      ? []
      : [{ app: other.name, environment: there.name, paths: new Set<string>(foreseePaths(other, there, tools)) }],
  );
  const released = await releasesIn(foreseen);
  return [
    ...foreseen,
    ...released.map(({ release, ...at }) => ({ ...at, paths: new Set(release.writes.map(({ path }) => path)) })),
  ];
}
