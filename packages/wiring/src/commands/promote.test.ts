import { expect, it } from "vitest";
import { assertCanBeAsked } from "./promote.ts";

const asked = { artifact: "latest", plan: false, overwrite: false, set: false };

it("a request that would lose part of what was asked is not sent", () => {
  expect(() => assertCanBeAsked(asked)).not.toThrow();
  for (const lost of ["plan", "overwrite", "set"]) {
    expect(() => assertCanBeAsked({ ...asked, [lost]: true })).toThrow(`does not carry ${lost}`);
  }
  for (const artifact of ["./artifact.json", "nothing"]) {
    expect(() => assertCanBeAsked({ ...asked, artifact })).toThrow();
  }
});
