import type { PlainValue } from "../plain-value.ts";
import { Refusal } from "../refusals.ts";
import type { Branch, List, Node } from "../tree.ts";

/** How deep a file may be: who writes secrets by hand never comes near, and what walks over them is recursive. */
export const deepest = 100;

/**
 * Reads a JSON file as SOPS does: an object, its keys in their order, also such as occur twice; integers of 64 bits whole,
 * every other number as one of floating point.
 * @throws Refusal
 */
export function readJson(text: string): Branch<PlainValue> {
  checkJson(text);
  const root = build(tokensOf(text));
  if (root.kind !== "map") throw new Refusal("it is no JSON object");
  return root;
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    // Node's message holds a part of the text.
    throw new Refusal(error instanceof RangeError ? "it is nested too deep" : "it is no JSON");
  }
}

/** Of a text that is JSON: strings, numbers and names, and the signs between them. */
const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

function* tokensOf(text: string): Generator<string> {
  for (const [found] of text.matchAll(token)) if (found !== "," && found !== ":") yield found;
}

type Open =
  | { kind: "map"; items: Mutable<Branch<PlainValue>>; key?: string }
  | { kind: "list"; items: Mutable<List<PlainValue>> };
type Mutable<T extends { items: readonly unknown[] }> = T["items"][number][];

function build(tokens: Iterable<string>): Node<PlainValue> {
  const open: Open[] = [];
  let root: Node<PlainValue> = { kind: "null" };
  const put = (node: Node<PlainValue>): void => {
    const holder = open.at(-1);
    if (holder === undefined) root = node;
    else if (holder.kind === "list") holder.items.push(node);
    else {
      holder.items.push({ kind: "item", key: holder.key ?? "", node });
      delete holder.key;
    }
  };
  for (const one of tokens) {
    const holder = open.at(-1);
    if (one === "}" || one === "]") {
      open.pop();
    } else if (one === "{" || one === "[") {
      if (open.length === deepest) throw new Refusal("it is nested too deep");
      const inner: Open = one === "{" ? { kind: "map", items: [] } : { kind: "list", items: [] };
      put(inner);
      open.push(inner);
    } else if (holder?.kind === "map" && holder.key === undefined) {
      holder.key = JSON.parse(one) as string;
    } else put(leafOf(one));
  }
  return root;
}

function leafOf(one: string): Node<PlainValue> {
  switch (one) {
    case "null":
      return { kind: "null" };
    case "true":
    case "false":
      return { kind: "value", value: { type: "bool", value: one === "true" } };
    default:
      return { kind: "value", value: one.startsWith('"') ? { type: "str", value: JSON.parse(one) } : numberOf(one) };
  }
}

const [least, most] = [-(2n ** 63n), 2n ** 63n - 1n];

/** As `json.Number` of Go: `Int64` where it takes it, else `Float64`. */
function numberOf(text: string): PlainValue {
  if (/^-?\d+$/.test(text)) {
    const value = text.length > 20 ? undefined : BigInt(text);
    if (value !== undefined && value >= least && value <= most) return { type: "int", value };
  }
  const value = Number(text);
  if (!Number.isFinite(value)) throw new Refusal("a number in it is too large");
  return { type: "float", value };
}
