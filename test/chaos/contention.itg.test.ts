import { describe, expect, it } from "vitest";
import { contend, describeCost } from "./contention.ts";

describe("32 separate processes that promote 32 apps at once into one branch", () => {
  it.each([
    { writers: 32, shared: false, way: "wire" as const },
    { writers: 32, shared: true, way: "wire" as const },
    { writers: 32, shared: false, way: "git" as const },
    { writers: 32, shared: true, way: "path" as const },
  ])("all land, one commit each, in a line (shared file: $shared, by $way)", { timeout: 240_000 }, async (how) => {
    const cost = await contend(how);
    console.log(describeCost(how, cost));
    if (how.way !== "path") expect(cost.pushes).toBeGreaterThanOrEqual(how.writers);
  });
});
