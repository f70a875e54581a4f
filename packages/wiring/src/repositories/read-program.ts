import { type EntryAt, type RepoPath, repoPath, type Snapshot, UserError } from "@glu/core";
import type { ConfigFiles } from "@glu/evaluate";
import { textOf } from "./text-of.ts";

/** The folder whose `.ts` files a config may import. */
const folder = repoPath("glu");

/** Far above any pipeline; they bound what reading and evaluating cost. */
const mostFiles = 500;
const mostCharacters = 2 * 1024 * 1024;
const deepest = 8;

/** The program at a tip and all that it may import. */
export async function readProgram(tip: Snapshot, entry: RepoPath): Promise<ConfigFiles> {
  const paths = [entry, ...(await modulesIn(tip, folder, 0)).filter((path) => path !== entry)];
  if (paths.length > mostFiles) throw tooLarge(entry, `${paths.length} files, and ${mostFiles} are read at most`);
  const found = await tip.read(paths);
  const files = paths.flatMap((path) => {
    const file = found.get(path);
    // A symbolic link could lead anywhere; imports of it lead to no file.
    return file?.kind === "file" ? [[path, textOf(path, file.content)] as const] : [];
  });
  const length = files.reduce((sum, [, text]) => sum + text.length, 0);
  if (length > mostCharacters) throw tooLarge(entry, `${length} characters, and ${mostCharacters} are read at most`);
  return { entry, files: Object.fromEntries(files) };
}

async function modulesIn(tip: Snapshot, where: RepoPath, depth: number): Promise<RepoPath[]> {
  const entries = depth > deepest ? [] : ((await tip.list(where)) ?? []);
  const pathOf = ({ name }: EntryAt) => `${where}/${name}` as RepoPath;
  const files = entries.filter(({ kind, name }) => kind === "file" && /(?<!\.test|\.d)\.ts$/.test(name)).map(pathOf);
  const folders = entries.filter(({ kind }) => kind === "folder").map(pathOf);
  const below = await Promise.all(folders.map((one) => modulesIn(tip, one, depth + 1)));
  return [...files, ...below.flat()].sort();
}

const tooLarge = (file: RepoPath, what: string) =>
  new UserError("config/too-large", `${file} and ${folder}/ have ${what}.`, {
    at: { file },
    fix: "Keep in glu/ what the pipeline needs.",
  });
