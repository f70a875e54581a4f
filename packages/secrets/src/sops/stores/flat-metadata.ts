import type { PlainValue } from "../plain-value.ts";
import { Refusal } from "../refusals.ts";
import type { Branch } from "../tree.ts";

const separator = /__(map|list)_/;

/** What SOPS writes is four deep. */
const deepestKey = 10;

type Nested = string | Map<string, Nested>;

/**
 * Metadata of a store that knows no nesting: `age__list_0__map_enc` is `enc` of the first of the list `age`.
 * @throws Refusal where a place is there twice, or something is missing in a list
 */
export function unflatten({ items }: Branch<PlainValue>): Record<string, unknown> {
  const root = new Map<string, Nested>();
  for (const item of items) {
    if (item.kind !== "item" || item.node.kind !== "value") continue;
    place(root, partsOf(item.key), String(item.node.value.value));
  }
  return plain(root) as Record<string, unknown>;
}

/** Places in lists begin with a number sign, so that they are no keys. */
function partsOf(key: string): string[] {
  const [first = "", ...rest] = key.split(separator);
  if (rest.length > 2 * deepestKey) throw new Refusal("its metadata is nested too deep");
  const parts = [first];
  for (let at = 0; at < rest.length; at += 2)
    parts.push(rest[at] === "list" ? `#${rest[at + 1]}` : (rest[at + 1] ?? ""));
  return parts;
}

function place(root: Map<string, Nested>, parts: readonly string[], value: string): void {
  let at = root;
  for (const part of parts.slice(0, -1)) {
    const inner = at.get(part) ?? new Map<string, Nested>();
    if (typeof inner === "string") throw new Refusal("its metadata has a key twice");
    at.set(part, inner);
    at = inner;
  }
  const last = parts.at(-1) ?? "";
  if (at.has(last)) throw new Refusal("its metadata has a key twice");
  at.set(last, value);
}

function plain(nested: Nested): unknown {
  if (typeof nested === "string") return nested;
  const keys = [...nested.keys()];
  const inList = keys.filter((key) => key.startsWith("#"));
  if (inList.length === 0) return Object.fromEntries(keys.map((key) => [key, plain(nested.get(key) ?? "")]));
  const all = keys.map((_, index) => nested.get(`#${index}`));
  if (inList.length < keys.length || all.includes(undefined)) throw new Refusal("a list in its metadata has gaps");
  return all.map((one) => plain(one ?? ""));
}
