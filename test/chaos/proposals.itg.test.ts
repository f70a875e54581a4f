import { expect, it } from "vitest";
import { proposeAndMerge } from "./proposals.ts";

it.each([
  { apps: 32, runs: 1 },
  { apps: 8, runs: 4 },
])(
  "32 separate processes propose $apps apps at once while people merge: none doubled, none lost",
  {
    timeout: 240_000,
  },
  async (how) => {
    await expect(proposeAndMerge(how)).resolves.toBeUndefined();
  },
);
