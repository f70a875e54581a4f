import type { Bytes } from "@glu/core";
import { isScalar, isSeq, type Scalar } from "yaml";
import type { Assignment } from "../assignment.ts";
import { refuse } from "../refusal.ts";
import { decode, encode, type Source } from "../text/source.ts";
import { applySplices, type Splice } from "../text/splice.ts";
import { locate } from "./choose-document.ts";
import { insertNode, newFile } from "./insert-node.ts";
import type { Found, Missing } from "./locate.ts";
import { newNode } from "./new-node.ts";
import { type Expected, expectNothing, expectValue, prove } from "./prove.ts";
import { holds, setValue, type ValueRules } from "./set-value.ts";
import { isAbsent, parseStream, type Stream } from "./stream.ts";

/**
 * Puts values into a YAML file. Values that stand somewhere already are replaced in one go, then what is missing is
 * made, one after another. Each result is parsed and proven. Throws a Refusal.
 */
export function editYaml(file: Bytes, assignments: readonly Assignment[], create: boolean): Bytes {
  const source = decode(file);
  let stream = parseStream(source.text);
  const places = assignments.map((assignment) => {
    const place = locate(stream, assignment.selector);
    return { assignment, place };
  });
  const missing = places.filter(({ place }) => place.kind === "missing");
  for (const { place } of missing) if (!create) refuseMissing(place as Missing);

  stream = replaceAll(stream, places.filter(isFound));
  for (const { assignment } of missing) stream = makeOne(stream, assignment);
  for (const assignment of assignments) readBack(stream, assignment);
  return stream.text === source.text ? file : encode({ ...source, text: stream.text });
}

/** A whole new YAML file with these values. */
export function newYaml(assignments: readonly Assignment[]): Bytes {
  let source: Source = { bom: false, text: "" };
  for (const assignment of assignments) {
    if (assignment.selector.document !== undefined) {
      refuse("edit/no-file", `There is no file yet that has the document of ${assignment.name}.`, {
        fix: "Write it by hand.",
      });
    }
    const node = newNode(assignment.selector.path, assignment.value);
    if (source.text !== "") source = decode(editYaml(encode(source), [assignment], true));
    else if (typeof node !== "string" && node.kind === "map") source = { bom: false, text: newFile(node) };
  }
  return editYaml(encode(source), assignments, true);
}

const rules: ValueRules = { keepType: true };

function replaceAll(stream: Stream, places: readonly { assignment: Assignment; place: Found }[]): Stream {
  const splices: Splice[] = [];
  const expected = expectNothing();
  const taken = new Map<number, string>();
  for (const { assignment, place } of places) {
    const { name, value } = assignment;
    const splice = setValue(stream.text, place, value, rules, JSON.stringify(name));
    if (splice === undefined) continue;
    const other = taken.get(splice.start);
    if (other !== undefined)
      refuse("edit/ambiguous", `${other} and ${name} are the same place.`, { fix: "Remove one of the two." });
    taken.set(splice.start, name);
    splices.push(splice);
    expectValue(expected, place.holder, (now) => holds(now, value, keptRules(place.node)));
  }
  return change(stream, splices, expected);
}

/** A value that was no number or boolean must not have become one. */
function keptRules(node: unknown): ValueRules {
  return { keepType: rules.keepType && isScalar(node) && node.type === "PLAIN" && !isAbsent(node) };
}

function makeOne(stream: Stream, { selector, name, value }: Assignment): Stream {
  const place = locate(stream, selector);
  // An assignment before this one has made it.
  if (place.kind === "found") return replaceAll(stream, [{ assignment: { selector, name, value }, place }]);
  const quoted = JSON.stringify(name);
  const node = newNode(place.rest, value, isSeq(place.into));
  if (typeof node === "string") throw new Error("Something is missing, so there is a step.");
  if (place.rest.length > 1 && place.merged) {
    refuse("edit/no-key", `${place.message} A map of its own would hide what is merged.`, { line: place.line });
  }
  const expected = expectNothing();
  const into = place.into === "document" ? place.in.document : "kind" in place.into ? holderPair(place) : place.into;
  expected.adds.set(into, node);
  return change(stream, [insertNode(stream, place, node, quoted)], expected);
}

function holderPair(place: Missing): Parameters<Expected["adds"]["set"]>[0] {
  const { into } = place;
  if (into === "document" || !("kind" in into) || into.kind !== "pair") return refuseMissing(place);
  return into.pair;
}

/** The stream after the splices, proven to differ only where it may. */
export function change(stream: Stream, splices: readonly Splice[], expected: Expected): Stream {
  if (splices.length === 0) return stream;
  const after = parseStream(applySplices(stream.text, splices));
  prove(stream, after, expected, isPlainString);
  return after;
}

function isPlainString(node: Scalar): boolean {
  return holds(node, node.source ?? "", { keepType: false });
}

export function refuseMissing({ message, line, fix }: Missing): never {
  return refuse("edit/no-key", message, { line, fix });
}

/** Each selector must lead to its value afterwards: an edit may not change the key that another is found by. */
function readBack(stream: Stream, { selector, name, value }: Assignment): void {
  const place = locate(stream, selector);
  if (place.kind === "missing" || !isScalar(place.node) || place.node.source !== value) {
    refuse("edit/selector", `${JSON.stringify(name)} does not lead to its new value after the edit.`, {
      fix: "Do not set the key that a list item is selected by.",
    });
  }
}

/** The text at a place, as it would be set; undefined when there is none, also for null, maps and lists. */
export function readYaml(file: Bytes, selector: Assignment["selector"]): string | undefined {
  const stream = parseStream(decode(file).text);
  if (stream.documents.length === 0) return undefined;
  const place = locate(stream, selector, { followAliases: true });
  if (place.kind === "missing") return undefined;
  const node = place.node !== null && "resolve" in place.node ? place.node.resolve(place.in.document) : place.node;
  return isScalar(node) && node.value !== null ? node.source : undefined;
}

function isFound(entry: {
  assignment: Assignment;
  place: Found | Missing;
}): entry is { assignment: Assignment; place: Found } {
  return entry.place.kind === "found";
}
