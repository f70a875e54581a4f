import type { PlainValue } from "./plain-value.ts";
import type { Branch, List, Node } from "./tree.ts";

/** What of a decrypted file somebody without its key can have changed, whatever its MAC says. */
export interface Unproven {
  keys: readonly string[];
  why: string;
}

const clear = "it is not encrypted: who changes its neighbours with it keeps the MAC";
const nothing = "it is empty, and the MAC is over what is not";
const nested = "it is a list in a list: where one ends nothing tells";

/**
 * The gaps of SOPS's MAC, which is over all values one after the other, without their keys and without what is empty. A
 * value that was encrypted is bound to its keys; the others are not: their text can move between neighbours, their keys
 * can be renamed, and what is empty can be put anywhere. Who renders only what is not listed here renders what was
 * encrypted.
 */
export function unprovenIn(node: Node<PlainValue>, keys: readonly string[] = []): Unproven[] {
  switch (node.kind) {
    case "null":
      return [{ keys, why: nothing }];
    case "value":
      if (node.wasEncrypted === true) return [];
      return [{ keys, why: node.value.type === "str" && node.value.value === "" ? nothing : clear }];
    case "map":
      return inMap(node, keys);
    case "list":
      return inList(node, keys);
  }
}

function inMap({ items }: Branch<PlainValue>, keys: readonly string[]): Unproven[] {
  const inner = items.filter((item) => item.kind === "item");
  // A document may be empty: there is nothing in it to render.
  if (inner.length === 0) return keys.length === 0 ? [] : [{ keys, why: nothing }];
  return inner.flatMap(({ key, node }) => unprovenIn(node, [...keys, key]));
}

function inList({ items }: List<PlainValue>, keys: readonly string[]): Unproven[] {
  const inner = items.filter((item) => item.kind !== "comment");
  if (inner.length === 0) return [{ keys, why: nothing }];
  return inner.flatMap((item) => (item.kind === "list" ? [{ keys, why: nested }] : unprovenIn(item, keys)));
}
