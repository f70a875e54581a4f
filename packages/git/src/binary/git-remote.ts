import { rm } from "node:fs/promises";
import type { Bytes, Cost, RefName, RepoPath, Sha } from "@glu/core";
import type { TreeEntry } from "../objects/tree.ts";
import { listBelow } from "../remote/list-below.ts";
import {
  expectedOf,
  type GitRemoteOptions,
  type Listed,
  type LoggedCommit,
  type NewCommit,
  type ReadEntry,
  type RefAt,
  type Remote,
  type Tip,
} from "../remote/remote.ts";
import { buildCommit } from "./build-commit.ts";
import { readDefaultBranch } from "./default-branch.ts";
import { fetchCommit } from "./fetch-commit.ts";
import { fetchTip } from "./fetch-tip.ts";
import { fetchTips } from "./fetch-tips.ts";
import { findEntries } from "./find-entries.ts";
import { GitCommands } from "./git-commands.ts";
import { listRefs } from "./list-refs.ts";
import { pointRefs } from "./point-refs.ts";
import { push } from "./push.ts";
import { readHistory } from "./read-history.ts";
import { ObjectReader } from "./read-objects.ts";

/**
 * One remote repository by the git binary, without a clone or a working tree: fetch a tip's trees, read objects, build
 * a commit, push it as a compare-and-swap. Its commands run one after another: they share files.
 */
export class GitRemote implements Remote {
  readonly #git: GitCommands;
  readonly #objects: ObjectReader;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(git: GitCommands) {
    this.#git = git;
    this.#objects = new ObjectReader(git);
  }

  /** Prepares it; nothing is asked of the server yet. */
  static async open(options: GitRemoteOptions): Promise<GitRemote> {
    return new GitRemote(await GitCommands.prepare(options));
  }

  /** URL or path, without credentials. */
  get location(): string {
    return this.#git.location.url;
  }

  cost(): Cost {
    return { way: "git", milliseconds: Math.round(this.#git.networkMilliseconds) };
  }

  /** A process of Git asks when it does. */
  async asked(): Promise<void> {}

  expect(): void {}

  defaultBranch(): Promise<RefName> {
    return this.#next(() => readDefaultBranch(this.#git));
  }

  list(refs: readonly string[]): Promise<Listed> {
    return this.#next(() => listRefs(this.#git, refs));
  }

  point(create: readonly RefAt[], remove: readonly RefAt[]): Promise<void> {
    return this.#next(() => pointRefs(this.#git, create, remove));
  }

  /** {@link fetchTip} */
  fetchTip(ref: RefName): Promise<Tip | undefined> {
    return this.#next(() => fetchTip(this.#git, ref));
  }

  /** {@link fetchTips}; their trees are read by a few commands for all of them, and kept. */
  async fetchTips(refs: readonly RefName[]): Promise<ReadonlyMap<RefName, Tip | undefined>> {
    const tips = await this.#next(() => fetchTips(this.#git, refs));
    const roots = [...tips].flatMap(([ref, tip]): [RepoPath, TreeEntry][] => {
      if (tip === undefined) return [];
      return [[ref as string as RepoPath, { name: ref, kind: "folder", executable: false, id: tip.tree }]];
    });
    await listBelow(new Map(roots), (ids) => this.trees(ids));
    return tips;
  }

  async find(root: Sha, paths: readonly RepoPath[]): Promise<Map<RepoPath, TreeEntry>> {
    return findEntries(this, root, paths);
  }

  async read(root: Sha, paths: readonly RepoPath[], ref: RefName): Promise<Map<RepoPath, ReadEntry>> {
    const entries = await this.find(root, paths);
    const files = [...entries.values()].filter((entry) => entry.kind === "file");
    const blobs = await this.#blobs(
      files.map((entry) => entry.id),
      ref,
    );
    return new Map([...entries].map(([path, entry]) => [path, { ...entry, content: blobs.get(entry.id) }]));
  }

  async below(root: Sha, folders: readonly RepoPath[]): Promise<Map<RepoPath, TreeEntry>> {
    return listBelow(await this.find(root, folders), (ids) => this.trees(ids));
  }

  /** The entries of trees that were fetched. */
  trees(ids: readonly Sha[]): Promise<ReadonlyMap<Sha, ReadonlyMap<string, TreeEntry>>> {
    return this.#next(() => this.#objects.trees(ids));
  }

  /** The content of blobs of a tip of `ref`; missing ones are fetched in one request. */
  #blobs(ids: readonly Sha[], ref: RefName): Promise<ReadonlyMap<Sha, Bytes>> {
    return this.#next(() => this.#objects.blobs(ids, ref));
  }

  /** {@link fetchCommit} */
  fetchCommit(commit: Sha, ref: RefName): Promise<Tip> {
    return this.#next(() => fetchCommit(this.#git, commit, ref));
  }

  /** {@link readHistory} */
  log(commit: Sha, limit: number, ref: RefName): Promise<LoggedCommit[]> {
    return this.#next(async () => {
      // It may be the first that is asked of the server.
      await this.#git.useFormatOf(commit);
      return readHistory(this.#git, commit, limit, ref);
    });
  }

  /** {@link buildCommit} and {@link push}: undefined when somebody else was first. */
  commit(ref: RefName, commit: NewCommit): Promise<Sha | undefined> {
    return this.#next(async () => {
      const built = await buildCommit(this.#git, commit);
      return (await push(this.#git, ref, expectedOf(commit), built)) === "pushed" ? built : undefined;
    });
  }

  #next<T>(task: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(task);
    this.#queue = run.catch(() => undefined); // Whoever asked gets the error; the next command may run.
    return run;
  }

  /** Removes the temporary files. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue;
    await rm(this.#git.at.root, { recursive: true, force: true, maxRetries: 3 });
  }
}
