import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { refuse } from "../refusal.ts";
import { lineAt } from "../text/source.ts";
import type { NewNode } from "./new-node.ts";
import type { Holder } from "./step-into.ts";
import { isAbsent, keyText, type Stream, startOf } from "./stream.ts";

/** Whether a scalar of the result is as it was wanted. */
export type Wanted = (node: Scalar) => boolean;

/** All that may differ between the file before and after, by nodes of the file before. */
export interface Expected {
  /** The value of a pair, or of a slot of a list (`seq`, then index). */
  values: Map<Pair, Wanted>;
  slots: Map<YAMLSeq, Map<number, Wanted>>;
  /** A pair that is replaced by another one, or is gone. */
  swaps: Map<Pair, { key: string; value: string } | "gone">;
  /** What is added at the end of a collection, or in the place of nothing. */
  adds: Map<YAMLMap | YAMLSeq | Pair | Document.Parsed, NewNode>;
}

export function expectNothing(): Expected {
  return { values: new Map(), slots: new Map(), swaps: new Map(), adds: new Map() };
}

export function expectValue(expected: Expected, holder: Holder, wanted: Wanted): void {
  if (holder.kind === "pair") {
    expected.values.set(holder.pair, wanted);
    return;
  }
  const slots = expected.slots.get(holder.seq) ?? new Map<number, Wanted>();
  expected.slots.set(holder.seq, slots.set(holder.index, wanted));
}

/**
 * Compares two parses node by node: kind, text, whether quoted or plain, tag, anchor, alias, order, documents. Where
 * these agree the values agree in every schema. Refuses with `edit/proof` at the first difference not expected.
 */
export function prove(before: Stream, after: Stream, expected: Expected, isString: Wanted): void {
  const fail: (node: unknown) => never = (node) =>
    refuse("edit/proof", "The edit would change more than the selected place, so it was not made.", {
      line: lineAt(before.text, startOf(node) ?? 0),
      fix: "Make this change by hand, or write the place in a simpler way.",
    });
  if (before.documents.length !== after.documents.length) fail(null);

  const same = (old: unknown, now: unknown): void => {
    if (isAlias(old)) {
      if (!isAlias(now) || now.source !== old.source) fail(old);
    } else if (isScalar(old)) sameScalar(old, now);
    else if (isMap(old)) sameMap(old, now);
    else if (isSeq(old)) sameSeq(old, now);
    else if (!isAbsent(now)) fail(old);
  };
  const sameScalar = (old: Scalar, now: unknown): void => {
    if (!isScalar(now) || now.source !== old.source || now.type !== old.type) fail(old);
    if (now.tag !== old.tag || now.anchor !== old.anchor || typeof now.value !== typeof old.value) fail(old);
  };
  const sameMap = (old: YAMLMap, now: unknown): void => {
    if (!isMap(now) || now.tag !== old.tag || now.anchor !== old.anchor || now.flow !== old.flow) fail(old);
    const pairs = [...now.items];
    for (const pair of old.items) {
      if (expected.swaps.get(pair) !== "gone") samePair(pair, pairs.shift() ?? fail(pair.key));
    }
    matchesEnd(expected.adds.get(old), pairs, old);
  };
  const samePair = (old: Pair, now: Pair): void => {
    const swap = expected.swaps.get(old);
    const wanted = expected.values.get(old);
    const added = expected.adds.get(old);
    if (swap !== undefined && swap !== "gone") {
      matches({ kind: "map", entries: [[swap.key, swap.value]] }, [now], old.key);
      return;
    }
    same(old.key, now.key);
    if (added !== undefined) matchesNew(added, now.value, old.key, old.value);
    else if (wanted !== undefined) matchesValue(old.value, now.value, wanted, old.key);
    else same(old.value, now.value);
  };
  const sameSeq = (old: YAMLSeq, now: unknown): void => {
    if (!isSeq(now) || now.tag !== old.tag || now.anchor !== old.anchor || now.flow !== old.flow) fail(old);
    const items = [...now.items];
    for (const [index, item] of old.items.entries()) {
      const wanted = expected.slots.get(old)?.get(index);
      const next: unknown = items.length === 0 ? fail(old) : items.shift();
      if (wanted === undefined) same(item, next);
      else matchesValue(item, next, wanted, old);
    }
    matchesEnd(expected.adds.get(old), items, old);
  };
  const matchesValue = (old: unknown, now: unknown, wanted: Wanted, at: unknown): void => {
    if (!isScalar(now) || !wanted(now)) fail(old ?? at);
    if (isScalar(old) && (old.tag !== now.tag || old.anchor !== now.anchor)) fail(old);
  };
  // `before` is the nothing whose place it takes: its anchor and tag are now those of the new node.
  const matchesNew = (added: NewNode, now: unknown, at: unknown, before: unknown = null): void => {
    const [anchor, tag] = propsOf(now);
    const [oldAnchor, oldTag] = propsOf(before);
    if (anchor !== oldAnchor || tag !== oldTag) fail(at);
    if (typeof added === "string") {
      if (!isScalar(now) || now.source !== added || !isString(now)) fail(at);
    } else if (added.kind === "map" ? !isMap(now) : !isSeq(now)) fail(at);
    else matches(added, (now as YAMLMap | YAMLSeq).items, at);
  };
  const matches = (added: Exclude<NewNode, string>, items: readonly unknown[], at: unknown): void => {
    const wanted = added.kind === "map" ? added.entries : added.items;
    if (wanted.length !== items.length) fail(at);
    for (const [index, item] of items.entries()) {
      if (added.kind === "list") matchesNew(added.items[index] ?? fail(at), item, at);
      else {
        const [key, value] = added.entries[index] ?? fail(at);
        const pair = item as Pair;
        if (keyText(pair.key) !== key || !isScalar(pair.key) || typeof pair.key.value !== "string") fail(at);
        if (propsOf(pair.key).some((prop) => prop !== undefined)) fail(at);
        matchesNew(value, pair.value, at);
      }
    }
  };
  const matchesEnd = (added: NewNode | undefined, items: readonly unknown[], at: unknown): void => {
    if (added === undefined || typeof added === "string") {
      if (items.length > 0) fail(at);
    } else matches(added, items, at);
  };

  for (const [index, { document }] of before.documents.entries()) {
    const now = after.documents[index]?.document;
    if (now === undefined || now.directives.yaml.version !== document.directives.yaml.version) fail(document.contents);
    const added = expected.adds.get(document);
    if (added === undefined) same(document.contents, now.contents);
    else matchesNew(added, now.contents, document.contents);
  }
}

/** Anchor and tag. */
function propsOf(node: unknown): [string | undefined, string | undefined] {
  return isScalar(node) || isMap(node) || isSeq(node) ? [node.anchor, node.tag] : [undefined, undefined];
}
