import fc from "fast-check";
import semver from "semver";
import { describe, expect, it } from "vitest";
import type { Constraint } from "../model/source.ts";
import { sideBySide } from "./oci.ts";
import { compilePattern, patternProblem } from "./pattern.ts";
import { buildNumber, select } from "./select.ts";

const any = (name: string): string => name;
const semverOf = (range: string, more: Partial<{ prereleases: boolean; ignore: string[] }> = {}): Constraint => ({
  order: { kind: "semver", range, prereleases: more.prereleases ?? false },
  pattern: undefined,
  ignore: more.ignore ?? [],
});
const buildOf = (as: "number" | "date", pattern?: string): Constraint => ({
  order: { kind: "build", as },
  pattern,
  ignore: [],
});

const number = fc.nat(30);
const version = fc
  .tuple(number, number, number, fc.constantFrom("", "-rc.1", "-rc.2", "-alpha"), fc.constantFrom("", "v"))
  .map(([major, minor, patch, pre, v]) => `${v}${major}.${minor}.${patch}${pre}`);
const noise = fc.oneof(
  fc.constantFrom("latest", "main", "1", "1.2", "v1", "01.2.3", "1.2.3.4", "sha-0123456", ""),
  fc.string(),
);
const names = fc.array(fc.oneof(version, noise), { maxLength: 30 });

describe("versions that count", () => {
  it.each([
    // names, constraint, the order in which they count
    [
      "the greatest first, not the last in the alphabet",
      ["1.9.0", "1.10.0", "1.2.0"],
      semverOf("*"),
      "1.10.0 1.9.0 1.2.0",
    ],
    ["in the range only", ["1.9.0", "2.0.0", "0.9.0"], semverOf("^1"), "1.9.0"],
    ["with a v and without", ["v1.1.0", "1.2.0"], semverOf("*"), "1.2.0 v1.1.0"],
    ["twice by two spellings, always in one order", ["v1.0.0", "1.0.0"], semverOf("*"), "1.0.0 v1.0.0"],
    ["no alias of a version", ["1", "1.2", "v1", "latest"], semverOf("*"), ""],
    ["no pre-release", ["1.0.0-rc.1", "0.9.0"], semverOf("*"), "0.9.0"],
    ["a pre-release when asked", ["1.0.0-rc.1", "0.9.0"], semverOf("*", { prereleases: true }), "1.0.0-rc.1 0.9.0"],
    [
      "a pre-release below its release",
      ["1.0.0", "1.0.0-rc.2", "1.0.0-rc.10"],
      semverOf("*", { prereleases: true }),
      "1.0.0 1.0.0-rc.10 1.0.0-rc.2",
    ],
    ["a pre-release that the range names", ["1.3.0-rc.2", "1.4.0-rc.1"], semverOf(">=1.3.0-rc.1"), "1.3.0-rc.2"],
    [
      "nothing that is ignored",
      ["1.2.0", "1.3.0", "1.4.0-arm64"],
      semverOf("*", { ignore: ["1.3.0", "*-arm64"], prereleases: true }),
      "1.2.0",
    ],
    ["by their number", ["9", "10", "x", "1.5", "-3"], buildOf("number"), "10 9"],
    [
      "by a number beyond 2^53",
      ["9007199254740993", "9007199254740992"],
      buildOf("number"),
      "9007199254740993 9007199254740992",
    ],
    [
      "by their date and a counter",
      ["20260131.2", "20260131.10", "2026-01-30.11"],
      buildOf("date"),
      "20260131.10 20260131.2 2026-01-30.11",
    ],
    [
      "by their date",
      ["2026-01-31T10-00", "20260131", "20260201", "20261301", "202601"],
      buildOf("date"),
      "20260201 2026-01-31T10-00 20260131",
    ],
  ])("%s", (_, listed, constraint, expected) => {
    expect(select(listed, constraint, any).join(" ")).toBe(expected);
  });

  it("by what the pattern holds", async () => {
    const constraint = buildOf("number", "main-[0-9a-f]+-(\\d+)");
    const match = await compilePattern(constraint.pattern);
    const listed = ["main-abc-9", "main-abd-10", "dev-abc-11", "main-abe-12x", "main-zzz-13"];
    expect(select(listed, constraint, match)).toEqual(["main-abd-10", "main-abc-9"]);
  });

  it("are the one name that moves, and only when it is there", () => {
    const moving: Constraint = { order: { kind: "name", name: "main" }, pattern: undefined, ignore: [] };
    expect(select(["1.0.0", "main", "main-1"], moving, any)).toEqual(["main"]);
    expect(select(["1.0.0"], moving, any)).toEqual([]);
  });

  it("are the same in whatever order and however often they are listed", () => {
    fc.assert(
      fc.property(names, fc.boolean(), fc.infiniteStream(fc.nat()), (listed, prereleases, dice) => {
        const constraint = semverOf("*", { prereleases });
        const shuffled = [...listed, ...listed.slice(0, 3)]
          .map((name) => ({ name, at: dice.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ name }) => name);
        expect(select(shuffled, constraint, any)).toEqual(select(listed, constraint, any));
      }),
    );
  });

  it("are listed, in the range, ordered, and no pre-release unless asked", () => {
    fc.assert(
      fc.property(names, fc.constantFrom("*", "^1", ">=2 <20", "1.x || >=5"), fc.boolean(), (listed, range, pre) => {
        const found = select(listed, semverOf(range, { prereleases: pre }), any);
        for (const [at, name] of found.entries()) {
          expect(listed).toContain(name);
          expect(semver.satisfies(name, range, { includePrerelease: pre })).toBe(true);
          if (!pre) expect(semver.prerelease(name)).toBeNull();
          const before = found[at - 1];
          if (before !== undefined) expect(semver.compare(before, name)).toBeGreaterThanOrEqual(0);
        }
        // Nothing that counts is left out.
        const counting = new Set(
          listed.filter((one) => semver.parse(one) && semver.satisfies(one, range, { includePrerelease: pre })),
        );
        expect(new Set(found)).toEqual(counting);
      }),
    );
  });

  it("lose exactly what is ignored", () => {
    fc.assert(
      fc.property(fc.array(version, { minLength: 1 }), fc.nat(), (listed, pick) => {
        const bad = listed[pick % listed.length] ?? "";
        const all = select(listed, semverOf("*", { prereleases: true }), any);
        const left = select(listed, semverOf("*", { prereleases: true, ignore: [bad] }), any);
        expect(left).toEqual(all.filter((name) => name !== bad));
      }),
    );
  });
});

describe("a set of images", () => {
  it("has a tag when all of them have it, and never when one lacks it", () => {
    const list = fc.uniqueArray(fc.constantFrom("1.0.0", "1.1.0", "1.2.0", "main", "x"));
    fc.assert(
      fc.property(fc.array(list, { minLength: 1, maxLength: 4 }), (lists) => {
        const named = lists.map((tags, at) => ({ image: `${at}`, tags: new Set<string>(tags) }));
        const listed = sideBySide(named);
        expect(new Set(listed.map(({ name }) => name))).toEqual(new Set(lists.flat()));
        for (const { name, missing = [] } of listed)
          expect(missing).toEqual(named.filter(({ tags }) => !tags.has(name)).map(({ image }) => image));
      }),
    );
  });
});

describe("a pattern", () => {
  it.each(["(?=a)b", "(?<!a)b", "(a)\\1", "(?<x>a)\\k<x>", "", "(", "a".repeat(501)])("is none: %j", (text) => {
    expect(patternProblem(text)).toEqual(expect.any(String));
  });

  it.each(["v(\\d+)", "(?<build>\\d+)", "(?P<build>\\d+)", "a\\\\1", "[^-]+-(.*)"])("is one: %j", async (text) => {
    expect(patternProblem(text)).toBeUndefined();
    await expect(compilePattern(text)).resolves.toBeTypeOf("function");
  });

  it("matches the whole name, and gives what its first group holds", async () => {
    const match = await compilePattern("v(?P<n>\\d+)(?:-.*)?");
    expect(["v12", "v12-x", "xv12", "v12 ", "v"].map(match)).toEqual(["12", "12", undefined, undefined, undefined]);
  });

  it("that would take for ever elsewhere is answered here", async () => {
    const match = await compilePattern("(a+)+(a+)+(a+)+(a+)+b");
    expect(match("a".repeat(128))).toBeUndefined();
  });

  it("that the engine does not take is an error of ours", async () => {
    await expect(compilePattern("(?=a)")).rejects.toMatchObject({ code: "source/pattern", kind: "usage" });
  });
});

describe("a date of a build", () => {
  it("orders as time does", () => {
    const day = fc.date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(day, day, (a, b) => {
        const text = (at: Date) => at.toISOString().slice(0, 19).replace(/[-:T]/g, "");
        const [left, right] = [buildNumber(text(a), "date")!, buildNumber(text(b), "date")!];
        const seconds = (at: Date) => Math.floor(at.getTime() / 1000);
        expect(Math.sign(Number(left - right))).toBe(Math.sign(seconds(a) - seconds(b)));
      }),
    );
  });
});
