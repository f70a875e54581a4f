import { createHash } from "node:crypto";
import { contextOf, decryptValue, looksEncrypted, looksLikeComment, notEncrypted } from "./encrypted-value.ts";
import { canonicalBytes, type PlainValue } from "./plain-value.ts";
import { Refusal } from "./refusals.ts";
import type { Place } from "./selection.ts";
import type { Branch, Comment, Documents, Leaf, List, Node } from "./tree.ts";

export interface Decryption {
  /** Of 32 bytes. */
  key: Uint8Array;
  isEncrypted: (place: Place) => boolean;
  macOnlyEncrypted: boolean;
}

/** As SOPS begins the hash of a file with `mac_only_encrypted`, so that it is never that of one without: SHA-256 of `sops`. */
const beginOfEncryptedOnly = createHash("sha256").update("sops").digest();

/**
 * Decrypts what is encrypted in a file, and computes the MAC that it must have: SHA-512 over the values in their order, as
 * upper-case hex digits. Keys, comments and nulls are not in it.
 * @throws Refusal with the place of what is not as it was encrypted
 */
export function decryptTree(documents: Documents, how: Decryption): { documents: Documents; mac: string } {
  const hash = createHash("sha512");
  if (how.macOnlyEncrypted) hash.update(beginOfEncryptedOnly);
  const note = (plain: PlainValue, encrypted: boolean): void => {
    if (encrypted || !how.macOnlyEncrypted) hash.update(canonicalBytes(plain));
  };
  const walk = new Walk(how, note);
  const decrypted = documents.map((document) => walk.branch(document, [], []));
  return { documents: decrypted, mac: hash.digest("hex").toUpperCase() };
}

class Walk {
  readonly #how: Decryption;
  readonly #note: (plain: PlainValue, encrypted: boolean) => void;

  constructor(how: Decryption, note: (plain: PlainValue, encrypted: boolean) => void) {
    this.#how = how;
    this.#note = note;
  }

  branch({ items }: Branch<PlainValue>, keys: readonly string[], above: readonly string[][]): Branch<PlainValue> {
    const open: string[] = [];
    const comments = [...above, open];
    return {
      kind: "map",
      items: items.map((item) => {
        if (item.kind === "comment") return this.#comment(item, keys, comments);
        const node = this.#node(item.node, [...keys, item.key], comments);
        open.length = 0;
        return { ...item, node };
      }),
    };
  }

  #list({ items }: List<PlainValue>, keys: readonly string[], above: readonly string[][]): List<PlainValue> {
    const open: string[] = [];
    const comments = [...above, open];
    return {
      kind: "list",
      items: items.map((item) => {
        if (item.kind === "comment") return this.#comment(item, keys, comments);
        const node = this.#element(item, keys, comments);
        open.length = 0;
        return node;
      }),
    };
  }

  /** A comment in a list SOPS keeps as a value, so that it is encrypted. */
  #element(node: Node<PlainValue>, keys: readonly string[], comments: readonly string[][]): Comment | Node<PlainValue> {
    if (node.kind !== "value" || node.value.type !== "str" || !looksLikeComment(node.value.value)) {
      return this.#node(node, keys, comments);
    }
    if (!this.#how.isEncrypted({ keys, comments, isComment: false })) return this.#node(node, keys, comments);
    return { kind: "comment", text: String(this.#open(node.value.value, keys).value) };
  }

  #node(node: Node<PlainValue>, keys: readonly string[], comments: readonly string[][]): Node<PlainValue> {
    switch (node.kind) {
      case "map":
        return this.branch(node, keys, comments);
      case "list":
        return this.#list(node, keys, comments);
      case "null":
        return node;
      case "value":
        return this.#leaf(node.value, { keys, comments, isComment: false });
    }
  }

  #leaf(plain: PlainValue, place: Place): Leaf<PlainValue> {
    const encrypted = this.#how.isEncrypted(place);
    const value = encrypted ? this.#decrypt(plain, place) : plain;
    this.#note(value, encrypted);
    // An empty text is what it was before: SOPS does not encrypt it.
    return { kind: "value", value, wasEncrypted: encrypted && value !== plain };
  }

  #decrypt(plain: PlainValue, { keys }: Place): PlainValue {
    if (plain.type !== "str") throw new Refusal(notEncrypted, keys);
    // SOPS never encrypts it.
    if (plain.value === "") return plain;
    const value = this.#open(plain.value, keys);
    if (value.type === "comment") throw new Refusal("its type says that it is a comment, and it is none", keys);
    return value;
  }

  /** One that nobody encrypted stays as it is, as older versions of SOPS have left it. */
  #comment(comment: Comment, keys: readonly string[], comments: string[][]): Comment {
    comments.at(-1)?.push(comment.text);
    if (!looksEncrypted(comment.text) || !this.#how.isEncrypted({ keys, comments, isComment: true })) return comment;
    return { kind: "comment", text: String(this.#open(comment.text, keys).value) };
  }

  #open(text: string, keys: readonly string[]): ReturnType<typeof decryptValue> {
    try {
      return decryptValue(text, this.#how.key, contextOf(keys));
    } catch (error) {
      throw error instanceof Refusal ? new Refusal(error.message, keys) : error;
    }
  }
}
