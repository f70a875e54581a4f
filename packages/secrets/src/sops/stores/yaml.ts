import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Pair,
  parseAllDocuments,
  Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { PlainValue } from "../plain-value.ts";
import { Refusal } from "../refusals.ts";
import type { Branch, Comment, Documents, List, Node } from "../tree.ts";
import { readScalar } from "../yaml-scalar.ts";
import { deepest } from "./json.ts";

/** How many values aliases may make of a file; who writes secrets by hand never comes near. */
const mostNodes = 1_000_000;

/**
 * Reads a YAML file as SOPS does with go-yaml 3: every document is a mapping, whose keys are text; aliases stand for what
 * they name, and a merge key is a key.
 * @throws Refusal
 */
export function readYaml(text: string): Documents {
  // Of whether keys are there twice the library asks each key for all before it.
  const documents = parseAllDocuments(text, { schema: "failsafe", uniqueKeys: false, prettyErrors: false });
  return documents.map((document) => {
    // Its message would hold a part of the text.
    const [error] = document.errors;
    if (error !== undefined) throw new Refusal(`it is no YAML (${error.code})`);
    return new Reader(document).document();
  });
}

type Items = Branch<PlainValue>["items"][number][];

class Reader {
  readonly #document: Document.Parsed;
  readonly #named: ReadonlyMap<Alias, unknown>;
  #nodes = 0;

  constructor(document: Document.Parsed) {
    this.#document = document;
    this.#named = namedIn(document);
  }

  document(): Branch<PlainValue> {
    const { contents, commentBefore, comment } = this.#document;
    const root = isAlias(contents) ? this.#resolve(contents) : contents;
    const isEmpty = root === null || (isScalar(root) && scalarValue(root) === undefined);
    if (!isEmpty && !isMap(root)) throw new Refusal("a document of it is no mapping");
    const inner = isMap(root) ? this.#map(root, 0).items : comments(commentOf(root, "comment"));
    return { kind: "map", items: [...comments(commentBefore), ...inner, ...comments(comment)] };
  }

  #map(map: YAMLMap, depth: number, above?: "told"): Branch<PlainValue> {
    const items: Items = above === "told" ? [] : [...comments(map.commentBefore)];
    const names = new Set<string>();
    for (const pair of map.items) {
      const { key, value } = pair as Pair;
      const name = keyOf(key);
      if (names.has(name)) throw new Refusal("a key of it is there twice");
      names.add(name);
      items.push(...comments(commentOf(key, "commentBefore")), ...comments(commentOf(key, "comment")));
      // One behind a value counts for it.
      const beside = isScalar(value) || isAlias(value);
      if (beside) items.push(...comments(value.commentBefore), ...comments(value.comment));
      items.push({ kind: "item", key: name, node: this.#node(value, depth) });
    }
    items.push(...comments(map.comment));
    return { kind: "map", items };
  }

  #list(list: YAMLSeq, depth: number, above?: "told"): List<PlainValue> {
    const items: List<PlainValue>["items"][number][] = above === "told" ? [] : [...comments(list.commentBefore)];
    for (const item of list.items) {
      // What stands above the sign of an element is about all of it.
      if (isNode(item)) items.push(...comments(item.commentBefore));
      if (isScalar(item) || isAlias(item)) items.push(...comments(item.comment));
      items.push(this.#node(item, depth, "told"));
    }
    items.push(...comments(list.comment));
    return { kind: "list", items };
  }

  /** @param above `told`: the comments above it were told by who holds it */
  #node(node: unknown, depth: number, above?: "told"): Node<PlainValue> {
    this.#nodes += 1;
    if (this.#nodes > mostNodes) throw new Refusal("its aliases make too much of it");
    if (depth > deepest) throw new Refusal("it is nested too deep");
    if (isAlias(node)) return this.#node(this.#resolve(node), depth + 1);
    if (isMap(node)) return this.#map(node, depth + 1, above);
    if (isSeq(node)) return this.#list(node, depth + 1, above);
    const value = isScalar(node) ? scalarValue(node) : undefined;
    return value === undefined ? { kind: "null" } : { kind: "value", value };
  }

  #resolve(alias: Alias): unknown {
    const node = this.#named.get(alias);
    if (node === undefined) throw new Refusal("an alias of it names nothing");
    return node;
  }
}

/** What each alias names: the last before it that has the name. The library would look for each through all that is there. */
function namedIn(document: Document.Parsed): ReadonlyMap<Alias, unknown> {
  const anchors = new Map<string, unknown>();
  const named = new Map<Alias, unknown>();
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) named.set(node, anchors.get(node.source));
      else if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return named;
}

function commentOf(node: unknown, which: "comment" | "commentBefore"): string | null | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) ? node[which] : undefined;
}

/** A line of it each. */
function comments(text: string | null | undefined): Comment[] {
  if (text === undefined || text === null) return [];
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => ({ kind: "comment", text: line }));
}

function keyOf(key: unknown): string {
  const value = isScalar(key) ? scalarValue(key) : undefined;
  if (value?.type !== "str") throw new Refusal("a key of it is no text");
  return value.value;
}

/** Undefined: null. */
function scalarValue(scalar: Scalar): PlainValue | undefined {
  const { tag, source, value, type } = scalar;
  const text = type === Scalar.PLAIN ? (source ?? "") : String(value);
  const plainly = type === Scalar.PLAIN || type === undefined;
  switch (tag) {
    case undefined:
      return plainly ? readScalar(text) : { type: "str", value: text };
    case "tag:yaml.org,2002:str":
      return { type: "str", value: text };
    default:
      // What such a tag makes of it SOPS writes without the tag.
      throw new Refusal(`a value of it has the tag ${tag}`);
  }
}
