import type { PlainValue } from "./plain-value.ts";

/** What stands in an encrypted file, in its order: a file of SOPS is a tree of maps, lists, values and comments. */
export type Node<Value> = Branch<Value> | List<Value> | Leaf<Value> | { kind: "null" };

export interface Leaf<Value> {
  kind: "value";
  value: Value;
  /** Of what was decrypted: whether it was encrypted, so that nobody can have moved or changed it. */
  wasEncrypted?: boolean;
}

export interface Branch<Value> {
  kind: "map";
  items: readonly (Comment | { kind: "item"; key: string; node: Node<Value> })[];
}

export interface List<Value> {
  kind: "list";
  items: readonly (Comment | Node<Value>)[];
}

export interface Comment {
  kind: "comment";
  /** Without its sign. */
  text: string;
}

/** Of a file: one branch for each of its documents. */
export type Documents = readonly Branch<PlainValue>[];
