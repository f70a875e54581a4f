import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesGlobs } from "./match.ts";

describe("globs", () => {
  it.each([
    [["main"], "main", true],
    [["main"], "mainline", false],
    [["release/*"], "release/1.x", true],
    [["release/*"], "release/1/x", false],
    [["release/**"], "release/1/x", true],
    [["v*", "!v*-rc*"], "v1.2.0", true],
    [["v*", "!v*-rc*"], "v1.2.0-rc1", false],
    [["!v*"], "v1", false],
    [["!v*"], "nightly", true],
    [["*"], "", false],
  ])("%j on %s is %s", (patterns, value, expected) => {
    expect(matchesGlobs(patterns, value)).toBe(expected);
  });

  it("cross slashes in prose", () => {
    expect(matchesGlobs(["fix*"], "fix(a/b): c/d", "prose")).toBe(true);
    expect(matchesGlobs(["!*wip*"], "a/wip/b", "prose")).toBe(false);
  });

  it("negated are the complement", () => {
    const pattern = fc.constantFrom("v*", "main", "release/**", "*-rc*", "{a,b}*", "[ab]?");
    const value = fc.oneof(
      fc.constantFrom("", "v1", "main", "release/1/x", "x-rc1", "ab", "-"),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 3 }), value, (patterns, seen) => {
        const negated = patterns.map((glob) => `!${glob}`);
        expect(matchesGlobs(negated, seen)).toBe(!matchesGlobs(patterns, seen));
      }),
    );
  });
});
