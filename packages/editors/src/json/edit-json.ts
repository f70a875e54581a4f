import { isDeepStrictEqual } from "node:util";
import type { Bytes } from "@glu/core";
import type { Assignment } from "../assignment.ts";
import { refuse } from "../refusal.ts";
import type { Selector } from "../selector/selector.ts";
import { decode, encode, lineAt } from "../text/source.ts";
import { applySplices, type Splice } from "../text/splice.ts";
import { type NewNode, newNode } from "../yaml/new-node.ts";
import { losslessType } from "../yaml/resolved-type.ts";
import { insertJson, newJsonFile } from "./insert-json.ts";
import { locateJson } from "./locate-json.ts";
import { type JsonNode, parseJson } from "./parse-json.ts";

/** Puts values into a JSON file and proves the result with JSON.parse. Throws a Refusal. */
export function editJson(file: Bytes, assignments: readonly Assignment[], create: boolean): Bytes {
  const source = decode(file);
  let { text } = source;
  let root = parseJson(text);
  const expected: { root: unknown } = { root: JSON.parse(text) };
  const splices: Splice[] = [];
  const taken = new Map<number, string>();
  const missing: Assignment[] = [];
  for (const assignment of assignments) {
    const place = locateJson(text, root, pathOf(assignment));
    if (place.kind === "missing") {
      if (!create) refuse("edit/no-key", place.message, { line: place.line, fix: place.fix });
      missing.push(assignment);
      continue;
    }
    const other = taken.get(place.node.start);
    if (other !== undefined)
      refuse("edit/ambiguous", `${other} and ${assignment.name} are the same place.`, {
        fix: "Remove one of the two.",
      });
    taken.set(place.node.start, assignment.name);
    const written = writeValue(text, place.node, assignment);
    if (written === undefined) continue;
    splices.push({ start: place.node.start, end: place.node.end, text: written });
    putAt(expected, place.steps, JSON.parse(written));
  }
  text = applySplices(text, splices);
  root = parseJson(text);
  for (const assignment of missing) {
    const made = makeOne(text, root, assignment, expected);
    text = applySplices(text, [made]);
    root = parseJson(text);
  }
  if (!isDeepStrictEqual(JSON.parse(text), expected.root)) {
    refuse("edit/proof", "The edit would change more than the selected places, so it was not made.", {
      fix: "Make this change by hand.",
    });
  }
  for (const assignment of assignments) readBack(text, root, assignment);
  return text === source.text ? file : encode({ ...source, text });
}

/** A whole new JSON file with these values. */
export function newJson(assignments: readonly Assignment[]): Bytes {
  const [first] = assignments;
  if (first === undefined) throw new Error("An edit has at least one assignment.");
  return editJson(encode({ bom: false, text: newJsonFile(newNode(pathOf(first), first.value)) }), assignments, true);
}

/** The text at a place; undefined when there is none, also for null, objects and arrays. */
export function readJson(file: Bytes, selector: Selector): string | undefined {
  const { text } = decode(file);
  const place = locateJson(text, parseJson(text), selector.path);
  return place.kind === "found" ? textOf(text, place.node) : undefined;
}

/** The line of a value, 1-based; undefined when it is not there. */
export function lineInJson(file: Bytes, selector: Selector): number | undefined {
  const { text } = decode(file);
  const place = locateJson(text, parseJson(text), selector.path);
  return place.kind === "found" ? lineAt(text, place.node.start) : undefined;
}

function pathOf({ selector, name }: Assignment): Selector["path"] {
  if (selector.document === undefined) return selector.path;
  return refuse("edit/selector", `${JSON.stringify(name)} names a document, but a JSON file is one value.`, {
    fix: "Leave out what is before the ':'.",
  });
}

/** What takes the place of a value; undefined when it is there already. Numbers and booleans stay such as in YAML. */
function writeValue(text: string, node: JsonNode, { name, value }: Assignment): string | undefined {
  if (node.kind === "object" || node.kind === "array") {
    const what = node.kind === "object" ? "an object" : "an array";
    return refuse("edit/not-scalar", `${JSON.stringify(name)} is ${what}, not a single value.`, {
      line: lineAt(text, node.start),
      fix: "Select a value inside it.",
    });
  }
  if (node.kind === "string") return node.value === value ? undefined : JSON.stringify(value);
  const written = losslessType(value) === node.kind ? value : JSON.stringify(value);
  return text.slice(node.start, node.end) === written ? undefined : written;
}

function makeOne(text: string, root: JsonNode, assignment: Assignment, expected: { root: unknown }): Splice {
  const place = locateJson(text, root, pathOf(assignment));
  if (place.kind === "found") {
    const written = writeValue(text, place.node, assignment) ?? text.slice(place.node.start, place.node.end);
    putAt(expected, place.steps, JSON.parse(written));
    return { start: place.node.start, end: place.node.end, text: written };
  }
  const node = newNode(place.rest, assignment.value, place.into.kind === "array");
  if (typeof node === "string") throw new Error("Something is missing, so there is a step.");
  if ((node.kind === "list") !== (place.into.kind === "array")) {
    refuse("edit/no-key", place.message, { line: place.line, fix: place.fix });
  }
  const additions: [string | number, NewNode][] =
    node.kind === "map" ? node.entries : node.items.map((item, at) => [lengthOf(place.into) + at, item]);
  for (const [step, value] of additions) putAt(expected, [...place.steps, step], plain(value));
  return insertJson(text, root, place.into, node);
}

function lengthOf(into: { kind: string; items?: readonly unknown[] }): number {
  return into.items?.length ?? 0;
}

function plain(node: NewNode): unknown {
  if (typeof node === "string") return node;
  if (node.kind === "list") return node.items.map(plain);
  return JSON.parse(
    `{${node.entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(plain(value))}`).join()}}`,
  );
}

/** Sets a value in parsed JSON, also under the key `__proto__`. */
function putAt(holder: { root: unknown }, steps: readonly (string | number)[], value: unknown): void {
  let at: object = holder;
  const all = ["root", ...steps];
  for (const step of all.slice(0, -1)) at = Object.getOwnPropertyDescriptor(at, step)?.value;
  Object.defineProperty(at, all.at(-1) ?? "", { value, writable: true, enumerable: true, configurable: true });
}

function readBack(text: string, root: JsonNode, assignment: Assignment): void {
  const place = locateJson(text, root, pathOf(assignment));
  if (place.kind === "missing" || textOf(text, place.node) !== assignment.value) {
    refuse("edit/selector", `${JSON.stringify(assignment.name)} does not lead to its new value after the edit.`, {
      fix: "Do not set the key that a list item is selected by.",
    });
  }
}

function textOf(text: string, node: JsonNode): string | undefined {
  if (node.kind === "object" || node.kind === "array" || node.kind === "null") return undefined;
  return node.kind === "string" ? String(node.value) : text.slice(node.start, node.end);
}
