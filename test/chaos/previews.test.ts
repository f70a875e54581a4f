import { test } from "vitest";
import { racePreviews } from "./previews.ts";

test("8 pull requests by 4 processes at once: what stands at the end is what the forge has", async () => {
  await racePreviews({ seed: 1, pulls: 8, atOnce: 4 });
}, 240_000);

test("so it is where previews live in a repository of their own, and the config's is left alone", async () => {
  await racePreviews({ seed: 4, pulls: 6, atOnce: 4, apart: true });
}, 240_000);
