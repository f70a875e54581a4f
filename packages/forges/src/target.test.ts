import { GluError } from "@glu/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { forgeNames, parseTarget } from "./target.ts";

describe("the repository that is asked", () => {
  it.each([
    ["github", "acme/config", "acme/config", undefined, undefined],
    ["github", "acme/config/promote.yml", "acme/config", "promote.yml", undefined],
    ["github", "acme/config/promote.yaml@release/1", "acme/config", "promote.yaml", "release/1"],
    ["gitea", "acme/_config.d/promote.yml@main", "acme/_config.d", "promote.yml", "main"],
    ["gitlab", "acme/config", "acme/config", undefined, undefined],
    ["gitlab", "acme/team/shop/config@main", "acme/team/shop/config", undefined, "main"],
  ] as const)("on %s is written %s", (forge, text, repository, workflow, ref) => {
    expect(parseTarget(text, forge)).toEqual({ repository, workflow, ref });
  });

  it.each([
    ["github", "config"],
    ["github", "acme/config@main"],
    ["github", "acme/config/promote.sh"],
    ["github", "acme/config/x/promote.yml"],
    ["github", "acme/../config"],
    ["github", "acme/config?x=1"],
    ["github", "https://github.com/acme/config"],
    ["github", "-x/config"],
    ["github", "acme/config/promote.yml@a b"],
    ["github", "acme/config/promote.yml@"],
    ["gitea", "acme/config"],
    ["gitlab", "config"],
    ["gitlab", "acme//config"],
    ["gitlab", "acme/config@-x"],
    ["gitlab", "acme/con%2Ffig"],
  ] as const)("on %s is not %s", (forge, text) => {
    expect(() => parseTarget(text, forge)).toThrow(GluError);
  });

  it("leaves nothing of any text that could change a URL's path", () => {
    const text = fc.string({ unit: fc.constantFrom(..."ab/.@%?#:\\ \n-_ém1".split("")), maxLength: 20 });
    fc.assert(
      fc.property(text, fc.constantFrom(...forgeNames), (target, forge) => {
        try {
          const { repository, workflow } = parseTarget(target, forge);
          expect(`${repository}/${workflow ?? ""}`).toMatch(/^[A-Za-z0-9_./-]+$/);
          expect(repository.split("/")).not.toContain("..");
        } catch (error) {
          expect(error).toBeInstanceOf(GluError);
        }
      }),
    );
  });
});
