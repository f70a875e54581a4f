import { type CST, isAlias, isCollection, isScalar, type Pair, type Scalar } from "yaml";
import { refuse } from "../refusal.ts";
import { lineAt, lineEnd } from "../text/source.ts";
import type { Splice } from "../text/splice.ts";
import { describe, type Found } from "./locate.ts";
import { losslessType, nativeType, readsAsString } from "./resolved-type.ts";
import type { Holder } from "./step-into.ts";
import { isAbsent, startOf } from "./stream.ts";
import { writeBlockScalar } from "./write-block-scalar.ts";
import { type Quotes, writeScalar } from "./write-scalar.ts";

export interface ValueRules {
  /** Whether a plain number or boolean stays one when the new value is one, too, by {@link losslessType}. */
  keepType: boolean;
}

/**
 * The splice that puts a string where a scalar stands; undefined when it is there already. `name` is for messages.
 *
 * The style of the scalar stays where the value can be written in it. The value is a string for YAML 1.1 and 1.2
 * parsers; only a plain number stays a number and a plain boolean a boolean (`replicas: 3`), see {@link ValueRules}.
 */
export function setValue(
  text: string,
  place: Found,
  value: string,
  rules: ValueRules,
  name: string,
): Splice | undefined {
  const { node, holder } = place;
  checkEditable(text, place, name);
  const inFlow = place.trail.some((parent) => isCollection(parent) && parent.flow === true);
  if (!isScalar(node) || isAbsent(node))
    return insertValue(text, holder, writeScalar(value, { inFlow, prefer: "plain" }), name);
  if (holds(node, value, rules)) return undefined;
  const [start = 0, end = 0] = node.range ?? [];
  const token = node.srcToken;
  if (token?.type === "block-scalar") return { start, end, text: writeBlockScalar(value, token) };
  if (node.type === "PLAIN" && rules.keepType && staysNative(node, value)) return { start, end, text: value };
  // A value that touches what is before it, as in {"a":1}, needs quotes for parsers of YAML 1.1.
  const touches = inFlow && start > 0 && !/[\s[,]/.test(text[start - 1] ?? "");
  const prefer: Quotes =
    node.type === "QUOTE_SINGLE" ? "single" : node.type === "PLAIN" && !touches ? "plain" : "double";
  return { start, end, text: writeScalar(value, { inFlow, prefer }) };
}

function staysNative(node: Scalar, value: string): boolean {
  const native = losslessType(value);
  return node.tag === undefined && native !== undefined && nativeType(node.source ?? "") === native;
}

/** Whether a scalar is this string already, for every parser. */
export function holds(node: Scalar, value: string, rules: ValueRules): boolean {
  if (node.source !== value) return false;
  if (node.type !== "PLAIN" || node.tag !== undefined) return true;
  return readsAsString(value) || (rules.keepType && staysNative(node, value));
}

/** Refuses what is no single value of its own: an alias, a collection, an anchor used elsewhere, a value with a tag. */
export function checkEditable(text: string, { node, trail, in: within }: Found, name: string): void {
  const line = lineAt(text, startOf(node) ?? startOf(trail.at(-1)) ?? 0);
  if (isAlias(node)) {
    refuse("edit/alias", `${name} is an alias (*${node.source}): changing it would change the anchor.`, {
      line,
      fix: "Write a value of its own there, or select the place of the anchor.",
    });
  }
  if (isCollection(node)) {
    refuse("edit/not-scalar", `${name} is ${describe(node)}, not a single value.`, {
      line,
      fix: "Select a value inside it.",
    });
  }
  checkAnchors(text, [...trail, node], within.aliased, name);
  if (isScalar(node) && node.tag !== undefined && !["!", "tag:yaml.org,2002:str"].includes(node.tag)) {
    refuse("edit/tag", `${name} has the tag ${node.tag}: as a string it would mean something else.`, {
      line,
      fix: "Remove the tag, or select another place.",
    });
  }
}

/** Refuses when one of the nodes has an anchor that is used elsewhere: that place would change as well. */
export function checkAnchors(
  text: string,
  nodes: readonly unknown[],
  aliased: ReadonlySet<string>,
  name: string,
): void {
  for (const node of nodes) {
    if (!isScalar(node) && !isCollection(node)) continue;
    if (node.anchor === undefined || !aliased.has(node.anchor)) continue;
    refuse(
      "edit/anchor",
      `${name} lies under the anchor &${node.anchor}, which is used elsewhere: that would change, too.`,
      {
        line: lineAt(text, startOf(node) ?? 0),
        fix: `Give the place a value of its own, or replace *${node.anchor} by what it stands for.`,
      },
    );
  }
}

/** Puts a value where nothing is written yet: `key:`, `- `, `{key}`. */
function insertValue(text: string, holder: Holder, value: string, name: string): Splice {
  const { offset, colon } = absentSpot(text, holder, name);
  if (colon) return { start: offset, end: offset, text: `: ${value}` };
  // A single space that is there already and ends the line serves as the separator.
  const rest = text.slice(offset, lineEnd(text, offset));
  const at = /^ +$/.test(rest) ? offset + 1 : offset;
  return { start: at, end: at, text: at === offset ? ` ${value}` : value };
}

/** Where the value of a holder without one belongs: after the `:` or `-`, the anchor and the tag. */
export function absentSpot(text: string, holder: Holder, name: string): { offset: number; colon: boolean } {
  const tokens = holder.kind === "pair" ? tokensOf(holder.pair) : itemOf(holder).start;
  const mark = tokens.findIndex(({ type }) => type === "map-value-ind" || type === "seq-item-ind");
  if (mark !== -1) {
    const last = tokens.findLast(({ type }, at) => at === mark || (at > mark && (type === "anchor" || type === "tag")));
    if (last !== undefined) return { offset: last.offset + last.source.length, colon: false };
  }
  const key = holder.kind === "pair" && isScalar(holder.pair.key) ? holder.pair.key : undefined;
  const source = holder.kind === "pair" ? holder.pair.srcToken : undefined;
  const explicit = source?.start.some(({ type }) => type === "explicit-key-ind") ?? false;
  if (key?.range == null || explicit) {
    return refuse("edit/no-key", `${name} is a key without a value.`, {
      line: lineAt(text, key?.range?.[0] ?? 0),
      fix: "Write it as 'key: value'.",
    });
  }
  return { offset: key.range[1], colon: true };
}

function tokensOf(pair: Pair): CST.SourceToken[] {
  return pair.srcToken?.sep ?? [];
}

function itemOf({ seq, index }: Extract<Holder, { kind: "slot" }>): CST.CollectionItem {
  const token = seq.srcToken;
  const items = token !== undefined && "items" in token ? token.items : [];
  const item = items[index];
  if (item === undefined) throw new Error("A parsed list knows its tokens.");
  return item as CST.CollectionItem;
}
