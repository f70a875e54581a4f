import { beforeAll, describe, expect, it } from "vitest";
import { crashAndRunAgain, runUndisturbed, type Undisturbed } from "./crash.ts";

// The moments that matter most; crash.itg.test.ts kills at every call of git, and at times in between.
describe("a promotion killed at its push and started again", () => {
  let undisturbed: Undisturbed;
  beforeAll(async () => {
    undisturbed = await runUndisturbed("github");
  });
  const push = () => undisturbed.calls.indexOf("push") + 1;

  it("ends as if undisturbed when the push had arrived and it never knew", async () => {
    expect(push()).toBeGreaterThan(1);
    const { released } = await crashAndRunAgain({ as: "github", at: { call: push(), moment: "after" } }, undisturbed);
    expect(released).toBe(true);
  });

  it("ends as if undisturbed when its git outlives it and pushes later", async () => {
    await crashAndRunAgain({ as: "github", at: { call: push(), moment: "orphan" } }, undisturbed);
  });
});
