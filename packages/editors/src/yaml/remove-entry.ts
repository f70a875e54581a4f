import { isCollection, isMap, isSeq, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import { refuse } from "../refusal.ts";
import { lineAt, lineEnd, lineStart } from "../text/source.ts";
import type { Splice } from "../text/splice.ts";
import { contentEnd } from "./content-end.ts";
import type { Found } from "./locate.ts";
import { startOf } from "./stream.ts";

/**
 * The splice that takes an entry out of its map or list, with its lines and a comment at the end of the last one; what
 * stands above it stays. Refuses with `edit/ambiguous` what cannot be told apart from its neighbours.
 */
export function removeEntry(text: string, { holder, trail }: Found): Splice {
  const within = trail.at(-1) as YAMLMap | YAMLSeq;
  const at = holder.kind === "slot" ? holder.index : (within as YAMLMap).items.indexOf(holder.pair);
  const entry = within.items[at];
  const end = text.slice(0, contentEnd(text, entry)).trimEnd().length;
  if (within.flow === true) return fromFlow(text, within, at, end);
  const start = isSeq(within) ? dashOf(text, within, at) : keyStart(text, entry as Pair);
  const line = lineStart(text, start);
  if (/^ *$/.test(text.slice(line, start))) return wholeLines(text, line, end);
  // It shares its line with the dash of the item above it: the next key takes its place.
  const next = isMap(within) ? within.items[at + 1] : undefined;
  const nextStart = next === undefined ? refuseAmbiguous(text, start) : keyStart(text, next);
  if (text.slice(lineEnd(text, end), nextStart).trim() !== "") refuseAmbiguous(text, start);
  return { start, end: nextStart, text: "" };
}

function wholeLines(text: string, line: number, end: number): Splice {
  const after = text.indexOf("\n", end);
  if (after !== -1) return { start: line, end: after + 1, text: "" };
  // The last line, without a line break: the one before has none either then.
  const start = line === 0 ? 0 : line - (text[line - 2] === "\r" ? 2 : 1);
  return { start, end: text.length, text: "" };
}

function fromFlow(text: string, within: YAMLMap | YAMLSeq, at: number, end: number): Splice {
  const [open = 0] = within.range ?? [];
  const [previous, entry, next] = [within.items[at - 1], within.items[at], within.items[at + 1]];
  const startOfEntry = (one: unknown) => (isSeq(within) ? (startOf(one) ?? 0) : keyStart(text, one as Pair));
  const start = startOfEntry(entry);
  if (previous !== undefined) {
    const from = contentEnd(text, previous);
    if (!/^\s*,\s*$/.test(text.slice(from, start))) refuseAmbiguous(text, start);
    return { start: from, end, text: "" };
  }
  if (next !== undefined) {
    const to = startOfEntry(next);
    if (!/^\s*,\s*$/.test(text.slice(end, to))) refuseAmbiguous(text, start);
    return { start, end: to, text: "" };
  }
  if (text.slice(open + 1, start).trim() !== "") refuseAmbiguous(text, start);
  return { start: open + 1, end, text: "" };
}

function keyStart(text: string, { key, srcToken }: Pair): number {
  const extra = srcToken?.start.some(({ type }) => ["explicit-key-ind", "anchor", "tag"].includes(type)) ?? true;
  const start = startOf(key);
  return extra || isCollection(key) || start === undefined ? refuseAmbiguous(text, start ?? 0) : start;
}

function dashOf(text: string, { srcToken }: YAMLSeq, at: number): number {
  const items = srcToken !== undefined && "items" in srcToken ? srcToken.items : [];
  const dash = items.filter(({ start }) => start.some(({ type }) => type === "seq-item-ind"))[at];
  return dash?.start.find(({ type }) => type === "seq-item-ind")?.offset ?? refuseAmbiguous(text, 0);
}

function refuseAmbiguous(text: string, offset: number): never {
  return refuse("edit/ambiguous", "It is not clear what belongs to the entry and would go with it.", {
    line: lineAt(text, offset),
    fix: "Take it out by hand.",
  });
}
