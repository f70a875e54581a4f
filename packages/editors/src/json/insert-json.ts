import { eolAt, lineStart } from "../text/source.ts";
import type { Splice } from "../text/splice.ts";
import type { NewNode } from "../yaml/new-node.ts";
import type { JsonArray, JsonNode, JsonObject } from "./parse-json.ts";

/** How a file is laid out, as its first members show it. */
interface Layout {
  /** One level; undefined when the new node goes on one line. */
  indent: string | undefined;
  eol: string;
  colon: string;
  comma: string;
}

/** The splice that adds what is new as the last entries of an object or array, laid out like those before. */
export function insertJson(
  text: string,
  root: JsonNode,
  into: JsonObject | JsonArray,
  node: Exclude<NewNode, string>,
): Splice {
  const starts =
    into.kind === "object" ? into.members.map(({ keyStart }) => keyStart) : into.items.map(({ start }) => start);
  const last = into.kind === "object" ? into.members.at(-1)?.value.end : into.items.at(-1)?.end;
  const lastStart = starts.at(-1);
  const layout = layoutOf(text, root);
  if (last === undefined || lastStart === undefined) {
    const base = indentAt(text, into.start);
    const inner = layout.indent === undefined ? undefined : base + layout.indent;
    const entries = entriesOf(node, layout, inner);
    const written =
      inner === undefined
        ? entries.join(layout.comma)
        : entries.map((entry) => layout.eol + inner + entry).join(",") + layout.eol + base;
    return { start: into.start + 1, end: into.end - 1, text: written };
  }
  const line = lineStart(text, lastStart);
  const ownLine = /^[ \t]*$/.test(text.slice(line, lastStart)) && line > into.start;
  const indent = ownLine ? text.slice(line, lastStart) : undefined;
  const entries = entriesOf(node, ownLine ? layout : { ...layout, indent: undefined }, indent);
  const separator = indent === undefined ? layout.comma : `,${layout.eol}${indent}`;
  return { start: last, end: last, text: entries.map((entry) => separator + entry).join("") };
}

/** A whole new file, two spaces a level. */
export function newJsonFile(node: NewNode): string {
  return `${writeNode(node, { indent: "  ", eol: "\n", colon: ": ", comma: ", " }, "")}\n`;
}

function entriesOf(node: Exclude<NewNode, string>, layout: Layout, indent: string | undefined): string[] {
  return node.kind === "list"
    ? node.items.map((item) => writeNode(item, layout, indent))
    : node.entries.map(([key, value]) => JSON.stringify(key) + layout.colon + writeNode(value, layout, indent));
}

function writeNode(node: NewNode, layout: Layout, indent: string | undefined): string {
  if (typeof node === "string") return JSON.stringify(node);
  const [open, close] = node.kind === "list" ? "[]" : "{}";
  if (layout.indent === undefined || indent === undefined)
    return open + entriesOf(node, layout, undefined).join(layout.comma) + close;
  const inner = indent + layout.indent;
  const lines = entriesOf(node, layout, inner).map((entry) => layout.eol + inner + entry);
  return open + lines.join(",") + layout.eol + indent + close;
}

function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? "";
}

function layoutOf(text: string, root: JsonNode): Layout {
  const eol = eolAt(text, 0);
  const first = root.kind === "object" ? root.members[0] : undefined;
  const start = root.kind === "array" ? root.items[0]?.start : first?.keyStart;
  const before = start === undefined ? "" : text.slice(root.start + 1, start);
  const outer = indentAt(text, root.start);
  const own = /\n([ \t]*)$/.exec(before)?.[1];
  const colon = first === undefined ? ": " : text.slice(first.keyEnd, first.value.start);
  const tight = first !== undefined && !/\s/.test(colon) && own === undefined;
  return {
    indent: own === undefined ? undefined : own.slice(outer.length),
    eol,
    colon: /^\s*:[ \t]*$/.test(colon) ? colon : ": ",
    comma: tight ? "," : ", ",
  };
}
