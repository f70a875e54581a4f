import { test } from "vitest";
import { racePreviews } from "./previews.ts";

test.each([2, 3])(
  "60 pull requests by 8 processes at once, seed %i: no orphan, none lost, none stale",
  async (seed) => {
    await racePreviews({ seed, pulls: 60, atOnce: 8 });
  },
  900_000,
);
