import { isCollection, isMap, isPair, isSeq, type YAMLMap, type YAMLSeq } from "yaml";
import { lineStart } from "../text/source.ts";
import type { Layout } from "./new-node.ts";
import { type Stream, startOf } from "./stream.ts";

/** How the file indents: the first nested map and the first list under a key show it; else two spaces. */
export function layoutOf({ text, documents }: Stream): Layout {
  let step: number | undefined;
  let listOffset: number | undefined;
  const visit = (node: unknown): void => {
    if ((step !== undefined && listOffset !== undefined) || !isCollection(node) || node.flow === true) return;
    for (const item of node.items) {
      if (isPair(item) && isMap(node)) {
        const by = columnOf(text, item.value) - columnOf(text, node);
        if (isMap(item.value) && item.value.flow !== true && by > 0) step ??= by;
        if (isSeq(item.value) && item.value.flow !== true && by >= 0) listOffset ??= by;
        visit(item.value);
      } else visit(item);
    }
  };
  for (const { document } of documents) visit(document.contents);
  return { step: step ?? 2, listOffset: listOffset ?? step ?? 2 };
}

/** The column, from 0, at which the entries of a block collection stand. */
export function columnOf(text: string, node: unknown): number {
  const start = entryStart(node) ?? startOf(node) ?? 0;
  return start - lineStart(text, start);
}

/** Where the first entry of a block collection begins, its `?`, anchor or tag included. */
function entryStart(node: unknown): number | undefined {
  if (!isMap(node) && !isSeq(node)) return undefined;
  const token = (node as YAMLMap | YAMLSeq).srcToken;
  if (token === undefined || !("items" in token) || token.type === "flow-collection") return undefined;
  const [first] = token.items;
  const props = ["explicit-key-ind", "anchor", "tag", "seq-item-ind"];
  return first?.start.find(({ type }) => props.includes(type))?.offset ?? first?.key?.offset;
}
