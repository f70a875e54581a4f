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

export interface MemoryProposed {
  commit: Sha;
  message: string;
  tree: Sha;
  changes: readonly Change[];
  /** What it was written on; the tip where it is left out. */
  onto?: Sha;
  /** What somebody else put on top, by a commit of their own. */
  edits?: readonly Change[];
}

const glu = { name: "Glu Actions", email: "glu-actions@glu.invalid" };

/** A config repository in memory: a list of commits, compare-and-swap on the last. */
export class MemoryRepository implements ConfigRepository {
  readonly location = "memory";
  readonly branch = refName("main");
  commits: MemoryCommit[] = [];
  /** What was merged, beside the line of the branch. */
  readonly #merged: MemoryCommit[] = [];
  /** Branches that carry proposals. */
  proposed = new Map<RefName, MemoryProposed>();
  /** What a forge keeps of what was proposed, beside branches. */
  readonly kept = new Map<RefName, MemoryProposed>();
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
    const files = changed(this.commits.at(-1)?.files, changes);
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
          // Of what was merged each is a line of its own.
          .slice(line === this.#merged ? at : 0, at + 1)
          .reverse()
          .slice(0, limit)
          .map(({ id, message, at, merged }): LogEntry => {
            return { commit: id, message, committedAt: timestamp(at), authorName: "x", merged };
          }),
      at: async (commit) => {
        const found = [line, this.commits, this.former, this.#merged].find((one) =>
          one.some(({ id }) => id === commit),
        );
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
    read: async (branch) => {
      const at = this.proposed.get(branch) ?? this.kept.get(branch);
      return at && { commit: at.commit, message: at.message, byGlu: isSealed(at.message, at.tree, glu) };
    },
    write: async (branch, { onto, commit: { message, changes }, replaces }) => {
      if (this.proposed.get(branch)?.commit !== replaces) return { kind: "lost" };
      const hash = (text: string) => createHash("sha1").update(text).digest("hex") as Sha;
      const tree = hash(onto.commit + changes.map(({ path, content }) => path + content).join("\0"));
      const commit = hash(tree + message);
      this.proposed.set(branch, { commit, message: sealed(message, tree, glu), tree, changes, onto: onto.commit });
      return { kind: "committed", commit };
    },
    list: async (folder) =>
      new Map([...this.proposed].flatMap(([ref, { commit }]) => (ref.startsWith(folder) ? [[ref, commit]] : []))),
    brings: async (ref) => {
      const at = this.proposed.get(ref);
      if (at === undefined) return undefined;
      const { commit, message, changes, edits, onto } = at;
      const base = this.commits.findLastIndex(({ id }) => onto === undefined || id === onto);
      const line = this.commits.slice(0, base + 1);
      const put = (id: Sha, text: string, what: readonly Change[]) =>
        line.push({ id, message: text, files: changed(line.at(-1)?.files, what), at: this.now(), merged: [] });
      put(edits === undefined ? commit : (`${commit.slice(0, 39)}_` as Sha), message, changes);
      if (edits !== undefined) put(commit, "By hand", edits);
      const [head, before] = [this.#at(line.length - 1, line), this.#at(base)];
      const [now, then] = [line.at(-1)?.files, this.commits[base]?.files];
      const all = new Set([...(now?.keys() ?? []), ...(then?.keys() ?? [])]);
      const isSame = (path: RepoPath) =>
        new TextDecoder().decode(now?.get(path)?.content) === new TextDecoder().decode(then?.get(path)?.content);
      const byGlu = edits === undefined && isSealed(message, at.tree, glu);
      return { head, byGlu, base: before, paths: new Set([...all].filter((path) => !isSame(path))) };
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

function changed(files: ReadonlyMap<RepoPath, FileAt> | undefined, changes: readonly Change[]): Map<RepoPath, FileAt> {
  const after = new Map(files);
  for (const { path, content } of changes) {
    if (content === undefined) after.delete(path);
    else after.set(path, { kind: "file", executable: false, content });
  }
  return after;
}
