import { createHash } from "node:crypto";
import {
  type Change,
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
  type RepoPath,
  type Sha,
  type Snapshot,
  shortRef,
  timestamp,
  UserError,
} from "@glu/core";
import type { Base } from "./base.ts";
import { BranchHistory } from "./branch-history.ts";
import { FakeClock } from "./fake-clock.ts";
import { MemoryProposals } from "./memory-proposals.ts";
import { MemorySnapshot } from "./memory-snapshot.ts";
import { type Seed, treeOf } from "./tree.ts";

export interface MemoryRepositoryOptions {
  seed?: Seed;
  /** What lies where nothing was written yet, read when it is asked for. It stands under the seed. */
  base?: Base;
  branch?: RefName;
  clock?: Clock;
  location?: string;
}

/** One branch: its commits, oldest first, and the files at each. */
interface Branch {
  commits: LogEntry[];
  history: BranchHistory;
}

/**
 * A repository in memory, as a server would hold it. Any number of {@link ConfigRepository} open on it see each
 * other's commits. Faults can be put into its way.
 */
export class MemoryRepository {
  readonly location: string;
  /** Told of every commit as it is made, with what it changes. */
  onCommit: (branch: RefName, commit: LogEntry, changes: ReadonlyMap<RepoPath, FileAt | undefined>) => void = () => {};
  /** Branches that carry proposals. */
  readonly proposals = new MemoryProposals();
  readonly #clock: Clock;
  readonly #branches = new Map<RefName, Branch>();
  readonly #base: Base | undefined;
  #losses = 0;
  #faults: { landed: boolean }[] = [];
  #down: Error | undefined;

  constructor(options: MemoryRepositoryOptions = {}) {
    const { seed = {}, branch = "refs/heads/main" as RefName, clock = new FakeClock() } = options;
    this.location = options.location ?? "memory:config";
    this.#clock = clock;
    this.#base = options.base;
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
    return this.#add(branch, treeOf(changes), message, "Somebody").commit;
  }

  /** Somebody puts what a branch of a proposal brings on another one, as "Squash and merge" does, and the branch goes. */
  squash(into: RefName, from: RefName, message: string): Sha {
    const changes = (this.proposals.changes(from) ?? []).map(({ path, content, executable }) => {
      const mode = executable ?? this.file(path, into)?.executable ?? false;
      return [path, content && { kind: "file" as const, executable: mode, content: content.slice() }] as const;
    });
    this.proposals.delete(from);
    return this.#add(into, new Map(changes), message, "Somebody").commit;
  }

  /** The files of the tip, as far as they were written or read. */
  files(branch = "refs/heads/main" as RefName): ReadonlyMap<string, FileAt> {
    const at = this.#branches.get(branch);
    return at === undefined ? new Map() : at.history.tree(at.commits.length - 1);
  }

  /** One file of the tip, as far as it was written or read. */
  file(path: RepoPath, branch = "refs/heads/main" as RefName): FileAt | undefined {
    const at = this.#branches.get(branch);
    return at?.history.file(path, at.commits.length - 1);
  }

  /** All commits of the branch, newest first. */
  log(branch = "refs/heads/main" as RefName): LogEntry[] {
    return this.#branches.get(branch)?.commits.toReversed() ?? [];
  }

  /** How many commits the branch has. */
  count(branch = "refs/heads/main" as RefName): number {
    return this.#branches.get(branch)?.commits.length ?? 0;
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
        const at = this.#branches.get(branch);
        if (at !== undefined) return new MemorySnapshot({ ...at, branch, base: this.#base, ask });
        throw new UserError("repository/no-branch", `${this.location} has no branch ${shortRef(branch)}.`, {
          seen: shortRef(branch),
          fix: "Check 'ref'.",
        });
      },
      commit: async (onto, commit) => {
        ask();
        return this.#commit(branch, onto, commit);
      },
      proposals: this.proposals.port(ask),
      cost: () => ({ way: "memory", requests }),
      [Symbol.asyncDispose]: async () => {},
    };
  }

  #commit(branch: RefName, onto: Snapshot, { message, author, changes }: Commit): Committed | Lost {
    if (!(onto instanceof MemorySnapshot)) throw new Error("The snapshot is of another repository.");
    checkChanges(changes, (path) => onto.kind(path));
    if (this.#losses > 0) {
      this.#losses--;
      this.push(branch, {});
    }
    const fault = this.#faults.shift();
    const free = this.#branches.get(branch)?.commits.at(-1)?.commit === onto.commit;
    if (free && fault?.landed !== false) {
      const files = changes.map((change) => [change.path, written(change, onto)] as const);
      const { commit } = this.#add(branch, new Map(files), message, author?.name ?? "Glu Actions");
      if (fault === undefined) return { kind: "committed", commit };
    }
    if (fault === undefined) return { kind: "lost" };
    throw new OutsideError("repository/unclear", `${this.location} did not answer.`, { transient: true });
  }

  #add(
    branch: RefName,
    changes: ReadonlyMap<RepoPath, FileAt | undefined>,
    message: string,
    authorName: string,
  ): LogEntry {
    const at = this.#branches.get(branch) ?? { commits: [], history: new BranchHistory() };
    this.#branches.set(branch, at);
    const parent = at.commits.at(-1)?.commit;
    const committedAt = timestamp(this.#clock.now());
    const hash = createHash("sha1").update(JSON.stringify([parent, message, authorName, committedAt]));
    for (const [path, file] of changes) {
      hash.update(path).update("\0");
      if (file !== undefined) hash.update(file.content);
      at.history.write(path, file, at.commits.length);
    }
    const commit = { commit: hash.digest("hex") as Sha, committedAt, authorName, message, merged: [] };
    at.commits.push(commit);
    this.onCommit(branch, commit, changes);
    return commit;
  }
}

/** The file that a change makes; undefined when it deletes one. */
function written({ path, content, executable }: Change, onto: MemorySnapshot): FileAt | undefined {
  if (content === undefined) return undefined;
  return {
    kind: "file",
    executable: executable ?? onto.known(path)?.executable ?? false,
    content: content.slice(),
  };
}
