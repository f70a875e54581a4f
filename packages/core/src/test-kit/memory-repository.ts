import { createHash } from "node:crypto";
import { OutsideError } from "../errors.ts";
import { type RefName, type RepoPath, refName, repoPath, type Sha, timestamp } from "../model/names.ts";
import type { Change, ConfigRepository, FileAt, LogEntry, Snapshot } from "../ports/config-repository.ts";
import type { ProposalBranches } from "../ports/proposal-branches.ts";
import { isSealed, sealed } from "../ports/proposal-branches.ts";
import { checkChanges } from "../repository/change-set.ts";
import { bytes } from "./bytes.ts";

interface MemoryCommit {
  id: Sha;
  message: string;
  files: Map<RepoPath, FileAt>;
  at: number;
  merged: readonly Sha[];
}

/** A config repository in memory: a list of commits, compare-and-swap on the last. */
export class MemoryRepository implements ConfigRepository {
  readonly location = "memory";
  readonly branch = refName("main");
  commits: MemoryCommit[] = [];
  /** What was merged, beside the line of the branch. */
  readonly #merged: MemoryCommit[] = [];
  /** Branches that carry proposals. */
  proposed = new Map<RefName, { commit: Sha; message: string; tree: Sha; changes: readonly Change[] }>();
  /** Runs before a push is looked at: to lose a race. */
  beforeCommit: (() => Promise<void>) | undefined;
  now = () => 0;
  /** The line of commits that a forced push or a merge took the branch away from. */
  former: MemoryCommit[] = [];

  constructor(files: Record<string, string>) {
    this.push(
      "start",
      Object.entries(files).map(([path, text]) => ({ path: repoPath(path), content: bytes(text) })),
    );
  }

  push(message: string, changes: readonly Change[], merged: readonly Sha[] = []): Sha {
    const files = new Map(this.commits.at(-1)?.files);
    for (const { path, content } of changes) {
      if (content === undefined) files.delete(path);
      else files.set(path, { kind: "file", executable: false, content });
    }
    const id = createHash("sha1")
      .update(`${this.commits.length + this.former.length}${message}`)
      .digest("hex") as Sha;
    this.commits.push({ id, message, files, at: this.now(), merged });
    return id;
  }

  /** A merge commit: what a proposal's branch brings, with its commit beside the line. */
  merge(message: string, branch: { commit: Sha; message: string; changes: readonly Change[] }): Sha {
    const merge = this.push(message, branch.changes, [branch.commit]);
    const { files, at } = this.commits.at(-1)!;
    this.#merged.push({ id: branch.commit, message: branch.message, files, at, merged: [] });
    return merge;
  }

  /** Takes the branch back by so many commits, as a forced push may. They can be read all the same. */
  rewind(count: number): void {
    this.former = this.commits;
    this.commits = this.commits.slice(0, -count);
  }

  async open(): Promise<Snapshot> {
    return this.#at(this.commits.length - 1);
  }

  #at(at: number, line = this.commits): Snapshot {
    const tip = line[at]!;
    return {
      commit: tip.id,
      branch: this.branch,
      committedAt: timestamp(tip.at),
      read: async (paths) =>
        new Map(paths.flatMap((path) => (tip.files.has(path) ? [[path, tip.files.get(path)!] as const] : []))),
      list: async (folder) => {
        const names = [...tip.files.keys()].flatMap((path) => {
          return path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1).split("/")] : [];
        });
        if (names.length === 0) return undefined;
        return names.map(([name = "", ...deeper]) => ({ name, kind: deeper.length > 0 ? "folder" : "file" }));
      },
      log: async (limit) =>
        line
          .slice(0, at + 1)
          .reverse()
          .slice(0, limit)
          .map(({ id, message, at, merged }): LogEntry => {
            return { commit: id, message, committedAt: timestamp(at), authorName: "x", merged };
          }),
      at: async (commit) => {
        const found = [this.commits, this.former, this.#merged].find((one) => one.some(({ id }) => id === commit));
        if (found !== undefined)
          return this.#at(
            found.findIndex(({ id }) => id === commit),
            found,
          );
        throw new OutsideError("repository/incomplete", `There is no ${commit}.`);
      },
    };
  }

  async commit(onto: Snapshot, { message, changes }: { message: string; changes: readonly Change[] }) {
    const race = this.beforeCommit;
    this.beforeCommit = undefined;
    await race?.();
    if (this.commits.at(-1)?.id !== onto.commit) return { kind: "lost" } as const;
    const files = this.commits.at(-1)?.files ?? new Map<RepoPath, FileAt>();
    checkChanges(changes, (path) => {
      return (
        files.get(path)?.kind ?? ([...files.keys()].some((one) => one.startsWith(`${path}/`)) ? "folder" : undefined)
      );
    });
    return { kind: "committed", commit: this.push(message, changes) } as const;
  }

  readonly proposals: ProposalBranches = {
    list: async (folder) =>
      new Map([...this.proposed].flatMap(([ref, { commit }]) => (ref.startsWith(folder) ? [[ref, commit]] : []))),
    read: async (branch) => {
      const at = this.proposed.get(branch);
      return at && { commit: at.commit, message: at.message, byGlu: isSealed(at.message, at.tree) };
    },
    write: async (branch, { onto, commit: { message, changes }, replaces }) => {
      if (this.proposed.get(branch)?.commit !== replaces) return { kind: "lost" };
      const hash = (text: string) => createHash("sha1").update(text).digest("hex") as Sha;
      const tree = hash(onto.commit + changes.map(({ path, content }) => path + content).join("\0"));
      const commit = hash(tree + message);
      this.proposed.set(branch, { commit, message: sealed(message, tree), tree, changes });
      return { kind: "committed", commit };
    },
    remove: async (branch, at) => {
      if (this.proposed.get(branch)?.commit === at) this.proposed.delete(branch);
    },
  };

  text(path: string): string | undefined {
    const file = this.commits.at(-1)?.files.get(path as RepoPath);
    return file === undefined ? undefined : new TextDecoder().decode(file.content);
  }

  cost() {
    return { way: "memory" };
  }

  async [Symbol.asyncDispose]() {}
}
