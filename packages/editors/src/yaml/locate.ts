import { type Alias, type Document, isAlias, isMap, isSeq, type Node, type YAMLMap, type YAMLSeq } from "yaml";
import { refuse } from "../refusal.ts";
import { formatPath } from "../selector/format-selector.ts";
import type { Segment } from "../selector/selector.ts";
import { suggestion } from "../text/closest.ts";
import { lineAt } from "../text/source.ts";
import { mergedPairs } from "./merged-keys.ts";
import { type Holder, stepInto } from "./step-into.ts";
import { isAbsent, startOf, type YamlDocument } from "./stream.ts";

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
  /** The map has the key all the same, by a merge key `<<`. */
  merged: boolean;
  message: string;
  line: number;
  fix: string;
}

/** What must be known of a missing place to make something there. */
export type Gap = Pick<Missing, "in" | "trail" | "into" | "line">;

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
    const line = lineAt(text, startOf(node) ?? startOf(trail.at(-1)) ?? 0);
    const where = position === 0 ? "the document" : JSON.stringify(formatPath(path.slice(0, position)));
    const here = JSON.stringify(formatPath(path.slice(0, position + 1)));
    const rest: Missing["rest"] = [segment, ...path.slice(position + 1)];
    const missing = { kind: "missing", in: within, trail, rest, line } as const;
    if (isAbsent(node)) {
      const message = `${here} is not there: ${where} is empty.`;
      return { ...missing, into: holder ?? "document", merged: false, message, fix: createFix };
    }
    if (isAlias(node)) node = throughAlias(document, node, where, line, options);
    if (node === null) throw new Error("What is not absent is a node.");
    trail.push(node);
    const step = stepInto(document, node, segment);
    if (typeof step === "string") {
      return refuse("edit/no-key", `${here} is not there: ${where} is ${describe(node)}, and ${step}.`, {
        line,
        fix: "Correct the selector, or change by hand what stands there.",
      });
    }
    const [match, second] = step.matches;
    if (match === undefined) {
      const merged = isMap(node) && segment.kind === "key" && mergedPairs(document, node).has(segment.key);
      const message = `${here} is not there.${merged ? ' It comes only through the merge key "<<".' : ""}`;
      const fix = `${suggestion(step.wanted, step.known)} ${createFix}`;
      return { ...missing, into: step.into, merged, message, fix };
    }
    if (second !== undefined) {
      const lines = step.matches.map(({ offset }) => lineAt(text, offset)).join(", ");
      refuse(segment.kind === "item" ? "edit/ambiguous" : "edit/duplicate-key", `${here} is on the lines ${lines}.`, {
        line,
        fix: "Remove all but one, or name it by another key.",
      });
    }
    ({ holder, node } = match);
  }
  if (holder === undefined) throw new Error("A path has at least one step.");
  return { kind: "found", in: within, trail, holder, node };
}

/** What an alias stands for, where it is only read. */
function throughAlias(
  document: Document.Parsed,
  alias: Alias,
  where: string,
  line: number,
  options: WalkOptions,
): Node {
  const target = options.followAliases === true ? alias.resolve(document) : undefined;
  if (target !== undefined) return target;
  return refuse("edit/alias", `${where} is an alias (*${alias.source}): a change there would change the anchor.`, {
    line,
    fix: aliasFix,
  });
}

const createFix = "With 'create: true' it is made.";
const aliasFix = "Write a value of its own there, or select the place of the anchor.";

export function describe(node: Node | null): string {
  if (isMap(node)) return "a map";
  if (isSeq(node)) return "a list";
  if (isAlias(node)) return `an alias (*${node.source})`;
  return "a single value";
}
