import { expect, it } from "vitest";
import type { Constraint } from "../model/source.ts";
import { compilePattern } from "./pattern.ts";
import { whyNone } from "./why-none.ts";

const semverOf = (range: string, more: Partial<Constraint> = {}): Constraint => ({
  order: { kind: "semver", range, prereleases: false },
  pattern: undefined,
  ignore: [],
  ...more,
});

it.each<[string, string[], Constraint, string]>([
  ["nothing listed", [], semverOf("*"), "there is nothing yet"],
  [
    "versions that do not count, by the first thing against each",
    ["1.0.0", "1.1.0", "2.0.0-rc.1", "3.0.0-rc.1", "latest", "2.5.0"],
    semverOf("^2", { ignore: ["2.5.*"] }),
    "none of 6 counts: 3 not in ^2, 1 pre-release, 1 no semantic version, 1 ignored",
  ],
  [
    "names that a pattern does not match",
    ["a", "b"],
    semverOf("*", { pattern: "web-(.*)" }),
    "none of 2 counts: 2 not matched by the pattern",
  ],
  [
    "builds without a number",
    ["main-a"],
    { order: { kind: "build", as: "number" }, pattern: "main-(.*)", ignore: [] },
    "none of 1 counts: 1 no number",
  ],
])("of %s it is said", async (_what, names, constraint, why) => {
  const listed = names.map((name) => ({ name }));
  expect(whyNone(listed, constraint, await compilePattern(constraint.pattern))).toBe(why);
});

it("a release that its forge calls a pre-release is one, whatever its tag is", () => {
  const listed = [{ name: "1.0.0", prerelease: true }];
  expect(whyNone(listed, semverOf("*"), (name) => name)).toBe("none of 1 counts: 1 pre-release");
});
