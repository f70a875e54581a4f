import { type Document, isAlias, isMap, isScalar, isSeq, type YAMLMap } from "yaml";
import { keyText } from "./stream.ts";

/** Whether a key is the merge key of YAML 1.1 (https://yaml.org/type/merge.html). */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.source === "<<" && (key.type === "PLAIN" || key.tag !== undefined);
}

/** The keys a map has through `<<`, at any distance. */
export function mergedKeys(document: Document.Parsed, map: YAMLMap): Set<string> {
  const keys = new Set<string>();
  const visited = new Set<unknown>([map]);
  const addAll = (source: unknown): void => {
    const node = isAlias(source) ? source.resolve(document) : source;
    if (node === undefined || visited.has(node)) return;
    visited.add(node);
    if (isSeq(node)) for (const item of node.items) addAll(item);
    if (!isMap(node)) return;
    for (const pair of node.items) {
      const key = keyText(pair.key);
      if (isMergeKey(pair.key)) addAll(pair.value);
      else if (key !== undefined) keys.add(key);
    }
  };
  for (const pair of map.items) if (isMergeKey(pair.key)) addAll(pair.value);
  return keys;
}
