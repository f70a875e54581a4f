import { isMap, type Pair, type YAMLMap } from "yaml";
import { refuse } from "../refusal.ts";
import { formatSelector } from "../selector/format-selector.ts";
import type { Selector } from "../selector/selector.ts";
import { lineAt } from "../text/source.ts";
import type { Splice } from "../text/splice.ts";
import { locate } from "../yaml/choose-document.ts";
import { change, refuseMissing } from "../yaml/edit-yaml.ts";
import { insertNode } from "../yaml/insert-node.ts";
import { describe, type Found, type Gap } from "../yaml/locate.ts";
import { fieldText } from "../yaml/merged-keys.ts";
import type { NewMap, NewNode } from "../yaml/new-node.ts";
import { expectNothing, expectValue } from "../yaml/prove.ts";
import { removePair, swapPair } from "../yaml/remove-pair.ts";
import { checkAnchors, checkEditable, holds, setValue } from "../yaml/set-value.ts";
import { isAbsent, keyText, type Stream, startOf } from "../yaml/stream.ts";
import type { ImageReference } from "./image-reference.ts";

/** Where an image's entry is: `images[name=…]`. */
export function entrySelector(name: string): Selector {
  return {
    path: [
      { kind: "key", key: "images" },
      { kind: "item", key: "name", value: name },
    ],
  };
}

// All fields are strings to Kustomize: a number, even one that was there, would be an error.
const rules = { keepType: false };

/**
 * Makes the entry of `name` mean `image`, in as many proven steps as it takes: values that stand there are set;
 * `newTag` gives its place to `digest` or the other way round; what is left of the other is removed; what is missing
 * is added. Throws a Refusal.
 */
export function editImages(stream: Stream, name: string, image: ImageReference, create: boolean): Stream {
  checkOneDocument(stream);
  const place = locate(stream, entrySelector(name));
  if (place.kind === "missing") {
    if (!create) refuseMissing(place);
    const [first] = place.rest;
    const item: NewMap = { kind: "map", entries: [["name", name], ...fields(name, image)] };
    const list: NewNode = { kind: "list", items: [item] };
    const node: NewNode = first.kind === "item" ? list : { kind: "map", entries: [["images", list]] };
    const into = place.into === "document" ? place.in.document : "kind" in place.into ? pairOf(place.into) : place.into;
    const expected = expectNothing();
    expected.adds.set(into, node);
    return change(stream, [insertNode(stream, place, node, quote(name))], expected);
  }
  const edited = [setFields, removeOther, addFields].reduce((now, step) => step(now, name, image), stream);
  checkMeaning(edited, name, image);
  return edited;
}

/** An entry may have fields through a merge key, which are not its own to change. */
function checkMeaning(stream: Stream, name: string, image: ImageReference): void {
  const now = readImage(stream, entrySelector(name));
  const tag = image.digest === undefined ? image.tag : undefined;
  if (now?.name === image.name && now.tag === tag && now.digest === image.digest) return;
  refuse("edit/selector", `${quote(name)} has a field through a merge key "<<" and would mean another image.`, {
    line: lineAt(stream.text, startOf(entryOf(stream, name).map) ?? 0),
    fix: "Write newName, newTag and digest in the entry itself.",
  });
}

/** The fields an entry has to have, beside its name. */
function fields(name: string, image: ImageReference): [string, string][] {
  const newName: [string, string][] = image.name === name ? [] : [["newName", image.name]];
  const version: [string, string] = image.digest === undefined ? ["newTag", image.tag ?? ""] : ["digest", image.digest];
  return [...newName, version];
}

const otherOf = (image: ImageReference): string => (image.digest === undefined ? "digest" : "newTag");

function setFields(stream: Stream, name: string, image: ImageReference): Stream {
  const entry = entryOf(stream, name);
  const expected = expectNothing();
  const splices: Splice[] = [];
  const set = (pair: Pair, value: string): void => {
    const place: Found = {
      ...entry.place,
      trail: [...entry.place.trail, entry.map],
      holder: { kind: "pair", pair },
      node: pair.value as Found["node"],
    };
    const splice = setValue(stream.text, place, value, rules, `${keyText(pair.key)} of ${quote(name)}`);
    if (splice === undefined) return;
    splices.push(splice);
    expectValue(expected, place.holder, (now) => holds(now, value, rules));
  };
  const newName = entry.pair("newName");
  if (newName !== undefined) set(newName, image.name);
  const [key, value] = fields(name, image).at(-1) ?? ["", ""];
  const other = entry.pair(otherOf(image));
  const main = entry.pair(key);
  if (main !== undefined) set(main, value);
  else if (other !== undefined) {
    checkSimple(stream, entry, other, name);
    splices.push(swapPair(stream.text, entry.map, other, key, value));
    expected.swaps.set(other, { key, value });
  }
  return change(stream, splices, expected);
}

function removeOther(stream: Stream, name: string, image: ImageReference): Stream {
  const entry = entryOf(stream, name);
  const other = entry.pair(otherOf(image));
  if (other === undefined) return stream;
  checkSimple(stream, entry, other, name);
  const expected = expectNothing();
  expected.swaps.set(other, "gone");
  return change(stream, [removePair(stream.text, entry.map, other)], expected);
}

function addFields(stream: Stream, name: string, image: ImageReference): Stream {
  const entry = entryOf(stream, name);
  const entries = fields(name, image).filter(([key]) => entry.pair(key) === undefined);
  if (entries.length === 0) return stream;
  const { in: within, trail } = entry.place;
  const node: NewMap = { kind: "map", entries };
  const expected = expectNothing();
  expected.adds.set(entry.map, node);
  const gap: Gap = { in: within, trail: [...trail, entry.map], into: entry.map, line: 0 };
  return change(stream, [insertNode(stream, gap, node, quote(name))], expected);
}

interface Entry {
  place: Found;
  map: YAMLMap;
  pair(key: string): Pair | undefined;
}

function entryOf(stream: Stream, name: string): Entry {
  const place = locate(stream, entrySelector(name));
  if (place.kind === "missing") return refuseMissing(place);
  const map = place.node;
  if (!isMap(map))
    return refuse("edit/alias", `${quote(name)} is ${describe(map)}.`, {
      line: lineAt(stream.text, startOf(map) ?? 0),
    });
  checkAnchors(stream.text, [...place.trail, map], place.in.aliased, quote(name));
  return { place, map, pair: (key) => map.items.find((pair) => keyText(pair.key) === key) };
}

/** What is to go must be a plain value that nothing else uses. */
function checkSimple(stream: Stream, entry: Entry, pair: Pair, name: string): void {
  const place: Found = { ...entry.place, holder: { kind: "pair", pair }, node: pair.value as Found["node"] };
  checkEditable(stream.text, place, `${keyText(pair.key)} of ${quote(name)}`);
}

function checkOneDocument(stream: Stream): void {
  const filled = stream.documents.filter(({ document }) => !isAbsent(document.contents));
  if (filled.length <= 1) return;
  refuse("edit/ambiguous", "The file has several documents; a kustomization has one.", {
    line: lineAt(stream.text, startOf(filled[1]?.document.contents) ?? 0),
    fix: "Keep one document.",
  });
}

/** What the entry of `name` means as an image reference; undefined when there is none. */
export function readImage(stream: Stream, selector: Selector): ImageReference | undefined {
  const place = locate(stream, selector, { followAliases: true });
  if (place.kind === "missing" || !isMap(place.node)) return undefined;
  const { node, in: within } = place;
  const field = (key: string): string | undefined => {
    const text = fieldText(within.document, node, key);
    return text === "" ? undefined : text;
  };
  const [name, tag, digest] = [field("newName") ?? field("name"), field("newTag"), field("digest")];
  if (name === undefined) return undefined;
  return { name, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

function pairOf(holder: { kind: "pair"; pair: Pair } | { kind: "slot" }): Pair {
  return holder.kind === "pair"
    ? holder.pair
    : refuse("edit/no-key", "The list of images has an empty item.", { fix: "Remove it." });
}

function quote(name: string): string {
  return JSON.stringify(formatSelector(entrySelector(name)));
}
