import type { Sha } from "@glu/core";
import { idOf, type RawEntry, readTree } from "../../objects/tree.ts";
import type { NewFile } from "../../remote/remote.ts";
import { type GitObject, objectId } from "../pack/object.ts";
import type { Outgoing } from "../pack/write-pack.ts";

const modes = { folder: 0o40000, file: 0o100644, executable: 0o100755 } as const;

/** What an edit makes: the new root, and every object that must be sent for it. */
export interface EditedTree {
  root: Sha;
  objects: Outgoing[];
}

/**
 * A tree with files written and removed; a folder that becomes empty goes. What is not changed is copied as it stands,
 * odd modes and names included. Pure.
 * @param root undefined for a first commit
 * @param read trees of every folder on the way to the files, which must have been read before
 */
export function editTree(
  root: Sha | undefined,
  files: readonly NewFile[],
  read: (id: Sha) => Buffer | undefined,
): EditedTree {
  const objects: Outgoing[] = [];
  const changes: Branch = new Map();
  for (const file of files) put(changes, file.path.split("/"), file);
  const made = editFolder(root, changes, read, objects) ?? send({ type: "tree", content: Buffer.alloc(0) }, objects);
  return { root: made, objects };
}

/** Changes by name: a file, or what changes below a folder. */
type Branch = Map<string, NewFile | Branch>;

function put(branch: Branch, [name = "", ...rest]: readonly string[], file: NewFile): void {
  if (rest.length === 0) {
    branch.set(name, file);
    return;
  }
  const known = branch.get(name);
  const below: Branch = known instanceof Map ? known : new Map();
  branch.set(name, below);
  put(below, rest, file);
}

/** An entry of the tree that is made: where it stands in the one before, or its own bytes. */
interface Entry {
  mode: number;
  /** A character for each byte: such names are equal, and sort, as their bytes do. */
  name: string;
  bytes: RawEntry | Buffer;
}

/** The edited folder's id; undefined when nothing is left in it. */
function editFolder(
  id: Sha | undefined,
  changes: Branch,
  read: (id: Sha) => Buffer | undefined,
  objects: Outgoing[],
): Sha | undefined {
  const before = id === undefined ? Buffer.alloc(0) : read(id);
  if (before === undefined) throw new Error(`The tree ${id} was not read before it is edited.`);
  const entries = new Map<string, Entry>();
  for (const entry of readTree(before, 20)) {
    const name = before.toString("latin1", entry.nameStart, entry.nameEnd);
    entries.set(name, { mode: entry.mode, name, bytes: entry });
  }
  for (const [text, change] of changes) {
    const name = Buffer.from(text).toString("latin1");
    const made = change instanceof Map ? folder(name, change) : file(change);
    if (made === undefined) entries.delete(name);
    else entries.set(name, entryOf(made.mode, name, made.id));
  }
  if (entries.size === 0) return undefined;
  const content = joined([...entries.values()].sort(inGitsOrder), before);
  if (id !== undefined && before.equals(content)) return id;
  return send({ type: "tree", content }, objects, id === undefined ? {} : { base: { id, content: before } });

  function folder(name: string, below: Branch) {
    const known = entries.get(name);
    const isFolder = known?.mode === modes.folder && !Buffer.isBuffer(known.bytes);
    const tree = isFolder ? idOf(before as Buffer, known.bytes as RawEntry) : undefined;
    const edited = editFolder(tree, below, read, objects);
    return edited === undefined ? undefined : { mode: modes.folder, id: edited };
  }
  function file({ content: bytes, executable }: NewFile) {
    if (bytes === undefined) return undefined;
    const blob: GitObject = { type: "blob", content: Buffer.from(bytes) };
    return { mode: executable ? modes.executable : modes.file, id: send(blob, objects) };
  }
}

/** What follows upon another in the tree before is copied at once. */
function joined(entries: readonly Entry[], before: Buffer): Buffer {
  const parts: Buffer[] = [];
  let run = { start: 0, end: 0 };
  const copyRun = () => parts.push(before.subarray(run.start, run.end));
  for (const { bytes } of entries) {
    if (!Buffer.isBuffer(bytes) && bytes.start === run.end) run.end = bytes.end;
    else {
      copyRun();
      if (Buffer.isBuffer(bytes)) parts.push(bytes);
      run = Buffer.isBuffer(bytes) ? { start: 0, end: 0 } : { start: bytes.start, end: bytes.end };
    }
  }
  copyRun();
  return Buffer.concat(parts);
}

function send(object: GitObject, objects: Outgoing[], base: Pick<Outgoing, "base"> = {}): Sha {
  objects.push({ object, ...base });
  return objectId(object);
}

function entryOf(mode: number, name: string, id: Sha): Entry {
  return {
    mode,
    name,
    bytes: Buffer.concat([Buffer.from(`${mode.toString(8)} ${name}\0`, "latin1"), Buffer.from(id, "hex")]),
  };
}

/** By bytes, folders as if their names ended in a slash (Git's base_name_compare). */
function inGitsOrder(one: Entry, other: Entry): number {
  const [a, b] = [sortName(one), sortName(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

const sortName = ({ mode, name }: Entry): string => (mode === modes.folder ? `${name}/` : name);
