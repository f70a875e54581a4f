import { describe, expect, it } from "vitest";
import { bytes } from "../../test/edit-yaml.ts";
import { yaml } from "./yaml.ts";

describe("reading", () => {
  it.each<[string, string, string | undefined]>([
    ["a: 1.10\n", "a", "1.10"],
    ["a: 'x'\n", "a", "x"],
    ["a:\n", "a", undefined],
    ["a: ~\n", "a", undefined],
    ['a: ""\n', "a", ""],
    ["a: {b: 1}\n", "a", undefined],
    ["b: 1\n", "a", undefined],
    ["a: &x v\nb: *x\n", "b", "v"],
    ["a: [\n", "a", undefined],
    ["*x", "a", undefined],
    ["a: *x\n", "a.b", undefined],
    ["a: &x {c: v}\nb: *x\n", "b.c", "v"],
    ["a: 1\n", "a..b", undefined],
    ["", "a", undefined],
  ])("%j at %s gives %j", (file, selector, value) => {
    expect(yaml.read(bytes(file), selector)).toBe(value);
  });
});
