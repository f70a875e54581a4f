import { expect, it } from "vitest";
import { proposeAndMerge } from "./proposals.ts";

it("a few processes propose the same while people merge: none doubled, none lost", { timeout: 120_000 }, async () => {
  await expect(proposeAndMerge({ apps: 2, runs: 2 })).resolves.toBeUndefined();
});
