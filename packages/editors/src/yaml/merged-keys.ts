import { type Document, isAlias, isMap, isScalar, isSeq, type Pair, type YAMLMap } from "yaml";
import { keyText, scalarText } from "./stream.ts";

/** Whether a key is the merge key of YAML 1.1 (https://yaml.org/type/merge.html). */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.source === "<<" && (key.type === "PLAIN" || key.tag !== undefined);
}

/** The pairs a map has through `<<`, at any distance, by key; the nearer and the earlier one wins. */
export function mergedPairs(document: Document.Parsed, map: YAMLMap): Map<string, Pair> {
  const pairs = new Map<string, Pair>();
  const visited = new Set<unknown>([map]);
  const addAll = (source: unknown): void => {
    const node = isAlias(source) ? source.resolve(document) : source;
    if (node === undefined || visited.has(node)) return;
    visited.add(node);
    if (isSeq(node)) for (const item of node.items) addAll(item);
    if (!isMap(node)) return;
    for (const pair of node.items) {
      const key = isMergeKey(pair.key) ? undefined : keyText(pair.key);
      if (key !== undefined && !pairs.has(key)) pairs.set(key, pair);
    }
    addMerges(node);
  };
  const addMerges = (from: YAMLMap): void => {
    for (const pair of from.items) if (isMergeKey(pair.key)) addAll(pair.value);
  };
  addMerges(map);
  return pairs;
}

/** The text that a reader finds under a key of a map: its own or a merged one, an alias followed. */
export function fieldText(document: Document.Parsed, map: YAMLMap, key: string): string | undefined {
  const pair = map.items.find((own) => keyText(own.key) === key) ?? mergedPairs(document, map).get(key);
  const value = isAlias(pair?.value) ? pair.value.resolve(document) : pair?.value;
  return scalarText(value);
}
