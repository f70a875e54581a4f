import type { Cost, RefName, RepoPath, Sha } from "@glu/core";
import type { GitRemote } from "../binary/git-remote.ts";
import { openGitRemote } from "../binary/open-git-remote.ts";
import type { TreeEntry } from "../objects/tree.ts";
import { type WireMemory, WireRemote } from "../wire/wire-remote.ts";
import { WireUnfit } from "../wire/wire-unfit.ts";
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
} from "./remote.ts";

export interface PreferWireOptions extends GitRemoteOptions {
  url: string;
}

/**
 * The wire as long as it fits, then the git binary for the rest. The wire says that it does not fit before anything is
 * written, so the same call is made again; the binary first asks for the tip, to have what the call is about.
 */
export class PreferWire implements Remote {
  readonly location: string;
  readonly #options: PreferWireOptions;
  #wire: Promise<WireRemote> | undefined;
  #git: Promise<GitRemote> | undefined;
  readonly #expected: RefName[] = [];
  /** Why the wire was left. */
  #unfit: string | undefined;

  constructor(options: PreferWireOptions) {
    this.#options = options;
    this.location = options.url;
  }

  /** Gets ready to ask the server. Whether the wire fits is answered by the calls that need it. */
  async prepare(): Promise<void> {
    await this.#openWire().catch(() => undefined);
  }

  #openWire(): Promise<WireRemote> {
    this.#wire ??= WireRemote.open({ ...this.#options, memory });
    return this.#wire;
  }

  async asked(): Promise<void> {
    const wire = await this.#openWire().catch(() => undefined);
    await wire?.asked();
  }

  expect(refs: readonly RefName[]): void {
    this.#expected.push(...refs);
  }

  defaultBranch(): Promise<RefName> {
    return this.#prefer(
      (wire) => wire.defaultBranch(),
      (git) => git.defaultBranch(),
    );
  }

  list(refs: readonly string[]): Promise<Listed> {
    return this.#prefer(
      (wire) => wire.list(refs),
      (git) => git.list(refs),
    );
  }

  point(create: readonly RefAt[], remove: readonly RefAt[]): Promise<void> {
    return this.#prefer(
      (wire) => wire.point(create, remove),
      (git) => git.point(create, remove),
    );
  }

  fetchTip(ref: RefName): Promise<Tip | undefined> {
    return this.#prefer(
      (wire) => wire.fetchTip(ref),
      (git) => git.fetchTip(ref),
    );
  }

  fetchTips(refs: readonly RefName[]): Promise<ReadonlyMap<RefName, Tip | undefined>> {
    return this.#prefer(
      (wire) => wire.fetchTips(refs),
      (git) => git.fetchTips(refs),
    );
  }

  find(root: Sha, paths: readonly RepoPath[], ref: RefName): Promise<Map<RepoPath, TreeEntry>> {
    return this.#afterTip(ref, (remote) => remote.find(root, paths, ref));
  }

  read(
    root: Sha,
    paths: readonly RepoPath[],
    ref: RefName,
    together?: ReadonlySet<RepoPath>,
  ): Promise<Map<RepoPath, ReadEntry>> {
    return this.#afterTip(ref, (remote) => remote.read(root, paths, ref, together));
  }

  below(root: Sha, folders: readonly RepoPath[], ref: RefName): Promise<Map<RepoPath, TreeEntry>> {
    return this.#afterTip(ref, (remote) => remote.below(root, folders, ref));
  }

  trees(ids: readonly Sha[], ref: RefName): Promise<ReadonlyMap<Sha, ReadonlyMap<string, TreeEntry>>> {
    return this.#afterTip(ref, (remote) => remote.trees(ids, ref));
  }

  fetchCommit(commit: Sha, ref: RefName): Promise<Tip> {
    return this.#prefer(
      (wire) => wire.fetchCommit(commit, ref),
      (git) => git.fetchCommit(commit, ref),
    );
  }

  log(commit: Sha, limit: number, ref: RefName): Promise<LoggedCommit[]> {
    return this.#prefer(
      (wire) => wire.log(commit, limit, ref),
      (git) => git.log(commit, limit, ref),
    );
  }

  commit(ref: RefName, commit: NewCommit): Promise<Sha | undefined> {
    const first = this.#unfit === undefined;
    return this.#prefer(
      (wire) => wire.commit(ref, commit),
      async (git) => {
        // When the branch has moved by now, the race is lost.
        if (first && (await git.fetchTip(ref))?.commit !== expectedOf(commit)) return undefined;
        if (first && commit.replaces !== undefined && commit.parent !== undefined) {
          await git.fetchCommit(commit.parent, ref);
        }
        return git.commit(ref, commit);
      },
    );
  }

  #last: Cost = { way: "wire" };
  cost(): Cost {
    return this.#last;
  }

  #afterTip<T>(ref: RefName, task: (remote: Remote) => Promise<T>): Promise<T> {
    const first = this.#unfit === undefined;
    return this.#prefer(task, async (git) => {
      if (first) await git.fetchTip(ref);
      return task(git);
    });
  }

  async #prefer<T>(byWire: (wire: WireRemote) => Promise<T>, byGit: (git: GitRemote) => Promise<T>): Promise<T> {
    if (this.#unfit === undefined) {
      try {
        const wire = await this.#openWire();
        wire.expect(this.#expected.splice(0));
        try {
          return await byWire(wire);
        } finally {
          this.#last = wire.cost();
        }
      } catch (error) {
        if (!(error instanceof WireUnfit)) throw error;
        this.#unfit = error.message;
      }
    }
    this.#git ??= openGitRemote(this.#options);
    const git = await this.#git;
    try {
      return await byGit(git);
    } finally {
      this.#last = git.cost();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await Promise.all([this.#wire?.catch(() => undefined), this.#git?.catch(() => undefined)]);
    await Promise.all(opened.map((remote) => remote?.[Symbol.asyncDispose]()));
  }
}

/** For the whole process: repositories of one server have its abilities. */
const memory: WireMemory = { shallowFilters: new Set() };
