import type { PlainValue } from "./plain-value.ts";
import type { Branch, List, Node } from "./tree.ts";

/** What of a decrypted file somebody without its key can have changed, whatever its MAC says. */
export interface Unproven {
  keys: readonly string[];
  why: string;
}

const clear = "it is not encrypted: who changes its neighbours with it keeps the MAC";
const nothing = "it is empty, and the MAC is over what is not";
const nested = "it is a list of lists or maps: where one of them ends nothing tells";
const colon = "its key has a colon: keys that lead to a value are joined by colons";

/**
 * The gaps of SOPS's MAC, which is over all values one after the other, without their keys and without what is empty. A
 * value that was encrypted is bound to its keys; the others are not: their text can move between neighbours, their keys
 * can be renamed, and what is empty can be put anywhere. Places in lists are in neither, so what stands in a list can be
 * divided otherwise. Nor is the type of a value: a text of digits can become a number. Who renders only what is not listed here renders what was
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
  return inner.flatMap(({ key, node }) => {
    const there = [...keys, key];
    return key.includes(":") ? [{ keys: there, why: colon }] : unprovenIn(node, there);
  });
}

function inList({ items }: List<PlainValue>, keys: readonly string[]): Unproven[] {
  const inner = items.filter((item) => item.kind !== "comment");
  if (inner.length === 0) return [{ keys, why: nothing }];
  return inner.flatMap((item) => (isLeaf(item) ? unprovenIn(item, keys) : [{ keys, why: nested }]));
}

const isLeaf = ({ kind }: Node<PlainValue>): boolean => kind === "value" || kind === "null";
