import { describe, expect, it } from "vitest";
import { contend, describeCost } from "./contention.ts";

// A small one on every run; contention.itg.test.ts starts 32.
describe("six separate processes that promote six apps at once into one file of one branch", () => {
  it("all land, one commit each, in a line", async () => {
    const how = { writers: 6, shared: true, way: "wire" as const };
    const cost = await contend(how);
    console.log(describeCost(how, cost));
    expect(cost.pushes).toBeGreaterThanOrEqual(how.writers);
  });
});
