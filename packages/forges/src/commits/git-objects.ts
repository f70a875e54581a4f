import { createHash } from "node:crypto";
import type { Bytes, EntryAt, Sha } from "@glu/core";

/** An entry of a tree, by Git's own mode, such as 0o100644. */
export interface TreeEntry {
  name: string;
  mode: number;
  id: Sha;
}

export const modes = { folder: 0o040000, file: 0o100644, executable: 0o100755, symlink: 0o120000 } as const;

export function kindOf(mode: number): EntryAt["kind"] {
  const type = mode >> 12;
  if (type === 0o04) return "folder";
  if (type === 0o12) return "symlink";
  return type === 0o16 ? "submodule" : "file";
}

function idOf(type: "blob" | "tree", content: Uint8Array): Sha {
  return createHash("sha1").update(`${type} ${content.length}\0`).update(content).digest("hex") as Sha;
}

/** The id that Git gives a file's content. */
export function blobId(content: Bytes): Sha {
  return idOf("blob", content);
}

/** The id that Git gives a folder, in whatever order its entries are told (gitformat-pack: a folder sorts as `name/`). */
export function treeId(entries: Iterable<TreeEntry>): Sha {
  const keyed = [...entries].map((entry) => {
    return { entry, key: Buffer.from(kindOf(entry.mode) === "folder" ? `${entry.name}/` : entry.name) };
  });
  keyed.sort((left, right) => Buffer.compare(left.key, right.key));
  const parts = keyed.flatMap(({ entry: { mode, name, id } }) => [
    Buffer.from(`${mode.toString(8)} ${name}\0`),
    Buffer.from(id, "hex"),
  ]);
  return idOf("tree", Buffer.concat(parts));
}
