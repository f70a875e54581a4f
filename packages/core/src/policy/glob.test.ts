import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesGlob } from "./glob.ts";
import { matchesGlobs } from "./match.ts";

describe("a glob", () => {
  it.each([
    ["chore(deps)*", "chore(deps): bump", true],
    ["chore(deps)*", "choredeps: bump", false],
    ["feat(api): *", "feat(api): add", true],
    ["fix(ui)*", "fix(ui)-2", true],
    ["a|b", "a", false],
    ["a+", "aa", false],
    ["@(a|b)", "a", false],
    ["!(a)", "b", false],
    ["(a)", "a", false],
    ["{1..3}", "2", false],
    ["{a}", "a", false],
    ["{a}", "{a}", true],
    ["{a,b{c,d}}x", "bdx", true],
    ["{a,b{c,d}}x", "bx", false],
    ["{,v}1", "1", true],
    ["{a,b", "{a,b", true],
    ["[a-c]x", "bx", true],
    ["[!a-c]x", "bx", false],
    ["[^a-c]x", "dx", true],
    ["[]]", "]", true],
    ["[a", "[a", true],
    ["[a-]", "-", true],
    ["[[]skip] *", "[skip] ci", true],
    ["\\[skip\\] *", "[skip] ci", true],
    ["\\[skip\\] *", "s ci", false],
    ["a\\", "a\\", true],
    ["?", "€", true],
    ["?", "😀", true],
    ["?", "/", false],
    ["[!a]", "/", false],
    ["*", ".hidden", true],
    ["release/*", "release/", true],
    ["release/**", "release", true],
    ["release/**", "release/1/x", true],
    ["release/**", "releases", false],
    ["**/x", "x", true],
    ["**/x", "a/b/x", true],
    ["**/x", "a/bx", false],
    ["a/**/b", "a/b", true],
    ["a/**/b", "a/x/y/b", true],
    ["a**b", "a/x/b", true],
    ["**", "a/b", true],
  ])("%s on the name %s is %s", (glob, name, expected) => {
    expect(matchesGlob(glob, name, "name")).toBe(expected);
  });

  const special = /[*?[\]{}\\]/g;

  it("without wildcards matches itself and nothing else, whatever is in it", () => {
    const unit = fc.integer({ min: 0, max: 0x10ffff }).map((point) => String.fromCodePoint(point));
    const literal = fc.oneof(fc.string({ unit, maxLength: 20 }), fc.string()).map((text) => text.replace(special, ""));
    const near = fc.oneof(fc.string(), literal);
    fc.assert(
      fc.property(literal, near, fc.constantFrom("name", "prose"), (glob, other, kind) => {
        expect(matchesGlob(glob, glob, kind)).toBe(true);
        expect(matchesGlob(glob, other, kind)).toBe(glob === other);
      }),
    );
  });

  it("of escaped characters matches itself and nothing else", () => {
    const text = fc.string({ unit: fc.constantFrom(..."*?[]{}\\!,/a()|+@") });
    fc.assert(
      fc.property(text, text, (value, other) => {
        const glob = value.replace(/[^a-z]/g, "\\$&");
        expect(matchesGlob(glob, value, "name")).toBe(true);
        expect(matchesGlob(glob, other, "name")).toBe(value === other);
      }),
    );
  });

  it("agrees with a search that tries everything", () => {
    // The plain meaning, with all its backtracking.
    const matches = (glob: string, text: string): boolean => {
      if (glob === "") return text === "";
      if (glob.startsWith("*")) return matches(glob.slice(1), text) || (text !== "" && matches(glob, text.slice(1)));
      const same = text !== "" && (glob[0] === "?" || glob[0] === text[0]);
      return same && matches(glob.slice(1), text.slice(1));
    };
    const unit = fc.constantFrom("a", "b", "*", "?", "(");
    const character = fc.constantFrom("a", "b", "/", "(");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 8 }), fc.string({ unit: character, maxLength: 8 }), (glob, text) => {
        expect(matchesGlob(glob, text, "prose")).toBe(matches(glob, text));
      }),
      { numRuns: 1000 },
    );
  });

  it("negated is the complement, whatever the pattern and the text", () => {
    const unit = fc.constantFrom(..."ab/*?[]{},!()|+@-^\\:");
    const glob = fc.string({ unit, minLength: 1, maxLength: 10 }).filter((text) => !text.startsWith("!"));
    fc.assert(
      fc.property(glob, fc.string({ unit, maxLength: 10 }), fc.constantFrom("name", "prose"), (one, text, kind) => {
        expect(matchesGlobs([`!${one}`], text, kind)).toBe(!matchesGlobs([one], text, kind));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ["*wip*fixup*nodeploy*", "wip fixup ".repeat(6_553)],
    ["*a*a*a*a*a*a*a*a*b", "a".repeat(65_536)],
    ["{a,aa}{a,aa}{a,aa}{a,aa}{a,aa}{a,aa}{a,aa}{a,aa}*b", "a".repeat(65_536)],
  ])("%s decides about a hostile text, where what backtracks would not end", (glob, text) => {
    expect(matchesGlob(glob, text, "prose")).toBe(false);
  });
});
