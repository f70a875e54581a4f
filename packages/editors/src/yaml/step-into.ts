import { type Document, isAlias, isMap, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import { formatPath } from "../selector/format-selector.ts";
import type { Segment } from "../selector/selector.ts";
import { fieldText } from "./merged-keys.ts";
import { keysOf, keyText, startOf } from "./stream.ts";

/** What holds a value: the pair of a map, or a slot of a list. */
export type Holder = { kind: "pair"; pair: Pair } | { kind: "slot"; seq: YAMLSeq; index: number };

/** What a step of a path matches in a node. */
export interface Step {
  into: YAMLMap | YAMLSeq;
  matches: { holder: Holder; node: Node | null; offset: number }[];
  wanted: string;
  known: string[];
}

/** What a step matches in a node; a text when the node is of another kind. */
export function stepInto(document: Document.Parsed, node: Node, segment: Segment): Step | string {
  if (isMap(node)) {
    if (segment.kind !== "key") return `${formatPath([segment])} selects in a list`;
    const matches = node.items
      .filter((pair) => keyText(pair.key) === segment.key)
      .map((pair) => ({
        holder: { kind: "pair" as const, pair },
        node: pair.value as Node | null,
        offset: startOf(pair.key) ?? 0,
      }));
    return { into: node, matches, wanted: segment.key, known: keysOf(node.items) };
  }
  if (!isSeq(node)) return "has nothing inside";
  const slots = node.items.map((item, index) => ({
    holder: { kind: "slot" as const, seq: node, index },
    node: item as Node | null,
    offset: startOf(item) ?? 0,
  }));
  if (segment.kind === "item") {
    const textOfKey = (slot: unknown): string | undefined => {
      const item = isAlias(slot) ? slot.resolve(document) : slot;
      return isMap(item) ? fieldText(document, item, segment.key) : undefined;
    };
    const known = slots.map((slot) => textOfKey(slot.node)).filter((value) => value !== undefined);
    return {
      into: node,
      matches: slots.filter((slot) => textOfKey(slot.node) === segment.value),
      wanted: segment.value,
      known,
    };
  }
  if (segment.kind === "key" && !/^(?:0|[1-9]\d{0,8})$/.test(segment.key)) {
    return `${JSON.stringify(segment.key)} is no index; use [0] or [name=value]`;
  }
  const index = segment.kind === "key" ? Number(segment.key) : segment.index;
  const known = slots.map((_, at) => String(at));
  return { into: node, matches: slots.slice(index, index + 1), wanted: String(index), known };
}
