import type { EntryAt, FileAt, RepoPath } from "@glu/core";

interface Version {
  /** Index of the commit that made it. */
  from: number;
  /** Undefined: deleted. */
  file: FileAt | undefined;
}

/**
 * The files of one branch at each of its commits, every version kept once: a month of commits costs what they changed.
 */
export class BranchHistory {
  readonly #versions = new Map<RepoPath, Version[]>();
  /** Folder → names of what ever lay in it. */
  readonly #names = new Map<string, Set<string>>();

  write(path: RepoPath, file: FileAt | undefined, from: number): void {
    const versions = this.#versions.get(path);
    if (versions === undefined) {
      this.#versions.set(path, [{ from, file }]);
      this.#name(path);
    } else versions.push({ from, file });
  }

  /** What lay at a path before anything was written there, found out later. */
  knowBefore(path: RepoPath, file: FileAt | undefined): void {
    this.#versions.set(path, [{ from: 0, file }, ...(this.#versions.get(path) ?? [])]);
    this.#name(path);
  }

  /** Whether it is known what lay at a path at a commit. */
  knows(path: RepoPath, at: number): boolean {
    return this.#versions.get(path)?.some(({ from }) => from <= at) === true;
  }

  file(path: RepoPath, at: number): FileAt | undefined {
    return this.#versions.get(path)?.findLast(({ from }) => from <= at)?.file;
  }

  /** All files at a commit. */
  tree(at: number): Map<RepoPath, FileAt> {
    return new Map(
      [...this.#versions.keys()].flatMap((path) => {
        const file = this.file(path, at);
        return file === undefined ? [] : [[path, file] as const];
      }),
    );
  }

  /** What lies in a folder; undefined when there is none. The root always is. */
  entries(folder: RepoPath | "", at: number): EntryAt[] | undefined {
    const names = [...(this.#names.get(folder) ?? [])];
    const entries = names.flatMap((name): EntryAt[] => {
      const kind = this.kind((folder === "" ? name : `${folder}/${name}`) as RepoPath, at);
      return kind === undefined ? [] : [{ name, kind }];
    });
    return entries.length === 0 && folder !== "" ? undefined : entries;
  }

  kind(path: RepoPath, at: number): EntryAt["kind"] | undefined {
    const file = this.file(path, at);
    if (file !== undefined) return file.kind;
    const inside = this.#names.get(path);
    if (inside === undefined) return undefined;
    return [...inside].some((name) => this.kind(`${path}/${name}` as RepoPath, at) !== undefined)
      ? "folder"
      : undefined;
  }

  #name(path: RepoPath): void {
    const cut = path.lastIndexOf("/");
    const folder = cut < 0 ? "" : path.slice(0, cut);
    const names = this.#names.get(folder) ?? new Set();
    const known = names.size > 0;
    this.#names.set(folder, names.add(path.slice(cut + 1)));
    if (!known && folder !== "") this.#name(folder as RepoPath);
  }
}
