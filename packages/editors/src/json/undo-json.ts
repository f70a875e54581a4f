import { isDeepStrictEqual } from "node:util";
import type { Bytes } from "@glu/core";
import { ifReadable, refuse } from "../refusal.ts";
import type { Segment, Selector } from "../selector/selector.ts";
import { decode, encode, lineAt } from "../text/source.ts";
import { applySplices, type Splice } from "../text/splice.ts";
import { type JsonFound, locateJson } from "./locate-json.ts";
import { type JsonArray, type JsonNode, type JsonObject, parseJson } from "./parse-json.ts";

interface Parsed {
  text: string;
  root: JsonNode;
}

/**
 * Takes values out of a JSON file that were put into it, and puts back those that stood there before, as
 * `undoYaml` does in YAML.
 */
export function undoJson(file: Bytes, before: Bytes | undefined, selectors: readonly Selector[]): Bytes | undefined {
  const source = decode(file);
  const parse = (text: string): Parsed => ({ text, root: parseJson(text) });
  const old = before === undefined ? undefined : parse(decode(before).text);
  let now = parse(source.text);
  for (const { path } of selectors) {
    const done = undoOne(now, old, path);
    if (done !== undefined) now = parse(done);
  }
  if (old === undefined && /^\s*\{\s*\}\s*$/.test(now.text)) return undefined;
  return now.text === source.text ? file : encode({ ...source, text: now.text });
}

const foundAt = ({ text, root }: Parsed, path: readonly Segment[]): JsonFound | undefined => {
  const place = ifReadable(() => locateJson(text, root, path));
  return place?.kind === "found" ? place : undefined;
};

function undoOne(now: Parsed, old: Parsed | undefined, selector: readonly Segment[]): string | undefined {
  const place = foundAt(now, selector);
  if (place === undefined) return undefined;
  const was = old && foundAt(old, selector);
  if (was !== undefined && old !== undefined) {
    const text = old.text.slice(was.node.start, was.node.end);
    return proven(now, { start: place.node.start, end: place.node.end, text }, place.steps, {
      value: JSON.parse(text),
    });
  }
  const path = alone(now, old, selector);
  const target = foundAt(now, path) ?? place;
  const parent = path.length === 1 ? now.root : foundAt(now, path.slice(0, -1))?.node;
  if (parent?.kind !== "object" && parent?.kind !== "array") throw new Error("What is found is in something.");
  const stood = old && (path.length === 1 ? old.root : foundAt(old, path.slice(0, -1))?.node);
  const inside = stood === undefined || old === undefined ? "" : old.text.slice(stood.start + 1, stood.end - 1);
  return proven(now, removeEntry(parent, target, inside), target.steps, undefined);
}

/** The path of the outermost value that was made for one and holds nothing else. */
function alone(now: Parsed, old: Parsed | undefined, selector: readonly Segment[]): readonly Segment[] {
  let path = selector;
  while (path.length > 1) {
    const parent = path.slice(0, -1);
    if (old !== undefined && foundAt(old, parent) !== undefined) break;
    const node = foundAt(now, parent)?.node;
    const [selected, last] = [path.at(-2), path.at(-1)];
    const own = [last?.kind === "key" ? last.key : undefined, selected?.kind === "item" ? selected.key : undefined];
    const others =
      node?.kind === "array"
        ? node.items.length - 1
        : node?.kind === "object"
          ? node.members.filter(({ key }) => !own.includes(key)).length
          : 1;
    if (others > 0) break;
    path = parent;
  }
  return path;
}

/** @param inside what the collection held when it was empty: white space */
function removeEntry(parent: JsonObject | JsonArray, { node, steps }: JsonFound, inside: string): Splice {
  const entries =
    parent.kind === "object"
      ? parent.members.map(({ keyStart, value }) => ({ start: keyStart, end: value.end }))
      : parent.items.map(({ start, end }) => ({ start, end }));
  const at = entries.findIndex(({ end }) => end === node.end);
  const [previous, entry, next] = [entries[at - 1], entries[at], entries[at + 1]];
  if (entry === undefined) throw new Error(`${steps.join(".")} is not in what holds it.`);
  if (previous !== undefined) return { start: previous.end, end: entry.end, text: "" };
  if (next !== undefined) return { start: entry.start, end: next.start, text: "" };
  return { start: parent.start + 1, end: parent.end - 1, text: inside.trim() === "" ? inside : "" };
}

function proven(
  { text }: Parsed,
  splice: Splice,
  steps: readonly (string | number)[],
  put: { value: unknown } | undefined,
): string {
  const after = applySplices(text, [splice]);
  const expected: { root: unknown } = { root: JSON.parse(text) };
  const all = ["root", ...steps];
  let holder: object = expected;
  for (const step of all.slice(0, -1)) holder = Object.getOwnPropertyDescriptor(holder, step)?.value;
  const last = all.at(-1) ?? "root";
  if (put !== undefined) {
    Object.defineProperty(holder, last, { value: put.value, writable: true, enumerable: true, configurable: true });
  } else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else Reflect.deleteProperty(holder, last);
  if (isDeepStrictEqual(JSON.parse(after), expected.root)) return after;
  return refuse("edit/proof", "Taking it out would change more than the selected place, so it was not done.", {
    line: lineAt(text, splice.start),
    fix: "Take it out by hand.",
  });
}
