import { beforeAll, describe, expect, it } from "vitest";
import { crashAndRunAgain, runUndisturbed, type Undisturbed } from "./crash.ts";

// The moments that matter most; crash.itg.test.ts kills at all of them, and at times in between.
describe("a promotion killed at its push and started again", () => {
  let undisturbed: Undisturbed;
  beforeAll(async () => {
    undisturbed = await runUndisturbed("github");
  });
  const push = () => undisturbed.calls.indexOf("push") + 1;

  it.each(["before", "after", "orphan"] as const)("ends as if undisturbed (%s)", async (moment) => {
    expect(push()).toBeGreaterThan(1);
    const { released } = await crashAndRunAgain({ as: "github", at: { call: push(), moment } }, undisturbed);
    expect(released).toBe(moment === "after");
  });
});
