import type { RepoPath } from "../model/names.ts";
import type { FileAt, Snapshot } from "../ports/config-repository.ts";

/** Reads files of one snapshot once each: what was read before is not asked for again. */
export class TipReader {
  readonly snapshot: Snapshot;
  readonly #files = new Map<RepoPath, FileAt>();
  readonly #asked = new Set<RepoPath>();

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot;
  }

  async load(paths: Iterable<RepoPath>): Promise<void> {
    const missing = [...new Set(paths)].filter((path) => !this.#asked.has(path));
    if (missing.length === 0) return;
    for (const [path, file] of await this.snapshot.read(missing)) this.#files.set(path, file);
    for (const path of missing) this.#asked.add(path);
  }

  /** What has been loaded and exists. */
  get files(): ReadonlyMap<RepoPath, FileAt> {
    return this.#files;
  }
}
