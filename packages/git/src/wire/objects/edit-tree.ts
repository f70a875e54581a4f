import type { Sha } from "@glu/core";
import { type RawEntry, readTree } from "../../objects/tree.ts";
import type { NewFile } from "../../remote/remote.ts";
import { type GitObject, objectId } from "../pack/object.ts";
import type { Outgoing } from "../pack/write-pack.ts";

const modes = { folder: "40000", file: "100644", executable: "100755" } as const;

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

/** The edited folder's id; undefined when nothing is left in it. */
function editFolder(
  id: Sha | undefined,
  changes: Branch,
  read: (id: Sha) => Buffer | undefined,
  objects: Outgoing[],
): Sha | undefined {
  const before = id === undefined ? undefined : read(id);
  if (id !== undefined && before === undefined) throw new Error(`The tree ${id} was not read before it is edited.`);
  const entries = new Map((before === undefined ? [] : readTree(before, 20)).map((entry) => [key(entry.name), entry]));
  for (const [text, change] of changes) {
    const name = Buffer.from(text);
    const known = entries.get(key(name));
    const made = change instanceof Map ? folder(known, change) : file(change);
    if (made === undefined) entries.delete(key(name));
    else entries.set(key(name), entryOf(made.mode, name, made.id));
  }
  if (entries.size === 0) return undefined;
  const content = Buffer.concat([...entries.values()].sort(inGitsOrder).map(({ bytes }) => bytes));
  if (id !== undefined && before?.equals(content)) return id;
  const base = id === undefined || before === undefined ? {} : { base: { id, content: before } };
  return send({ type: "tree", content }, objects, base);

  function folder(known: RawEntry | undefined, below: Branch) {
    const tree = editFolder(known?.mode === modes.folder ? known.id : undefined, below, read, objects);
    return tree === undefined ? undefined : { mode: modes.folder, id: tree };
  }
  function file({ content: bytes, executable }: NewFile) {
    if (bytes === undefined) return undefined;
    const blob: GitObject = { type: "blob", content: Buffer.from(bytes) };
    return { mode: executable ? modes.executable : modes.file, id: send(blob, objects) };
  }
}

function send(object: GitObject, objects: Outgoing[], base: Pick<Outgoing, "base"> = {}): Sha {
  objects.push({ object, ...base });
  return objectId(object);
}

const key = (name: Buffer): string => name.toString("latin1");

function entryOf(mode: string, name: Buffer, id: Sha): RawEntry {
  const bytes = Buffer.concat([Buffer.from(`${mode} `), name, Buffer.from([0]), Buffer.from(id, "hex")]);
  return { mode, name, id, bytes };
}

/** By bytes, folders as if their names ended in a slash (Git's base_name_compare). */
function inGitsOrder(one: RawEntry, other: RawEntry): number {
  return Buffer.compare(sortName(one), sortName(other));
}

function sortName({ mode, name }: RawEntry): Buffer {
  return mode === modes.folder ? Buffer.concat([name, Buffer.from("/")]) : name;
}
