import { isDeepStrictEqual } from "node:util";
import type { Bytes } from "@glu/core";
import { isCollection, isMap, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import { ifReadable, refuse } from "../refusal.ts";
import type { Segment, Selector } from "../selector/selector.ts";
import { decode, encode, lineAt, lineEnd } from "../text/source.ts";
import { applySplices, type Splice } from "../text/splice.ts";
import { locate } from "./choose-document.ts";
import { contentEnd } from "./content-end.ts";
import type { Found } from "./locate.ts";
import { removeEntry } from "./remove-entry.ts";
import { isAbsent, keyText, parseStream, type Stream, startOf } from "./stream.ts";

/**
 * Takes values out of a YAML file that were put into it, and puts back those that stood there before. Maps and lists
 * that were made for them go with them when nothing else is in them.
 * @param before the file as it was then; undefined: there was none
 * @param head what a new file is begun with, which is nothing by itself
 * @returns undefined when there was no file before and nothing is left of it
 */
export function undoYaml(
  file: Bytes,
  before: Bytes | undefined,
  selectors: readonly Selector[],
  head = "",
): Bytes | undefined {
  const source = decode(file);
  const old = before === undefined ? undefined : parseStream(decode(before).text);
  let stream = parseStream(source.text);
  for (const selector of selectors) stream = undoOne(stream, old, selector);
  if (old === undefined && stream.text.trim() === head.trim()) return undefined;
  if (before !== undefined && old !== undefined && stream.text.trimEnd() === old.text.trimEnd()) return before;
  return stream.text === source.text ? file : encode({ ...source, text: stream.text });
}

function undoOne(stream: Stream, old: Stream | undefined, selector: Selector): Stream {
  const now = foundAt(stream, selector);
  if (now === undefined) return stream;
  const was = old && foundAt(old, selector);
  if (was !== undefined && old !== undefined) return restore(stream, now, old, was);
  const target = foundAt(stream, { ...selector, path: alone(stream, old, selector) }) ?? now;
  return proven(stream, [removeEntry(stream.text, target)], target, undefined);
}

/** A place in a file; undefined where it is not, or not by the rules. */
const foundAt = (stream: Stream, selector: Selector): Found | undefined => {
  const place = ifReadable(() => locate(stream, selector));
  return place?.kind === "found" ? place : undefined;
};

/** The path of the outermost map, list or value that was made for a value and holds nothing else. */
function alone(stream: Stream, old: Stream | undefined, selector: Selector): Segment[] {
  let path = selector.path;
  while (path.length > 1) {
    const parent = { ...selector, path: path.slice(0, -1) };
    if (old !== undefined && foundAt(old, parent) !== undefined) break;
    const found = foundAt(stream, parent)?.node;
    if (!isCollection(found) || othersIn(found, path).length > 0) break;
    path = parent.path;
  }
  return path;
}

/** What a collection holds beside the last step of a path, and beside the key that it is itself selected by. */
function othersIn(found: YAMLMap | YAMLSeq, path: readonly Segment[]): unknown[] {
  if (isSeq(found)) return found.items.slice(1);
  const [selected, last] = [path.at(-2), path.at(-1)];
  const own = [last?.kind === "key" ? last.key : undefined, selected?.kind === "item" ? selected.key : undefined];
  return (found as YAMLMap).items.filter((pair) => !own.includes(keyText(pair.key)));
}

/** The value with all that stands between it and its key, as it stood before. */
function restore(stream: Stream, now: Found, old: Stream, was: Found): Stream {
  const [at, from] = [extent(stream.text, now), extent(old.text, was)];
  const text = old.text.slice(from.start, from.end);
  if (stream.text.slice(at.start, at.end) === text) return stream;
  return proven(stream, [{ ...at, text }], now, { value: plain(was) });
}

function extent(text: string, { holder, node }: Found): { start: number; end: number } {
  if (holder.kind === "pair") return { start: contentEnd(text, holder.pair.key), end: contentEnd(text, holder.pair) };
  const end = contentEnd(text, node);
  // Of an entry in lines a comment behind its last one belongs to it: others may have been added below that.
  const behind =
    isCollection(node) && node.flow !== true ? /^[ \t]+#.*$/.exec(text.slice(end, lineEnd(text, end))) : null;
  return { start: startOf(node) ?? 0, end: end + (behind?.[0].length ?? 0) };
}

const plain = ({ node, in: within }: Found): unknown =>
  isAbsent(node) ? null : (node as Node).toJS(within.document, { mapAsMap: true });

/** The stream after splices, when it is the same but for one place, which holds the value, or is gone. */
function proven(stream: Stream, splices: readonly Splice[], place: Found, put: { value: unknown } | undefined): Stream {
  const after = parseStream(applySplices(stream.text, splices));
  const at = stream.documents.indexOf(place.in);
  const expected = stream.documents.map(({ document }) => document.toJS({ mapAsMap: true }));
  const container = stepsTo(place).reduce<unknown>(
    (value, step) => (value instanceof Map ? value.get(step) : (value as unknown[])[step as number]),
    expected[at],
  );
  const { holder } = place;
  if (holder.kind === "slot")
    (container as unknown[]).splice(holder.index, 1, ...(put === undefined ? [] : [put.value]));
  else if (put === undefined) (container as Map<unknown, unknown>).delete(keyOf(holder.pair, place));
  else (container as Map<unknown, unknown>).set(keyOf(holder.pair, place), put.value);
  const found = after.documents.map(({ document }) => document.toJS({ mapAsMap: true }));
  if (isDeepStrictEqual(expected.map(emptied), found.map(emptied))) return after;
  return refuse("edit/proof", "Taking it out would change more than the selected place, so it was not done.", {
    line: lineAt(stream.text, splices[0]?.start ?? 0),
    fix: "Take it out by hand.",
  });
}

const keyOf = (pair: Pair, { in: within }: Found): unknown => (pair.key as Node).toJS(within.document);

/** Keys and indices from the root to the collection that holds a place. */
function stepsTo({ trail, in: within }: Found): unknown[] {
  return trail.slice(1).map((node, index) => {
    const parent = trail[index];
    if (isSeq(parent)) return parent.items.indexOf(node);
    const pair = isMap(parent) ? parent.items.find(({ value }) => value === node) : undefined;
    return pair === undefined ? undefined : (pair.key as Node).toJS(within.document);
  });
}

/** What holds nothing is nothing: an empty list that is not written in brackets cannot be told from none. */
function emptied(value: unknown): unknown {
  if (value instanceof Map) {
    return value.size === 0 ? null : new Map([...value].map(([key, one]) => [key, emptied(one)]));
  }
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(emptied);
  return value ?? null;
}
