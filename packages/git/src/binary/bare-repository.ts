import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

export type ObjectFormat = "sha1" | "sha256";

/**
 * Private bare repositories in a temporary folder, written by hand: `git init` would cost two processes and copy
 * templates and hooks.
 *
 * - `fetch` is a partial clone of the remote: fetches go here.
 * - `work` borrows its objects and knows of no remote: reading, building commits and pushing happen here, where Git
 *   cannot fetch what is missing one by one. Old Gits know no other way to forbid that (GIT_NO_LAZY_FETCH is 2.45).
 * - `history` holds commits without trees. Apart, because a server takes whoever has a commit to have its trees.
 */
export interface BareRepositories {
  root: string;
  fetch: string;
  work: string;
  history: string;
}

/** Makes them under `temp`, or again in the same place for another object format. */
export async function writeBareRepositories(
  options: { temp: string } | { root: string },
  url: string,
  format: ObjectFormat,
): Promise<BareRepositories> {
  const root = "root" in options ? options.root : await makeRoot(options.temp);
  const at = { root, fetch: join(root, "fetch.git"), work: join(root, "work.git"), history: join(root, "history.git") };
  await Promise.all([
    write(at.fetch, partialClone(url, "blob:none", format)),
    write(at.history, partialClone(url, "tree:0", format)),
    write(at.work, config([core(format), extensions(format, []), gc])),
  ]);
  await writeFile(join(at.work, "objects/info/alternates"), `${join(at.fetch, "objects")}\n`);
  return at;
}

async function makeRoot(temp: string): Promise<string> {
  await mkdir(temp, { recursive: true });
  return mkdtemp(join(await realpath(temp), "glu-git-"));
}

async function write(folder: string, text: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "objects/info"), { recursive: true });
  await mkdir(join(folder, "objects/pack"));
  await mkdir(join(folder, "refs"));
  await writeFile(join(folder, "config"), text);
  // A branch that is never made: no ref that is pushed or fetched is ever checked out.
  await writeFile(join(folder, "HEAD"), "ref: refs/heads/none\n");
}

const config = (sections: string[]): string => `${sections.join("\n")}\n`;
const core = (format: ObjectFormat): string =>
  `[core]\n\trepositoryformatversion = ${format === "sha256" ? 1 : 0}\n\tbare = true\n\tlogAllRefUpdates = false`;
const gc = "[gc]\n\tauto = 0\n[maintenance]\n\tauto = false";

function extensions(format: ObjectFormat, lines: string[]): string {
  const all = format === "sha256" ? ["objectFormat = sha256", ...lines] : lines;
  return all.length === 0 ? "" : `[extensions]\n${all.map((line) => `\t${line}`).join("\n")}`;
}

function partialClone(url: string, filter: string, format: ObjectFormat): string {
  const quoted = `"${url.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  return config([
    core(format).replace(/version = 0/, "version = 1"),
    extensions(format, ["partialClone = origin"]),
    `[remote "origin"]\n\turl = ${quoted}\n\tpromisor = true\n\tpartialclonefilter = ${filter}`,
    gc,
  ]);
}
