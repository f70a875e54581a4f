import { isScalar, type Pair, type YAMLMap } from "yaml";
import { refuse } from "../refusal.ts";
import { lineAt, lineEnd, lineStart } from "../text/source.ts";
import type { Splice } from "../text/splice.ts";
import { contentEnd } from "./content-end.ts";
import { keyText, startOf } from "./stream.ts";
import { type Quotes, writeKey, writeScalar } from "./write-scalar.ts";

/**
 * The splice that takes a `key: value` on one line out of a map; a comment at the end of its line goes with it, all
 * others stay. Refuses with `edit/ambiguous` what cannot be told apart from its neighbours.
 */
export function removePair(text: string, map: YAMLMap, pair: Pair): Splice {
  const { start, end } = extent(text, pair);
  const at = map.items.indexOf(pair);
  const next = map.items[at + 1];
  if (map.flow === true) {
    const previous = map.items[at - 1];
    const from = previous === undefined ? start : contentEnd(text, previous);
    const to = previous === undefined && next !== undefined ? extentStart(text, next) : end;
    const between = previous === undefined ? text.slice(end, to) : text.slice(from, start);
    if (!/^\s*,\s*$/.test(between)) refuseAmbiguous(text, pair);
    return { start: from, end: to, text: "" };
  }
  const line = lineStart(text, start);
  if (/^ *$/.test(text.slice(line, start))) {
    const after = text.indexOf("\n", end);
    if (after !== -1) return { start: line, end: after + 1, text: "" };
    return {
      start: line === 0 ? 0 : lineEnd(text, line - (text[line - 2] === "\r" ? 2 : 1)),
      end: text.length,
      text: "",
    };
  }
  // It shares its line with the dash of its list item: the next key takes its place.
  const nextStart = next === undefined ? refuseAmbiguous(text, pair) : extentStart(text, next);
  if (text.slice(lineEnd(text, end), nextStart).trim() !== "") refuseAmbiguous(text, pair);
  return { start, end: nextStart, text: "" };
}

/** The splice that puts another `key: value` in the place of one, quoted alike; the comment behind the old one stays. */
export function swapPair(text: string, map: YAMLMap, pair: Pair, key: string, value: string): Splice {
  const { start, end } = extent(text, pair);
  const inFlow = map.flow === true;
  const style = isScalar(pair.value) ? pair.value.type : undefined;
  const prefer: Quotes = style === "QUOTE_SINGLE" ? "single" : style === "QUOTE_DOUBLE" ? "double" : "plain";
  const quoted = isScalar(pair.key) && pair.key.type === "QUOTE_DOUBLE";
  const written = `${writeKey(key, inFlow, quoted)}: ${writeScalar(value, { inFlow, prefer })}`;
  return { start, end, text: written };
}

/** From the key to the end of the value; both plain or quoted on one line. */
function extent(text: string, pair: Pair): { start: number; end: number } {
  const start = extentStart(text, pair);
  // Where nothing stands before a comment, the parser puts the nothing behind the white space.
  const end = text.slice(0, contentEnd(text, pair)).trimEnd().length;
  const simple = pair.value === null || (isScalar(pair.value) && !(pair.value.type ?? "").startsWith("BLOCK"));
  if (!simple || text.slice(start, end).includes("\n")) refuseAmbiguous(text, pair);
  return { start, end };
}

function extentStart(text: string, pair: Pair): number {
  const extra = pair.srcToken?.start.some(({ type }) => ["explicit-key-ind", "anchor", "tag"].includes(type)) ?? true;
  const start = startOf(pair.key);
  return extra || start === undefined ? refuseAmbiguous(text, pair) : start;
}

function refuseAmbiguous(text: string, pair: Pair): never {
  return refuse(
    "edit/ambiguous",
    `It is not clear what belongs to ${JSON.stringify(keyText(pair.key) ?? "a key")} and would go with it.`,
    {
      line: lineAt(text, startOf(pair.key) ?? 0),
      fix: "Write it on a line of its own, as 'key: value'.",
    },
  );
}
