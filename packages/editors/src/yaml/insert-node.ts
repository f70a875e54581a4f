import { type Document, isCollection, isMap, isScalar, type YAMLMap, type YAMLSeq } from "yaml";
import { refuse } from "../refusal.ts";
import { eolAt, lineAt, lineEnd } from "../text/source.ts";
import type { Splice } from "../text/splice.ts";
import { contentEnd } from "./content-end.ts";
import { columnOf, layoutOf } from "./layout.ts";
import type { Gap } from "./locate.ts";
import { blockEntries, blockItem, flowEntry, flowNode, type Layout, type NewMap, type NewNode } from "./new-node.ts";
import { absentSpot, checkAnchors } from "./set-value.ts";
import type { Stream } from "./stream.ts";

/**
 * The splice that makes what is missing: as the last entry of its map or list, directly after the content of the one
 * before (comments and blank lines at the end stay at the end), with the file's indentation and line breaks.
 */
export function insertNode(stream: Stream, gap: Gap, node: Exclude<NewNode, string>, name: string): Splice {
  const { text } = stream;
  checkAnchors(text, gap.trail, gap.in.aliased, name);
  const layout = layoutOf(stream);
  if (gap.into === "document") return intoDocument(stream, gap.in.document, node, layout);
  if ("kind" in gap.into) {
    if (gap.into.kind === "slot") {
      refuse("edit/no-key", `${name} is not there: the list item is empty.`, {
        line: gap.line,
        fix: "Write the item's first key by hand.",
      });
    }
    const empty = gap.into.pair.value;
    if (isScalar(empty) && empty.tag !== undefined) {
      refuse("edit/tag", `${name} is not there: the value above it is empty and has the tag ${empty.tag}.`, {
        line: gap.line,
        fix: "Remove the tag, or write the key by hand.",
      });
    }
    checkAnchors(text, [empty], gap.in.aliased, name);
    const { offset, colon } = absentSpot(text, gap.into, name);
    const inFlow = gap.trail.some((parent) => isCollection(parent) && parent.flow === true);
    if (inFlow) return insertAt(offset, `${colon ? ":" : ""} ${flowNode(node, false)}`);
    const parent = gap.trail.at(-1);
    const column = columnOf(text, parent) + (node.kind === "map" ? layout.step : layout.listOffset);
    return insertLines(text, offset, linesOf(node, layout), column);
  }
  return gap.into.flow === true ? intoFlow(text, gap.into, node) : intoBlock(text, gap.into, node, layout);
}

function linesOf(node: Exclude<NewNode, string>, layout: Layout): string[] {
  return node.kind === "map"
    ? blockEntries(node.entries, layout)
    : node.items.flatMap((item) => blockItem(item, layout));
}

function intoBlock(text: string, into: YAMLMap | YAMLSeq, node: Exclude<NewNode, string>, layout: Layout): Splice {
  const end = contentEnd(text, into);
  checkLastLine(text, into, end);
  return insertLines(text, end, linesOf(node, layout), columnOf(text, into));
}

/** New lines after the line of `offset`, before its line break: a file without a last one stays so. */
function insertLines(text: string, offset: number, lines: readonly string[], column: number): Splice {
  const eol = eolAt(text, offset);
  return insertAt(lineEnd(text, offset), lines.map((line) => eol + " ".repeat(column) + line).join(""));
}

// Parsers disagree whether a clipped block scalar without a last line break ends in one; a new line would add it.
function checkLastLine(text: string, into: YAMLMap | YAMLSeq, end: number): void {
  let last: unknown = into;
  while (isCollection(last)) {
    const item: unknown = last.items.at(-1);
    last = isMap(last) ? last.items.at(-1)?.value : item;
  }
  const clipped = isScalar(last) && last.srcToken?.type === "block-scalar" && /\n$/.test(String(last.value));
  if (clipped && lineEnd(text, end) === text.length) {
    refuse("edit/proof", "The file ends inside a block scalar, without a line break.", {
      line: lineAt(text, end),
      fix: "End the file with a line break.",
    });
  }
}

function intoFlow(text: string, into: YAMLMap | YAMLSeq, node: Exclude<NewNode, string>): Splice {
  const [start = 0] = into.range ?? [];
  const first: unknown = into.items[0];
  const key = isMap(into) ? into.items[0]?.key : undefined;
  const quoted = isScalar(key) && key.type === "QUOTE_DOUBLE";
  const added =
    node.kind === "map"
      ? node.entries.map((entry) => flowEntry(entry, quoted)).join(", ")
      : node.items.map((item) => flowNode(item, quoted)).join(", ");
  if (first === undefined) {
    const padded = /^ +[\]}]/.test(text.slice(start + 1, start + 80));
    return insertAt(start + 1, padded ? ` ${added}` : added);
  }
  const end = contentEnd(text, into.items.at(-1));
  const [firstStart = 0] =
    (isMap(into) ? (key as { range?: number[] } | undefined)?.range : (first as { range?: number[] }).range) ?? [];
  const ownLines = text.slice(start, firstStart).includes("\n");
  const indent = ownLines
    ? eolAt(text, start) + " ".repeat(firstStart - text.lastIndexOf("\n", firstStart - 1) - 1)
    : " ";
  // A comment stays on the line of what it is about.
  const [behind, comma] = /^[ \t]*(,)?[ \t]+#.*$/.exec(text.slice(end, lineEnd(text, end))) ?? [];
  if (!ownLines || behind === undefined) return insertAt(end, `,${indent}${added}`);
  const written = comma === undefined ? `,${behind}${indent}${added}` : `${behind}${indent}${added},`;
  return { start: end, end: end + behind.length, text: written };
}

function intoDocument(
  stream: Stream,
  document: Document.Parsed,
  node: Exclude<NewNode, string>,
  layout: Layout,
): Splice {
  const { text } = stream;
  if (
    stream.documents.length > 1 ||
    /^\.\.\./m.test(text) ||
    document.contents?.tag !== undefined ||
    (isScalar(document.contents) && document.contents.anchor !== undefined)
  ) {
    refuse("edit/no-key", "It is not clear where to begin the content of this file.", {
      fix: "Write its first key by hand.",
    });
  }
  const eol = eolAt(text, 0);
  const ended = text === "" || text.endsWith("\n");
  return insertAt(text.length, `${ended ? "" : eol}${linesOf(node, layout).join(eol)}${ended ? eol : ""}`);
}

function insertAt(offset: number, text: string): Splice {
  return { start: offset, end: offset, text };
}

/** A whole new file. */
export function newFile(node: NewMap): string {
  return blockEntries(node.entries, { step: 2, listOffset: 2 })
    .map((line) => `${line}\n`)
    .join("");
}
