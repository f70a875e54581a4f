import type { EntryAt, FileAt, RefName, RepoPath, Sha, Snapshot, Timestamp } from "@glu/core";
import type { TreeEntry } from "../objects/tree.ts";
import type { LoggedCommit, Remote, Tip } from "../remote/remote.ts";
import { foldersReadTogether } from "./folders-read-together.ts";

const nothing = new Uint8Array();

/** One fetched commit. Trees are here already; files are fetched when they are read. */
export class GitSnapshot implements Snapshot {
  readonly commit: Sha;
  readonly branch: RefName;
  readonly committedAt: Timestamp;
  readonly #remote: Remote;
  readonly #tree: Sha;
  readonly #history = new Map<number, Promise<LoggedCommit[]>>();

  constructor(remote: Remote, branch: RefName, tip: Tip) {
    this.#remote = remote;
    this.branch = branch;
    this.commit = tip.commit;
    this.committedAt = tip.committedAt;
    this.#tree = tip.tree;
  }

  async read(paths: readonly RepoPath[]): Promise<ReadonlyMap<RepoPath, FileAt>> {
    const entries = await this.#remote.read(this.#tree, paths, this.branch, foldersReadTogether(paths));
    const read = new Map<RepoPath, FileAt>();
    for (const [path, { kind, executable, content = nothing }] of entries) {
      if (kind === "folder") continue;
      read.set(path, { kind, executable: kind === "file" && executable, content });
    }
    return read;
  }

  async list(folder: RepoPath | ""): Promise<readonly EntryAt[] | undefined> {
    const entry = folder === "" ? undefined : (await this.entries([folder])).get(folder);
    if (folder !== "" && entry?.kind !== "folder") return undefined;
    const tree = entry?.id ?? this.#tree;
    const entries = (await this.#remote.trees([tree], this.branch)).get(tree)?.values() ?? [];
    return [...entries].map(({ name, kind }) => ({ name, kind }));
  }

  log(limit: number): Promise<readonly LoggedCommit[]> {
    const known = this.#history.get(limit);
    if (known !== undefined) return known;
    const read = this.#remote.log(this.commit, limit, this.branch);
    this.#history.set(limit, read);
    return read;
  }

  async at(commit: Sha): Promise<Snapshot> {
    if (commit === this.commit) return this;
    return new GitSnapshot(this.#remote, this.branch, await this.#remote.fetchCommit(commit, this.branch));
  }

  /** What stands at `paths`, without reading it. */
  entries(paths: readonly RepoPath[]): Promise<Map<RepoPath, TreeEntry>> {
    return this.#remote.find(this.#tree, paths, this.branch);
  }
}
