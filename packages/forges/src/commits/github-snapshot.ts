import {
  type EntryAt,
  type FileAt,
  foldersAbove,
  type LogEntry,
  type RefName,
  type RepoPath,
  type Sha,
  type Snapshot,
  type Timestamp,
} from "@glu/core";
import { kindOf, modes, type TreeEntry } from "./git-objects.ts";
import { type CommitAt, type GithubReading, NotByApi } from "./github-reading.ts";
import { at, type Wanted } from "./read-objects.ts";

const nothing = new Uint8Array();

export interface SnapshotOptions {
  reading: GithubReading;
  branch: RefName;
  at: CommitAt;
  /** Told what is looked for: it is asked for ahead the next time. */
  seen(path: RepoPath): void;
  /** The same commit by another way, where the API does not tell enough. */
  otherwise(commit: Sha, why: string): Promise<Snapshot>;
}

/** One commit, read by GitHub's API. What was asked for once is known. */
export class GithubSnapshot implements Snapshot {
  readonly commit: Sha;
  readonly branch: RefName;
  readonly committedAt: Timestamp;
  readonly tree: Sha;
  readonly #options: SnapshotOptions;
  readonly #history = new Map<number, Promise<readonly LogEntry[]>>();
  #other: Promise<Snapshot> | undefined;

  constructor(options: SnapshotOptions) {
    const { commit, committedAt, tree } = options.at;
    this.#options = options;
    this.commit = commit;
    this.committedAt = committedAt;
    this.branch = options.branch;
    this.tree = tree;
  }

  async read(paths: readonly RepoPath[]): Promise<ReadonlyMap<RepoPath, FileAt>> {
    for (const path of paths) this.#options.seen(path);
    return this.#orElse(
      async () => {
        await this.#load(paths, true);
        const read = new Map<RepoPath, FileAt>();
        for (const path of paths) {
          const file = this.#fileAt(path);
          if (file !== undefined) read.set(path, file);
        }
        return read;
      },
      (other) => other.read(paths),
    );
  }

  async list(folder: RepoPath | ""): Promise<readonly EntryAt[] | undefined> {
    if (folder !== "") this.#options.seen(folder);
    return this.#orElse(
      async () => {
        const { memory } = this.#options.reading;
        if (folder !== "") await this.#load([folder], false, true);
        const found = folder === "" ? this.tree : this.#find(folder);
        const id = typeof found === "object" && kindOf(found.mode) === "folder" ? found.id : found;
        const tree = typeof id === "string" ? memory.tree(id as Sha) : undefined;
        return tree && [...tree.values()].map(({ name, mode }) => ({ name, kind: kindOf(mode) }));
      },
      (other) => other.list(folder),
    );
  }

  log(limit: number): Promise<readonly LogEntry[]> {
    const known = this.#history.get(limit);
    if (known !== undefined) return known;
    const read = this.#orElse<readonly LogEntry[]>(
      () => this.#options.reading.log(this.commit, limit),
      (other) => other.log(limit),
    );
    this.#history.set(limit, read);
    return read;
  }

  async at(commit: Sha): Promise<Snapshot> {
    if (commit === this.commit) return this;
    return this.#orElse<Snapshot>(
      async () => new GithubSnapshot({ ...this.#options, at: await this.#options.reading.commit(commit) }),
      (other) => other.at(commit),
    );
  }

  /** What stands at paths, and the folders above them: all of it is known then. @throws NotByApi */
  async entries(paths: readonly RepoPath[]): Promise<Map<RepoPath, TreeEntry>> {
    await this.#load(paths, false);
    const found = paths.map((path) => [path, this.#find(path)] as const);
    return new Map(found.filter((one): one is [RepoPath, TreeEntry] => one[1] !== undefined));
  }

  #find(path: RepoPath): TreeEntry | undefined {
    const found = this.#options.reading.memory.find(this.tree, path);
    return found === "unknown" ? undefined : found;
  }

  #fileAt(path: RepoPath): FileAt | undefined {
    const entry = this.#find(path);
    const kind = entry === undefined ? "folder" : kindOf(entry.mode);
    if (entry === undefined || kind === "folder") return undefined;
    const content = kind === "submodule" ? nothing : this.#options.reading.memory.blob(entry.id);
    if (content === undefined) throw new Error(`${path} was not read.`);
    return { kind, executable: entry.mode === modes.executable, content };
  }

  /** Asks in one round for all that is missing of these paths; then, rarely, for what was not told whole. */
  async #load(paths: readonly RepoPath[], contents: boolean, folders = false): Promise<void> {
    const { reading } = this.#options;
    const { memory } = reading;
    const missing = new Set<string>();
    for (const path of paths) {
      const found = memory.find(this.tree, path);
      if (found === "unknown") {
        for (const above of foldersAbove(path)) {
          const folder = memory.find(this.tree, above);
          if (folder === "unknown" || (folder && kindOf(folder.mode) === "folder" && !memory.tree(folder.id)))
            missing.add(at(this.commit, above));
        }
      }
      const isRead = found !== undefined && found !== "unknown" && this.#isKnown(found, contents, folders);
      if (found !== undefined && !isRead && (contents || folders)) missing.add(at(this.commit, path));
    }
    if (missing.size > 0) await reading.objects([...missing].map((expression): Wanted => ({ expression })));
    for (const path of paths) {
      const found = memory.find(this.tree, path);
      if (found === "unknown") throw new NotByApi(`GitHub's API does not tell what is above ${JSON.stringify(path)}`);
      if (found === undefined || this.#isKnown(found, contents, folders)) continue;
      if (kindOf(found.mode) === "folder")
        throw new NotByApi(`GitHub's API does not tell all of ${JSON.stringify(path)}`);
      await reading.blob(found.id, path);
    }
  }

  #isKnown({ mode, id }: TreeEntry, contents: boolean, folders: boolean): boolean {
    const { memory } = this.#options.reading;
    const kind = kindOf(mode);
    if (kind === "folder") return !folders || memory.tree(id) !== undefined;
    return kind === "submodule" || !contents || memory.blob(id) !== undefined;
  }

  async #orElse<T>(byApi: () => Promise<T>, byOther: (other: Snapshot) => Promise<T>): Promise<T> {
    if (this.#other === undefined) {
      try {
        return await byApi();
      } catch (error) {
        if (!(error instanceof NotByApi)) throw error;
        this.#other = this.#options.otherwise(this.commit, error.message);
      }
    }
    return byOther(await this.#other);
  }
}
