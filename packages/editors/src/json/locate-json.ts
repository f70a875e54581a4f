import { refuse } from "../refusal.ts";
import { formatPath } from "../selector/format-selector.ts";
import type { Segment } from "../selector/selector.ts";
import { suggestion } from "../text/closest.ts";
import { lineAt } from "../text/source.ts";
import type { JsonArray, JsonNode, JsonObject } from "./parse-json.ts";

export interface JsonFound {
  kind: "found";
  node: JsonNode;
  /** Keys and indices from the root. */
  steps: (string | number)[];
}

export interface JsonMissing {
  kind: "missing";
  into: JsonObject | JsonArray;
  steps: (string | number)[];
  rest: [Segment, ...Segment[]];
  message: string;
  line: number;
  fix: string;
}

/** Follows a path. Refuses steps into values and items found twice. */
export function locateJson(text: string, root: JsonNode, path: readonly Segment[]): JsonFound | JsonMissing {
  let node = root;
  const steps: (string | number)[] = [];
  for (const [position, segment] of path.entries()) {
    const line = lineAt(text, node.start);
    const here = JSON.stringify(formatPath(path.slice(0, position + 1)));
    const missing = (into: JsonObject | JsonArray, wanted: string, known: string[]): JsonMissing => ({
      kind: "missing",
      into,
      steps,
      rest: [segment, ...path.slice(position + 1)],
      message: `${here} is not there.`,
      line,
      fix: `${suggestion(wanted, known)} With 'create: true' it is made.`,
    });
    const misfit = (what: string): never =>
      refuse("edit/no-key", `${here} is not there: what is above it is ${what}.`, {
        line,
        fix: "Correct the selector, or change by hand what stands there.",
      });
    if (node.kind === "object") {
      if (segment.kind !== "key") return misfit("an object, and has no items");
      const member = node.members.find(({ key }) => key === segment.key);
      if (member === undefined)
        return missing(
          node,
          segment.key,
          node.members.map(({ key }) => key),
        );
      steps.push(segment.key);
      node = member.value;
    } else if (node.kind === "array") {
      const index = indexIn(text, node, segment, here) ?? misfit("an array; use [0] or [name=value]");
      const item = node.items[index];
      if (item === undefined) {
        const known =
          segment.kind === "item" ? valuesOf(text, node, segment.key) : node.items.map((_, at) => String(at));
        return missing(node, segment.kind === "item" ? segment.value : String(index), known);
      }
      steps.push(index);
      node = item;
    } else misfit("a single value");
  }
  return { kind: "found", node, steps };
}

/** The index a segment selects, one beyond the end when no item has the value; undefined when it selects in objects. */
function indexIn(text: string, { items }: JsonArray, segment: Segment, here: string): number | undefined {
  if (segment.kind === "index") return segment.index;
  if (segment.kind === "key") return /^(?:0|[1-9]\d{0,8})$/.test(segment.key) ? Number(segment.key) : undefined;
  const matches = [...items.keys()].filter((index) => textOf(text, items[index], segment.key) === segment.value);
  const [first = items.length] = matches;
  if (matches.length > 1) {
    const lines = matches.map((index) => lineAt(text, items[index]?.start ?? 0)).join(", ");
    refuse("edit/ambiguous", `${here} is on the lines ${lines}.`, {
      fix: "Remove all but one, or name it by another key.",
    });
  }
  return first;
}

function valuesOf(text: string, { items }: JsonArray, key: string): string[] {
  return items.map((item) => textOf(text, item, key)).filter((value) => value !== undefined);
}

/** The text of a string, or a number as it is written: as a JavaScript number it may be another. */
function textOf(text: string, item: JsonNode | undefined, key: string): string | undefined {
  const value = item?.kind === "object" ? item.members.find((member) => member.key === key)?.value : undefined;
  if (value === undefined || !("value" in value) || value.value === null) return undefined;
  return typeof value.value === "string" ? value.value : text.slice(value.start, value.end);
}
