import { type Document, isAlias, isMap, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import { refuse } from "../refusal.ts";
import { formatPath } from "../selector/format-selector.ts";
import type { Segment } from "../selector/selector.ts";
import { suggestion } from "../text/closest.ts";
import { lineAt } from "../text/source.ts";
import { mergedKeys } from "./merged-keys.ts";
import { isAbsent, keysOf, keyText, scalarText, startOf, type YamlDocument } from "./stream.ts";

/** What holds a value: the pair of a map, or a slot of a list. */
export type Holder = { kind: "pair"; pair: Pair } | { kind: "slot"; seq: YAMLSeq; index: number };

/** A place where something stands, or nothing yet (`key:`). */
export interface Found {
  kind: "found";
  in: YamlDocument;
  /** The nodes from the root to the one that holds it. */
  trail: Node[];
  holder: Holder;
  node: Node | null;
}

/** The first step that leads nowhere. */
export interface Missing {
  kind: "missing";
  in: YamlDocument;
  trail: Node[];
  /** Where it would have to be put: a map, a list, a holder without a value, or an empty document. */
  into: YAMLMap | YAMLSeq | Holder | "document";
  rest: [Segment, ...Segment[]];
  message: string;
  line: number;
  fix: string;
}

export interface WalkOptions {
  /** Reading may go through an alias; an edit there would change the anchor and all its other uses. */
  followAliases?: boolean;
}

/** Follows a path in one document. Refuses what can neither be read nor made: a step into a value, an alias, … */
export function walk(
  text: string,
  within: YamlDocument,
  path: readonly Segment[],
  options: WalkOptions = {},
): Found | Missing {
  const { document } = within;
  const trail: Node[] = [];
  let node: Node | null = document.contents;
  let holder: Holder | undefined;
  for (const [position, segment] of path.entries()) {
    const rest: [Segment, ...Segment[]] = [segment, ...path.slice(position + 1)];
    const line = lineAt(text, startOf(node) ?? startOf(trail.at(-1)) ?? 0);
    const where = position === 0 ? "the document" : JSON.stringify(formatPath(path.slice(0, position)));
    if (isAbsent(node)) {
      const message = `${JSON.stringify(formatPath(path))} is not there: ${where} is empty.`;
      return { kind: "missing", in: within, trail, into: holder ?? "document", rest, message, line, fix: createFix };
    }
    if (isAlias(node)) {
      if (options.followAliases !== true) {
        refuse("edit/alias", `${where} is an alias (*${node.source}): a change there would change the anchor.`, {
          line,
          fix: aliasFix,
        });
      }
      node = node.resolve(document) ?? null;
    }
    if (node === null) break;
    trail.push(node);
    const missing = (into: YAMLMap | YAMLSeq, message: string, fix: string): Missing => ({
      kind: "missing",
      in: within,
      trail,
      into,
      rest,
      message,
      line,
      fix,
    });
    const step: Step | string = stepInto(document, node, segment);
    if (typeof step === "string") {
      refuse(
        "edit/no-key",
        `${JSON.stringify(formatPath(path))} is not there: ${where} is ${describe(node)}, and ${step}.`,
        { line },
      );
    }
    if (step.matches.length > 1) {
      const lines = step.matches.map((match) => lineAt(text, match.offset)).join(", ");
      const code = segment.kind === "item" ? "edit/ambiguous" : "edit/duplicate-key";
      refuse(code, `${JSON.stringify(formatPath(path.slice(0, position + 1)))} is on the lines ${lines}.`, {
        line,
        fix: "Remove all but one, or name it by another key.",
      });
    }
    const [match] = step.matches;
    if (match === undefined) {
      const merged = isMap(node) && segment.kind === "key" && mergedKeys(document, node).has(segment.key);
      const why = merged ? ' It comes only through the merge key "<<".' : "";
      const what = `${JSON.stringify(formatPath(path.slice(0, position + 1)))} is not there.${why}`;
      return missing(step.into, what, `${suggestion(step.wanted, step.known)} ${createFix}`);
    }
    holder = match.holder;
    node = match.node;
  }
  if (holder === undefined) throw new Error("A path has at least one step.");
  return { kind: "found", in: within, trail, holder, node };
}

const createFix = "With 'create: true' it is made.";
const aliasFix = "Write a value of its own there, or select the place of the anchor.";

interface Step {
  into: YAMLMap | YAMLSeq;
  matches: { holder: Holder; node: Node | null; offset: number }[];
  wanted: string;
  known: string[];
}

/** What a step matches in a node; a text when the node is of another kind. */
function stepInto(document: Document.Parsed, node: Node, segment: Segment): Step | string {
  if (isMap(node)) {
    if (segment.kind !== "key") return `${formatPath([segment])} selects in a list`;
    const matches = node.items
      .filter((pair) => keyText(pair.key) === segment.key)
      .map((pair) => ({
        holder: { kind: "pair" as const, pair },
        node: pair.value as Node | null,
        offset: startOf(pair.key) ?? 0,
      }));
    return { into: node, matches, wanted: segment.key, known: keysOf(node.items) };
  }
  if (!isSeq(node)) return "has nothing inside";
  const slots = node.items.map((item, index) => ({
    holder: { kind: "slot" as const, seq: node, index },
    node: item as Node | null,
    offset: startOf(item) ?? 0,
  }));
  if (segment.kind === "item") {
    const textOfKey = (slot: unknown): string | undefined => {
      const item = isAlias(slot) ? slot.resolve(document) : slot;
      const pair = isMap(item) ? item.items.find((candidate) => keyText(candidate.key) === segment.key) : undefined;
      return scalarText(pair?.value);
    };
    const known = slots.map((slot) => textOfKey(slot.node)).filter((value) => value !== undefined);
    return {
      into: node,
      matches: slots.filter((slot) => textOfKey(slot.node) === segment.value),
      wanted: segment.value,
      known,
    };
  }
  if (segment.kind === "key" && !/^(?:0|[1-9]\d{0,8})$/.test(segment.key)) {
    return `${JSON.stringify(segment.key)} is no index; use [0] or [name=value]`;
  }
  const index = segment.kind === "key" ? Number(segment.key) : segment.index;
  const known = slots.map((_, at) => String(at));
  return { into: node, matches: slots.slice(index, index + 1), wanted: String(index), known };
}

export function describe(node: Node | null): string {
  if (isMap(node)) return "a map";
  if (isSeq(node)) return "a list";
  if (isAlias(node)) return `an alias (*${node.source})`;
  return "a single value";
}
