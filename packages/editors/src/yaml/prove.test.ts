import { describe, expect, it } from "vitest";
import { isMap, type Pair, type YAMLMap } from "yaml";
import { Refusal } from "../refusal.ts";
import { expectNothing, prove } from "./prove.ts";
import { parseStream, type Stream } from "./stream.ts";

const string = () => true;
const rootOf = ({ documents }: Stream): YAMLMap => {
  const root = documents[0]?.document.contents;
  if (!isMap(root)) throw new Error("not a map");
  return root;
};

describe("the proof", () => {
  it.each<[string, string, string]>([
    ["another value", "a: 1\n", "a: 2\n"],
    ["another type of the same text", "a: 1\n", 'a: "1"\n'],
    ["other quotes", "a: 'x'\n", 'a: "x"\n'],
    ["another key", "a: 1\n", "b: 1\n"],
    ["another order", "a: 1\nb: 2\n", "b: 2\na: 1\n"],
    ["one key more", "a: 1\n", "a: 1\nb: 2\n"],
    ["one key less", "a: 1\nb: 2\n", "a: 1\n"],
    ["one item more", "[1]\n", "[1, 2]\n"],
    ["one item less", "[1, 2]\n", "[1]\n"],
    ["another tag", "a: 1\n", "a: !!str 1\n"],
    ["another tag of a map", "a: {}\n", "a: !x {}\n"],
    ["another anchor", "a: &x 1\n", "a: &y 1\n"],
    ["another alias", "a: &x 1\nb: &y 1\nc: *x\n", "a: &x 1\nb: &y 1\nc: *y\n"],
    ["an alias for its value", "a: &x 1\nc: *x\n", "a: &x 1\nc: 1\n"],
    ["a map for a value", "a: 1\n", "a: {}\n"],
    ["a list for a map", "a: {}\n", "a: []\n"],
    ["flow for block", "a:\n  b: 1\n", "a: {b: 1}\n"],
    ["one document more", "a: 1\n", "a: 1\n---\nb: 1\n"],
    ["another version", "a: 1\n", "%YAML 1.1\n---\na: 1\n"],
    ["a value for nothing", "a:\n", "a: 1\n"],
  ])("finds %s", (_, before, after) => {
    expect(() => prove(parseStream(before), parseStream(after), expectNothing(), string)).toThrow(Refusal);
    expect(() => prove(parseStream(before), parseStream(before), expectNothing(), string)).not.toThrow();
  });

  it("lets pass what was expected, and nothing beside it", () => {
    const before = parseStream("a: 1\nb: 2\n");
    const expected = expectNothing();
    expected.values.set(rootOf(before).items[0] as Pair, (node) => node.source === "3");
    expect(() => prove(before, parseStream("a: 3\nb: 2\n"), expected, string)).not.toThrow();
    for (const after of ["a: 4\nb: 2\n", "a: 1\nb: 3\n", "a: 3\nb: 3\n", "a: &x 3\nb: 2\n", "a: {}\nb: 2\n"]) {
      expect(() => prove(before, parseStream(after), expected, string), after).toThrow(Refusal);
    }
  });

  it("lets pass what was to be added at the end, and only there", () => {
    const before = parseStream("a: 1\n");
    const expected = expectNothing();
    expected.adds.set(rootOf(before), { kind: "map", entries: [["b", { kind: "map", entries: [["c", "x"]] }]] });
    expect(() => prove(before, parseStream("a: 1\nb: {c: x}\n"), expected, string)).not.toThrow();
    for (const after of [
      "a: 1\n",
      "b: {c: x}\na: 1\n",
      "a: 1\nb: {c: y}\n",
      "a: 1\nb: {c: x, d: 1}\n",
      "a: 1\nb: [x]\n",
      "a: 1\nb: &n {c: x}\n",
    ]) {
      expect(() => prove(before, parseStream(after), expected, string), after).toThrow(Refusal);
    }
  });

  it("lets pass a pair that was to be swapped or to go", () => {
    const before = parseStream("a: 1\nb: 2\n");
    const swapped = expectNothing();
    swapped.swaps.set(rootOf(before).items[0] as Pair, { key: "c", value: "x" });
    expect(() => prove(before, parseStream("c: x\nb: 2\n"), swapped, string)).not.toThrow();
    expect(() => prove(before, parseStream("c: y\nb: 2\n"), swapped, string)).toThrow(Refusal);
    const gone = expectNothing();
    gone.swaps.set(rootOf(before).items[0] as Pair, "gone");
    expect(() => prove(before, parseStream("b: 2\n"), gone, string)).not.toThrow();
    expect(() => prove(before, parseStream("a: 1\n"), gone, string)).toThrow(Refusal);
  });
});
