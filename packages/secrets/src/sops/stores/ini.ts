import type { PlainValue } from "../plain-value.ts";
import { Refusal } from "../refusals.ts";
import type { Branch, Comment } from "../tree.ts";

type Items = Branch<PlainValue>["items"][number][];

/** The section of what stands before the first one. */
const beforeAll = "DEFAULT";

/**
 * Reads an INI file as SOPS writes one (`ini.v1` of Go): sections of keys, all values text, in quotes where they hold what
 * would mean something else. A key that occurs twice keeps its place and has the later value. What SOPS would read and never
 * writes, such as a line that goes on in the next, is refused.
 * @throws Refusal
 */
export function readIni(text: string): Branch<PlainValue> {
  const sections = new Map<string, Items>([[beforeAll, []]]);
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  let items: Items = sections.get(beforeAll) ?? [];
  const places = new Map<Items, Map<string, number>>([[items, new Map()]]);
  let comments: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = (lines[at] ?? "").trim();
    if (line === "") continue;
    if (line.startsWith("#") || line.startsWith(";")) comments.push(line);
    else if (line.startsWith("[")) {
      const name = /^\[(.+)\]/.exec(line)?.[1];
      if (name === undefined) throw new Refusal("the name of a section in it does not end");
      if (sections.has(name) && name !== beforeAll) throw new Refusal(`the section ${name} is there twice`);
      items = sections.get(name) ?? [];
      sections.set(name, items);
      if (!places.has(items)) places.set(items, new Map());
      if (comments.length > 0) items.push(commentOf(comments));
      comments = [];
    } else {
      const { key, value, comment, next } = readKey(lines, at);
      at = next;
      set(items, places.get(items) ?? new Map(), key, value);
      if (comment !== undefined) comments.push(comment);
      if (comments.length > 0) items.push(commentOf(comments));
      comments = [];
    }
  }
  return {
    kind: "map",
    items: [...sections].map(([key, inner]) => ({ kind: "item", key, node: { kind: "map", items: inner } })),
  };
}

/** @param at where each key of the section stands */
function set(items: Items, at: Map<string, number>, key: string, value: string): void {
  const place = at.get(key) ?? items.length;
  items[place] = { kind: "item", key, node: { kind: "value", value: { type: "str", value } } };
  at.set(key, place);
}

/** SOPS takes the sign and the blanks of the first line away, and leaves those of the others. */
function commentOf(lines: readonly string[]): Comment {
  const all = lines.join("\n");
  return { kind: "comment", text: all.startsWith(";") ? all.replace(/^[; ]+/, "") : all.replace(/^[# ]+/, "") };
}

/** A key, its value, a comment behind it, and the line on which that ends. */
interface Found {
  key: string;
  value: string;
  comment?: string;
  next: number;
}

function readKey(lines: readonly string[], at: number): Found {
  const line = (lines[at] ?? "").trimStart();
  const [whole, , quotedKey, bareKey] = /^(?:("""|"|`)(.*?)\1[^=:]*|([^=:]+))[=:]/.exec(line) ?? [];
  if (whole === undefined) throw new Refusal("a line of it is no key with a value");
  const key = (quotedKey ?? bareKey ?? "").trim();
  // It would be a number that nobody has written.
  if (key === "-" || key === "") throw new Refusal("a key of it has no name");
  const rest = line.slice(whole.length).trimStart();
  const quote = ['"""', "`"].find((one) => rest.startsWith(one));
  if (quote !== undefined) return { key, ...quoted(lines, at, rest.slice(quote.length), quote) };
  if (rest.trimEnd().endsWith("\\")) throw new Refusal("a line of it goes on in the next");
  const sign = rest.search(/[#;]/);
  const bare = (sign < 0 ? rest : rest.slice(0, sign)).trim();
  const [, , inQuotes] = /^(["'])((?:(?!\1).)*)\1$/.exec(bare) ?? [];
  return { key, value: inQuotes ?? bare, ...(sign < 0 ? {} : { comment: rest.slice(sign) }), next: at };
}

function quoted(lines: readonly string[], at: number, first: string, quote: string): Omit<Found, "key"> {
  const end = first.lastIndexOf(quote);
  if (end >= 0) return { value: first.slice(0, end), next: at };
  let value = first;
  for (let next = at + 1; next < lines.length; next++) {
    const line = lines[next] ?? "";
    const close = line.lastIndexOf(quote);
    if (close >= 0) return { value: `${value}\n${line.slice(0, close)}`, next };
    value += `\n${line}`;
  }
  throw new Refusal("quotes in it do not end");
}
