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
  /** The commit they are of. */
  commit: Sha;
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
}

/**
 * The files that a release wrote, as they were. Refused where they cannot be had, and where another app or environment
 * writes into one of them: what it wrote since must not be lost.
 */
export async function exactFiles(to: Release, place: Place, options: ExactOptions): Promise<Restored | EditRefused> {
  const paths = [...new Set(to.writes.map(({ path }) => path as RepoPath))];
  const { commit, read } = options;
  const refused = (code: string, path: string, message: string, fix: string): EditRefused => ({
    kind: "refused",
    ...{ code, path, message, fix },
  });
  const byIntent = "Go back without exact: then only the values are written.";
  if (commit === undefined) {
    const message = `The commit of the release ${to.request.slice(0, 12)} is no longer in the history of the branch.`;
    return refused("rollback/no-commit", "", message, byIntent);
  }
  for (const path of paths) {
    const other = otherWriter(path, place, options);
    if (other === undefined) continue;
    const message = `${path} is also written by ${other.app} in ${other.environment}.`;
    return refused("rollback/shared-file", path, message, byIntent);
  }
  const found = await read(commit, paths);
  const missing = paths.find((path) => found.get(path)?.kind !== "file");
  if (missing !== undefined) {
    const message = `At ${commit.slice(0, 7)} there is no file ${missing}.`;
    return refused("rollback/no-file", missing, message, byIntent);
  }
  const files = new Map([...found].map(([path, { content }]) => [path, content]));
  return { kind: "restored", commit, files, writes: to.writes };
}

function otherWriter(path: RepoPath, { app, environment }: Place, options: ExactOptions): Place | undefined {
  const { pipeline, tools, isHere } = options;
  for (const other of pipeline.apps.values()) {
    for (const name of other.environments) {
      const there = pipeline.environments.get(name);
      if (there === undefined || !isHere(name) || (other.name === app && name === environment)) continue;
      if (foreseePaths(other, there, tools).includes(path)) return { app: other.name, environment: name };
    }
  }
  return undefined;
}
