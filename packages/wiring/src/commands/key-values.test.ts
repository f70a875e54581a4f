import { describe, expect, it } from "vitest";
import { parseItems, parsePairs, parsePairsFile } from "./key-values.ts";

const file = (text: string) => parsePairsFile(new TextEncoder().encode(text), "vars.env");

describe("a file of variables", () => {
  it.each([
    ["A=1 # one", "1"],
    ["A=1\t# one", "1"],
    ["A= # nothing", ""],
    ["A=#fff", "#fff"],
    ["A=a#b", "a#b"],
    ['A="a # b"', "a # b"],
    ['A="a # b" # c "d"', "a # b"],
    ["A='x y'", "x y"],
    ['A="it\'s"', "it's"],
    ['A=say "x"', 'say "x"'],
    ["A=b=c", "b=c"],
  ])("%s", (line, value) => {
    expect(file(`# first\n\n${line}\n`)).toEqual({ A: value });
  });

  it("is UTF-8 text, with or without a byte order mark", () => {
    expect(file("\ufeffA=ä")).toEqual({ A: "ä" });
    expect(() => parsePairsFile(new Uint8Array([0x41, 0x3d, 0xe4]), "vars.env")).toThrow(
      expect.objectContaining({ code: "input/encoding", message: "The file vars.env is not UTF-8." }),
    );
    expect(() => file("A=\0")).toThrow(expect.objectContaining({ code: "input/encoding" }));
  });
});

it("a name that JavaScript treats apart is refused, not lost", () => {
  const reserved = expect.objectContaining({ code: "input/reserved-name" });
  expect(() => parsePairs(["__proto__=x"], "var")).toThrow(reserved);
  expect(() => file("__proto__=x")).toThrow(reserved);
  expect(() => parseItems(['{"name":"x","__proto__":{"a":1}}'])).toThrow(reserved);
  expect(() => parseItems(['{"name":"x","deep":[{"__proto__":1}]}'])).toThrow(reserved);
});

it("two different items of one name are refused, the same one twice is one", () => {
  expect(parseItems(["x=y", '{"url":"y","name":"x"}', "z=y"])).toHaveLength(2);
  expect(() => parseItems(["x=y", "x=z"])).toThrow(expect.objectContaining({ code: "artifact/item-exists" }));
});
