import type { Bytes, Change, RepoPath, Sha } from "@glu/core";
import { blobId, kindOf, modes, type TreeEntry, treeId } from "./git-objects.ts";

type Tree = ReadonlyMap<string, TreeEntry>;

const noEntries: Tree = new Map();

/**
 * Folders and files by their ids. What an answer says is in an object must have that object's id, so it does not matter
 * in which way it was asked for, nor of which state of a branch it was.
 */
export class ObjectMemory {
  readonly #trees = new Map<Sha, Tree>();
  readonly #blobs = new Map<Sha, Bytes>();

  /** False where these are not all the entries of that tree, or not as they are. */
  keepTree(id: Sha, entries: readonly TreeEntry[]): boolean {
    if (!this.#trees.has(id) && treeId(entries) !== id) return false;
    this.#trees.set(id, new Map(entries.map((entry) => [entry.name, entry])));
    return true;
  }

  /** False where this is not the content of that file. */
  keepBlob(id: Sha, content: Bytes): boolean {
    if (blobId(content) !== id) return false;
    this.#blobs.set(id, content);
    return true;
  }

  tree(id: Sha): Tree | undefined {
    return this.#trees.get(id);
  }

  blob(id: Sha): Bytes | undefined {
    return this.#blobs.get(id);
  }

  /** What stands at a path below a root tree; undefined for nothing, `unknown` where a folder on the way is not known. */
  find(root: Sha, path: RepoPath): TreeEntry | "unknown" | undefined {
    let at: TreeEntry = { name: "", mode: modes.folder, id: root };
    for (const name of path.split("/")) {
      if (kindOf(at.mode) !== "folder") return undefined;
      const tree = this.#trees.get(at.id);
      if (tree === undefined) return "unknown";
      const next = tree.get(name);
      if (next === undefined) return undefined;
      at = next;
    }
    return at;
  }

  /**
   * The id of the root tree after these changes. All folders above them must be known.
   * @param changes such as pass `checkChanges`
   */
  treeAfter(root: Sha, changes: readonly Change[]): Sha {
    const split = changes.map(({ path, content, executable }) => ({ parts: path.split("/"), content, executable }));
    return this.#folderAfter(root, split) ?? treeId([]);
  }

  /** Undefined: nothing is left of it. */
  #folderAfter(id: Sha | undefined, changes: readonly SplitChange[]): Sha | undefined {
    const entries = new Map(id === undefined ? noEntries : this.#trees.get(id));
    for (const name of new Set(changes.map(({ parts: [first = ""] }) => first))) {
      const inside = changes.filter(({ parts }) => parts[0] === name);
      const known = entries.get(name);
      const [first] = inside;
      if (first?.parts.length === 1) {
        const { content, executable } = first;
        const wasExecutable = known?.mode === modes.executable;
        const mode = (executable ?? wasExecutable) ? modes.executable : modes.file;
        if (content === undefined) entries.delete(name);
        else entries.set(name, { name, mode, id: blobId(content) });
        continue;
      }
      const folder = known !== undefined && kindOf(known.mode) === "folder" ? known.id : undefined;
      const rest = inside.map((one) => ({ ...one, parts: one.parts.slice(1) }));
      const after = this.#folderAfter(folder, rest);
      if (after === undefined) entries.delete(name);
      else entries.set(name, { name, mode: modes.folder, id: after });
    }
    return entries.size === 0 ? undefined : treeId(entries.values());
  }
}

interface SplitChange {
  parts: readonly string[];
  content: Bytes | undefined;
  executable: boolean | undefined;
}
