import type { RepoPath } from "../model/names.ts";
import type { FileAt, Snapshot } from "../ports/config-repository.ts";
import { foldersAbove } from "../repository/change-set.ts";

/** Reads files of one snapshot once each: what was read before, or is being read, is not asked for again. */
export class TipReader {
  readonly snapshot: Pick<Snapshot, "read" | "list">;
  readonly #files = new Map<RepoPath, FileAt>();
  readonly #asked = new Map<RepoPath, Promise<void>>();
  readonly #folders = new Set<RepoPath>();

  constructor(snapshot: Pick<Snapshot, "read" | "list">) {
    this.snapshot = snapshot;
  }

  async load(paths: Iterable<RepoPath>): Promise<void> {
    const wanted = [...new Set(paths)];
    const missing = wanted.filter((path) => !this.#asked.has(path));
    const reading = missing.length === 0 ? undefined : this.#read(missing);
    if (reading !== undefined) for (const path of missing) this.#asked.set(path, reading);
    await Promise.all(new Set(wanted.map((path) => this.#asked.get(path))));
  }

  async #read(paths: readonly RepoPath[]): Promise<void> {
    try {
      for (const [path, file] of await this.snapshot.read(paths)) this.#files.set(path, file);
    } catch (error) {
      for (const path of paths) this.#asked.delete(path);
      throw error;
    }
  }

  /** Loads what stands at and above paths that no file is at: what could be in the way of making one. */
  async loadAround(paths: readonly RepoPath[]): Promise<void> {
    await this.load(paths.flatMap(foldersAbove));
    for (const path of paths) {
      if ((await this.snapshot.list(path)) !== undefined) this.#folders.add(path);
    }
  }

  /** The folders found by {@link loadAround}, at its paths themselves. */
  get folders(): ReadonlySet<RepoPath> {
    return this.#folders;
  }

  /** What has been loaded and exists. */
  get files(): ReadonlyMap<RepoPath, FileAt> {
    return this.#files;
  }
}
