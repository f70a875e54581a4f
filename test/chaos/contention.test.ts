import { describe, expect, it } from "vitest";
import { contend, describeCost } from "./contention.ts";

// A small one on every run; contention.itg.test.ts starts 32.
describe("six separate processes that promote six apps at once into one branch", () => {
  it.each([
    { writers: 6, shared: false, way: "path" as const },
    { writers: 6, shared: true, way: "http" as const },
  ])("all land, one commit each, in a line (shared file: $shared, by $way)", async (how) => {
    const cost = await contend(how);
    console.log(describeCost(how, cost));
    if (how.way === "http") expect(cost.pushes).toBeGreaterThanOrEqual(how.writers);
  });
});
