import { type Bytes, type RepoPath, repoPath, type Snapshot, UserError } from "@glu/core";

/** Files and bytes that a template may have, with all that it takes from elsewhere. */
const most = { files: 200, bytes: 2_000_000, depth: 8 };

/** What has been read of it so far. */
export interface Reading {
  /** What it is called in messages. */
  template: string;
  files: number;
  bytes: number;
}

export const readingOf = (template: string): Reading => ({ template, files: 0, bytes: 0 });

/**
 * The files at or below a path, by their paths in the repository.
 * @throws UserError `preview/no-template` for links and submodules, `preview/too-large`
 */
export async function filesBelow(tip: Snapshot, path: RepoPath, reading: Reading): Promise<Map<RepoPath, Bytes>> {
  const folder = await tip.list(path);
  const paths = folder === undefined ? [path] : await pathsBelow(tip, path, { reading, depth: 0 });
  const there = await tip.read(paths);
  const files = new Map<RepoPath, Bytes>();
  for (const one of paths.sort()) {
    const file = there.get(one);
    if (file === undefined) continue;
    if (file.kind !== "file") throw neither(one, file.kind);
    reading.files += 1;
    reading.bytes += file.content.length;
    if (reading.files > most.files) throw tooLarge(reading, `more than ${most.files} files`);
    if (reading.bytes > most.bytes) throw tooLarge(reading, `more than ${most.bytes / 1_000_000} MB`);
    files.set(one, file.content);
  }
  return files;
}

async function pathsBelow(
  tip: Snapshot,
  folder: RepoPath,
  { reading, depth }: { reading: Reading; depth: number },
): Promise<RepoPath[]> {
  const entries = (await tip.list(folder)) ?? [];
  if (depth > most.depth) throw tooLarge(reading, `folders more than ${most.depth} deep`);
  const below = await Promise.all(
    entries.map(async ({ name, kind }): Promise<RepoPath[]> => {
      const path = repoPath(`${folder}/${name}`);
      if (kind === "folder") return pathsBelow(tip, path, { reading, depth: depth + 1 });
      if (kind === "file") return [path];
      throw neither(path, kind);
    }),
  );
  const paths = below.flat();
  if (paths.length > most.files) throw tooLarge(reading, `more than ${most.files} files`);
  return paths;
}

const neither = (path: string, kind: string): UserError =>
  new UserError("preview/no-template", `${path} is neither a file nor a folder.`, {
    seen: kind,
    fix: "A template has files only: no links, no submodules.",
  });

function tooLarge({ template }: Reading, seen: string): UserError {
  return new UserError("preview/too-large", `The template ${template} has ${seen}.`, {
    seen,
    fix: "A preview is rendered with every push: keep what it does not need somewhere else.",
  });
}
