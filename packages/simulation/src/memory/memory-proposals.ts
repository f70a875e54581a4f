import { createHash } from "node:crypto";
import { type Change, isSealed, type ProposalBranches, type RefName, type Sha, type Snapshot, sealed } from "@glu/core";
import { broughtBy, glu } from "./proposed-snapshot.ts";

interface Proposed {
  commit: Sha;
  message: string;
  tree: Sha;
  /** What it was written on. */
  onto: Snapshot;
  changes: readonly Change[];
}

const hashOf = (value: unknown): Sha => createHash("sha1").update(JSON.stringify(value)).digest("hex") as Sha;

/** Branches of a repository in memory that carry proposals. */
export class MemoryProposals {
  readonly #branches = new Map<RefName, Proposed>();

  /** What a branch brings. */
  changes(branch: RefName): readonly Change[] | undefined {
    return this.#branches.get(branch)?.changes;
  }

  /** The same, with what it was written on. */
  brought(branch: RefName): { onto: Snapshot; changes: readonly Change[] } | undefined {
    return this.#branches.get(branch);
  }

  commit(branch: RefName): Sha | undefined {
    return this.#branches.get(branch)?.commit;
  }

  /** The whole message of a branch's commit. */
  message(branch: RefName): string | undefined {
    return this.#branches.get(branch)?.message;
  }

  names(): RefName[] {
    return [...this.#branches.keys()];
  }

  /** Somebody else changes what a branch brings. */
  edit(branch: RefName, changes: readonly Change[]): void {
    const known = this.#branches.get(branch);
    if (known === undefined) throw new Error(`There is no branch ${branch}.`);
    this.#branches.set(branch, { ...known, commit: hashOf([known.commit, "edited"]), tree: hashOf("edited"), changes });
  }

  delete(branch: RefName): void {
    this.#branches.delete(branch);
  }

  /** @param ask is told of each call */
  port(ask: () => void): ProposalBranches {
    return {
      read: async (branch) => {
        ask();
        const at = this.#branches.get(branch);
        return at && { commit: at.commit, message: at.message, byGlu: isSealed(at.message, at.tree, glu) };
      },
      write: async (branch, { onto, commit, replaces }) => {
        ask();
        if (this.#branches.get(branch)?.commit !== replaces) return { kind: "lost" };
        const contents = commit.changes.map(({ path, content }) => [
          path,
          content && Buffer.from(content).toString("base64"),
        ]);
        const tree = hashOf([onto.commit, contents]);
        const message = sealed(commit.message, tree, glu);
        const made = hashOf([onto.commit, tree, message]);
        this.#branches.set(branch, { commit: made, message, tree, onto, changes: commit.changes });
        return { kind: "committed", commit: made };
      },
      list: async (folder) => {
        ask();
        return new Map(
          [...this.#branches].flatMap(([ref, { commit }]) => (ref.startsWith(folder) ? [[ref, commit]] : [])),
        );
      },
      brings: async (ref) => {
        ask();
        const at = this.#branches.get(ref);
        return at && broughtBy(at, ref);
      },
      remove: async (branch, at) => {
        ask();
        if (this.#branches.get(branch)?.commit === at) this.#branches.delete(branch);
      },
    };
  }
}
