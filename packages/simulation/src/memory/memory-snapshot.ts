import type { EntryAt, FileAt, LogEntry, RefName, RepoPath, Sha, Snapshot, Timestamp } from "@glu/core";
import type { Base } from "./base.ts";
import type { BranchHistory } from "./branch-history.ts";

export interface MemorySnapshotOptions {
  branch: RefName;
  /** All commits of the branch by now, oldest first: the last is the one that is opened. */
  commits: readonly LogEntry[];
  history: BranchHistory;
  base: Base | undefined;
  /** Called before every question, which it may refuse. */
  ask(): void;
}

/** One commit of a branch in memory. */
export class MemorySnapshot implements Snapshot {
  readonly branch: RefName;
  readonly commit: Sha;
  readonly committedAt: Timestamp;
  readonly #at: number;
  readonly #commits: readonly LogEntry[];
  readonly #history: BranchHistory;
  readonly #base: Base | undefined;
  readonly #ask: () => void;

  constructor({ branch, commits, history, base, ask }: MemorySnapshotOptions) {
    const tip = commits.at(-1) as LogEntry;
    this.branch = branch;
    this.commit = tip.commit;
    this.committedAt = tip.committedAt;
    this.#at = commits.length - 1;
    this.#commits = commits;
    this.#history = history;
    this.#base = base;
    this.#ask = ask;
  }

  /** The file at a path that was written, or read before. */
  known(path: RepoPath): FileAt | undefined {
    return this.#history.file(path, this.#at);
  }

  /** What stands at a path that was written, or read before. */
  kind(path: RepoPath): EntryAt["kind"] | undefined {
    return this.#history.kind(path, this.#at);
  }

  async read(paths: Parameters<Snapshot["read"]>[0]): ReturnType<Snapshot["read"]> {
    this.#ask();
    await this.#readBase(paths);
    return new Map(
      paths.flatMap((path) => {
        const file = this.known(path);
        return file === undefined ? [] : [[path, file] as const];
      }),
    );
  }

  async list(folder: Parameters<Snapshot["list"]>[0]): ReturnType<Snapshot["list"]> {
    const own = this.#history.entries(folder, this.#at);
    const below = await this.#base?.list(folder);
    if (below === undefined) return own;
    const names = new Set(own?.map(({ name }) => name));
    const isGone = (name: string) => {
      const path = (folder === "" ? name : `${folder}/${name}`) as RepoPath;
      return this.#history.knows(path, this.#at) && this.known(path) === undefined;
    };
    return [...(own ?? []), ...below.filter(({ name }) => !names.has(name) && !isGone(name))];
  }

  async log(limit: number): ReturnType<Snapshot["log"]> {
    this.#ask();
    return this.#commits.slice(Math.max(0, this.#at + 1 - limit), this.#at + 1).toReversed();
  }

  async at(commit: Sha): Promise<Snapshot> {
    this.#ask();
    const index = this.#commits.findLastIndex((one, at) => at <= this.#at && one.commit === commit);
    if (index < 0) throw new Error(`${commit} is not in the history.`);
    const [branch, history, base, ask] = [this.branch, this.#history, this.#base, this.#ask];
    return new MemorySnapshot({ branch, commits: this.#commits.slice(0, index + 1), history, base, ask });
  }

  async #readBase(paths: readonly RepoPath[]): Promise<void> {
    if (this.#base === undefined) return;
    const unknown = paths.filter((path) => !this.#history.knows(path, this.#at));
    if (unknown.length === 0) return;
    const found = await this.#base.read(unknown);
    for (const path of unknown) {
      if (!this.#history.knows(path, this.#at)) this.#history.knowBefore(path, found.get(path));
    }
  }
}
