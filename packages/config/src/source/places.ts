import { type Alias, isAlias, isMap, isNode, isScalar, isSeq, type Node, type Pair, Scalar, type YAMLMap } from "yaml";

export type Path = readonly PropertyKey[];
/** In a text a line and a column, both 1-based; in what a program made, the path. */
export type Place = { line: number; column: number; path?: never } | { path: string; line?: never; column?: never };

/** Where the paths of the parsed data stand, and in which order their keys were written. */
export interface Places {
  /** The keys of the mapping at `path` as they were written; none when it is no mapping. */
  keys(path: Path): string[];
  /** The key of `path`, or the nearest thing around it that is there. */
  key(path: Path): Place;
  /** The value of `path`, or the nearest thing around it that is there. */
  value(path: Path): Place;
}

type At = (offset: number) => { line: number; column: number };

/** Finds the position of a path in the text, and the order of keys that a JavaScript object would lose. */
export class YamlPlaces implements Places {
  readonly #root: Node | null;
  readonly #aliases: ReadonlyMap<Alias, Node>;
  readonly #at: At;
  readonly #pairs = new Map<YAMLMap, Map<string, Pair>>();

  constructor(root: Node | null, aliases: ReadonlyMap<Alias, Node>, at: At) {
    this.#root = root;
    this.#aliases = aliases;
    this.#at = at;
  }

  /** The keys of the mapping at `path` as they stand in the file, merged ones last; none when it is no mapping. */
  keys(path: Path): string[] {
    const { node, whole } = this.#walk(path);
    return whole && isMap(node) ? [...this.#pairsOf(node).keys()] : [];
  }

  /** The key of `path`; or the nearest thing around it that is there. */
  key(path: Path): Place {
    return this.#at(this.#walk(path).keyOffset);
  }

  /** The value of `path` when it fits on a line, else its key; or the nearest thing around it that is there. */
  value(path: Path): Place {
    const { node, keyOffset, whole } = this.#walk(path);
    const inline = whole && (isScalar(node) || (isNode(node) && "flow" in node && node.flow === true));
    return this.#at(inline ? (node.range?.[0] ?? keyOffset) : keyOffset);
  }

  #walk(path: Path): { node: unknown; keyOffset: number; whole: boolean } {
    let node: unknown = this.#root;
    let keyOffset = this.#root?.range?.[0] ?? 0;
    for (const part of path) {
      const holder = this.#resolve(node);
      if (isMap(holder)) {
        const pair = this.#pairsOf(holder).get(String(part));
        if (pair === undefined) return { node: holder, keyOffset, whole: false };
        if (isNode(pair.key)) keyOffset = pair.key.range?.[0] ?? keyOffset;
        node = pair.value;
      } else if (isSeq(holder) && typeof part === "number" && isNode(holder.items[part])) {
        node = holder.items[part];
        keyOffset = isNode(node) ? (node.range?.[0] ?? keyOffset) : keyOffset;
      } else return { node: holder, keyOffset, whole: false };
    }
    return { node: this.#resolve(node), keyOffset, whole: true };
  }

  #resolve(node: unknown): unknown {
    return isAlias(node) ? this.#aliases.get(node) : node;
  }

  #pairsOf(map: YAMLMap): Map<string, Pair> {
    const known = this.#pairs.get(map);
    if (known !== undefined) return known;
    const pairs = new Map<string, Pair>();
    const merged: YAMLMap[] = [];
    for (const pair of map.items) {
      if (!isMergeKey(pair.key)) pairs.set(String(isScalar(pair.key) ? (pair.key.value ?? "") : pair.key), pair);
      else {
        const from = this.#resolve(pair.value);
        for (const one of isSeq(from) ? from.items.map((item) => this.#resolve(item)) : [from]) {
          if (isMap(one)) merged.push(one);
        }
      }
    }
    for (const one of merged) {
      for (const [key, pair] of this.#pairsOf(one)) if (!pairs.has(key)) pairs.set(key, pair);
    }
    this.#pairs.set(map, pairs);
    return pairs;
  }
}

/** As the library decides it: `<<` that is not quoted. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === "<<" && key.type === Scalar.PLAIN;
}
