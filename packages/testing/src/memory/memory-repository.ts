import { createHash } from "node:crypto";
import {
  type Clock,
  type Commit,
  type Committed,
  type ConfigRepository,
  checkChanges,
  type FileAt,
  type LogEntry,
  type Lost,
  OutsideError,
  type RefName,
  type Sha,
  type Snapshot,
  shortRef,
  timestamp,
  UserError,
} from "@glu/core";
import { FakeClock } from "./fake-clock.ts";
import { entriesOf, kindIn, type MemoryTree, type Seed, treeOf } from "./tree.ts";

interface MemoryCommit extends LogEntry {
  parent: MemoryCommit | undefined;
  tree: MemoryTree;
}

/**
 * A repository in memory, as a server would hold it. Any number of {@link ConfigRepository} open on it see each
 * other's commits. Faults can be put into its way.
 */
export class MemoryRepository {
  readonly location: string;
  readonly #clock: Clock;
  readonly #branches = new Map<RefName, MemoryCommit>();
  #losses = 0;
  #faults: { landed: boolean }[] = [];
  #down: Error | undefined;

  constructor(options: { seed?: Seed; branch?: RefName; clock?: Clock; location?: string } = {}) {
    const { seed = {}, branch = "refs/heads/main" as RefName, clock = new FakeClock() } = options;
    this.location = options.location ?? "memory:config";
    this.#clock = clock;
    this.#add(branch, treeOf(seed), "Begin", "Seed");
  }

  /** The next `count` commits lose: somebody else's empty commit is there first. */
  loseNext(count = 1): void {
    this.#losses += count;
  }

  /** The answer to the next commit is lost, and so is reading the ref again; whether it landed is `landed`. */
  unclearNext(landed: boolean): void {
    this.#faults.push({ landed });
  }

  /** Everything fails with this error until it is called with undefined. */
  failWith(error: Error | undefined): void {
    this.#down = error;
  }

  /** Puts a commit there as somebody else. */
  push(branch: RefName, changes: Seed, message = "By somebody else"): Sha {
    const tree = new Map([...(this.#branches.get(branch)?.tree ?? []), ...treeOf(changes)]);
    return this.#add(branch, tree, message, "Somebody").commit;
  }

  /** The files of the tip. */
  files(branch = "refs/heads/main" as RefName): ReadonlyMap<string, FileAt> {
    return this.#branches.get(branch)?.tree ?? new Map();
  }

  /** All commits of the branch, newest first. */
  log(branch = "refs/heads/main" as RefName): LogEntry[] {
    return logOf(this.#branches.get(branch), Number.POSITIVE_INFINITY);
  }

  open(branch = "refs/heads/main" as RefName): ConfigRepository {
    let requests = 0;
    const ask = (): void => {
      requests++;
      if (this.#down !== undefined) throw this.#down;
    };
    return {
      location: this.location,
      branch,
      open: async () => {
        ask();
        const tip = this.#branches.get(branch);
        if (tip !== undefined) return new MemorySnapshot(branch, tip, ask);
        throw new UserError("repository/no-branch", `${this.location} has no branch ${shortRef(branch)}.`, {
          seen: shortRef(branch),
          fix: "Check 'ref'.",
        });
      },
      commit: async (onto, commit) => {
        ask();
        return this.#commit(branch, onto, commit);
      },
      cost: () => ({ way: "memory", requests }),
      [Symbol.asyncDispose]: async () => {},
    };
  }

  #commit(branch: RefName, onto: Snapshot, { message, author, changes }: Commit): Committed | Lost {
    if (!(onto instanceof MemorySnapshot)) throw new Error("The snapshot is of another repository.");
    checkChanges(changes, (path) => kindIn(onto.tip.tree, path));
    if (this.#losses > 0) {
      this.#losses--;
      this.push(branch, {});
    }
    const fault = this.#faults.shift();
    const free = this.#branches.get(branch) === onto.tip;
    if (free && fault?.landed !== false) {
      const tree = new Map(onto.tip.tree);
      for (const { path, content, executable = tree.get(path)?.executable ?? false } of changes) {
        if (content === undefined) tree.delete(path);
        else tree.set(path, { kind: "file", executable, content: content.slice() });
      }
      const { commit } = this.#add(branch, tree, message, author?.name ?? "Glu Actions");
      if (fault === undefined) return { kind: "committed", commit };
    }
    if (fault === undefined) return { kind: "lost" };
    throw new OutsideError("repository/unclear", `${this.location} did not answer.`, { transient: true });
  }

  #add(branch: RefName, tree: MemoryTree, message: string, authorName: string): MemoryCommit {
    const parent = this.#branches.get(branch);
    const committedAt = timestamp(this.#clock.now());
    const hash = createHash("sha1").update(JSON.stringify([parent?.commit, message, authorName, committedAt]));
    for (const [path, { content }] of tree) hash.update(path).update("\0").update(content);
    const commit = { commit: hash.digest("hex") as Sha, committedAt, authorName, message, parent, tree };
    this.#branches.set(branch, commit);
    return commit;
  }
}

class MemorySnapshot implements Snapshot {
  readonly #tip: MemoryCommit;
  readonly branch: RefName;
  readonly #ask: () => void;

  constructor(branch: RefName, at: MemoryCommit, ask: () => void) {
    this.branch = branch;
    this.#tip = at;
    this.#ask = ask;
  }

  get tip(): MemoryCommit {
    return this.#tip;
  }

  get commit(): Sha {
    return this.#tip.commit;
  }

  get committedAt() {
    return this.#tip.committedAt;
  }

  async read(paths: Parameters<Snapshot["read"]>[0]): ReturnType<Snapshot["read"]> {
    this.#ask();
    return new Map(
      paths.flatMap((path) => (this.#tip.tree.has(path) ? [[path, this.#tip.tree.get(path) as FileAt]] : [])),
    );
  }

  async list(folder: Parameters<Snapshot["list"]>[0]): ReturnType<Snapshot["list"]> {
    return entriesOf(this.#tip.tree, folder);
  }

  async log(limit: number): ReturnType<Snapshot["log"]> {
    this.#ask();
    return logOf(this.#tip, limit);
  }

  async at(commit: Sha): Promise<Snapshot> {
    this.#ask();
    for (let at: MemoryCommit | undefined = this.#tip; at !== undefined; at = at.parent) {
      if (at.commit === commit) return new MemorySnapshot(this.branch, at, this.#ask);
    }
    throw new Error(`${commit} is not in the history.`);
  }
}

function logOf(tip: MemoryCommit | undefined, limit: number): LogEntry[] {
  const log: LogEntry[] = [];
  for (let at = tip; at !== undefined && log.length < limit; at = at.parent) {
    const { commit, committedAt, authorName, message } = at;
    log.push({ commit, committedAt, authorName, message });
  }
  return log;
}
