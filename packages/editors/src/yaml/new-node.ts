import { refuse } from "../refusal.ts";
import { formatPath } from "../selector/format-selector.ts";
import { digits } from "../selector/parse-selector.ts";
import type { Segment } from "../selector/selector.ts";
import { checkValue } from "../text/source.ts";
import { writeKey, writeScalar } from "./write-scalar.ts";

/** What is made where nothing was. Keys and values are strings. */
export type NewNode = string | NewMap | NewList;
export interface NewMap {
  kind: "map";
  entries: [key: string, value: NewNode][];
}
export interface NewList {
  kind: "list";
  items: (NewMap | string)[];
}

/** What stands at the end of the steps that are missing in a map or list. Refuses steps that do not say what to make. */
export function newNode(rest: readonly Segment[], value: string, inList = false): NewNode {
  const [segment, ...deeper] = rest;
  if (segment === undefined) return value;
  if (segment.kind === "item") {
    checkValue(segment.key);
    checkValue(segment.value);
    const inside = newNode(deeper, value);
    if (typeof inside === "string" || inside.kind !== "map" || inside.entries.some(([key]) => key === segment.key)) {
      return refuse("edit/selector", `${formatPath(rest)} does not name a key of the new list item.`, {
        fix: `Name another key of it, such as ${formatPath([segment])}.value.`,
      });
    }
    return { kind: "list", items: [{ kind: "map", entries: [[segment.key, segment.value], ...inside.entries] }] };
  }
  if (segment.kind === "index" || (digits.test(segment.key) && (inList || !segment.quoted))) {
    return refuse("edit/no-key", `${formatPath([segment])} is not there, and an item is not made by its index.`, {
      fix: 'Name the item by a key, such as [name=web], or add it by hand. A key of digits in a map is quoted: ["1"].',
    });
  }
  checkValue(segment.key);
  return { kind: "map", entries: [[segment.key, newNode(deeper, value)]] };
}

export interface Layout {
  /** Spaces of one level. */
  step: number;
  /** Spaces of a list's dashes beyond the key above it. */
  listOffset: number;
}

/** The lines of new entries of a block map, without indentation of the first level. */
export function blockEntries(entries: NewMap["entries"], layout: Layout): string[] {
  return entries.flatMap(([key, value]) => {
    const name = `${writeKey(key, false, false)}:`;
    if (typeof value === "string") return [`${name} ${writeScalar(value, { inFlow: false, prefer: "plain" })}`];
    if (value.kind === "map") return [name, ...shift(blockEntries(value.entries, layout), layout.step)];
    return [
      name,
      ...shift(
        value.items.flatMap((item) => blockItem(item, layout)),
        layout.listOffset,
      ),
    ];
  });
}

/** The lines of a new item of a block list, from its dash on. */
export function blockItem(item: NewMap | string, layout: Layout): string[] {
  if (typeof item === "string") return [`- ${writeScalar(item, { inFlow: false, prefer: "plain" })}`];
  return blockEntries(item.entries, layout).map((line, at) => (at === 0 ? `- ${line}` : `  ${line}`));
}

/** A new node in flow style, on one line. `quoted`: keys and values as in JSON. */
export function flowNode(node: NewNode, quoted: boolean): string {
  if (typeof node === "string") return writeScalar(node, { inFlow: true, prefer: quoted ? "double" : "plain" });
  if (node.kind === "list") return `[${node.items.map((item) => flowNode(item, quoted)).join(", ")}]`;
  return `{${node.entries.map((entry) => flowEntry(entry, quoted)).join(", ")}}`;
}

export function flowEntry([key, value]: NewMap["entries"][number], quoted: boolean): string {
  return `${writeKey(key, true, quoted)}: ${flowNode(value, quoted)}`;
}

function shift(lines: readonly string[], by: number): string[] {
  return lines.map((line) => " ".repeat(by) + line);
}
