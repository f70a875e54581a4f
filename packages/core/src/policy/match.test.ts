import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Policy } from "../model/pipeline.ts";
import { artifactOf } from "../test-kit/memory.ts";
import { explainMatch, explainPolicies, matchesAny, matchesGlobs, matchesPolicy } from "./match.ts";

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

describe("a pull request's build", () => {
  const { version } = artifactOf("web", 1);
  // A fork's main, as its author called it.
  const build = artifactOf("web", 1, { version: { ...version, event: "pr", branch: "main", sourceBranch: "main" } });
  const oneOf = (...lists: string[][]): fc.Arbitrary<string[]> => fc.constantFrom(...lists);
  const policy: fc.Arbitrary<Policy> = fc.record(
    {
      event: oneOf(["push"], ["!tag"], ["!pr"], ["push", "pr"], ["pr"], ["pr", "!tag"], ["pr", "!pr"]),
      branch: oneOf(["*"], ["**"], ["main"], ["!x"]),
      message: oneOf(["!x"]),
    },
    { requiredKeys: [] },
  );

  it("matches no policy that does not name it", () => {
    fc.assert(
      fc.property(policy, (one) => {
        const named = one.event?.includes("pr") === true && !one.event.includes("!pr");
        expect(matchesPolicy(one, build).matches).toBe(named);
      }),
    );
  });

  it.each([[{ branch: ["main"] }], [{ event: ["!tag"] }]])("is told why by %j", (one) => {
    expect(explainMatch(matchesPolicy(one, build))).toBe(
      'it was built for a pull request, and the policy does not name "event: pr"',
    );
  });
});

describe("why no policy matches", () => {
  const { version } = artifactOf("web", 1);
  const why = (policies: Parameters<typeof matchesAny>[0], more: Partial<typeof version>) => {
    const match = matchesAny(policies, artifactOf("web", 1, { version: { ...version, ...more } }));
    return match === undefined ? undefined : explainMatch(match);
  };
  const releases = [
    { event: ["push" as const], branch: ["main"] },
    { event: ["tag" as const], tag: ["v*", "!*-rc*"] },
  ];

  it("is told by the one that came closest", () => {
    const tagged = { event: "tag", tag: "v1.2.0-rc1" } as const;
    expect(why(releases, tagged)).toBe('its tag is "v1.2.0-rc1", and the policy wants v* but not *-rc*');
    expect(why(releases, { branch: "fix" })).toBe('its branch is "fix", and the policy wants main');
  });

  it("says of exclusions alone what they leave", () => {
    const others = [{ branch: ["!release/**", "!fix"] }];
    expect(why(others, { branch: "fix" })).toBe(
      'its branch is "fix", and the policy wants any but not release/** or fix',
    );
  });

  it("is not there without policies", () => {
    expect(why([], {})).toBeUndefined();
  });
});

describe("policies in words", () => {
  it.each([
    [
      "event push, branch main or release/** but not release/1",
      [{ event: ["push"], branch: ["main", "!release/1", "release/**"] }],
    ],
    ["tag v*; or branch any but not x", [{ tag: ["v*"] }, { branch: ["!x"] }]],
    ["tag 0 or 1 or 2 or 3 or 4 or 2 more", [{ tag: ["0", "1", "2", "3", "4", "5", "6"] }]],
  ])("%s", (text, policies) => {
    expect(explainPolicies(policies as Policy[])).toBe(text);
  });
});
