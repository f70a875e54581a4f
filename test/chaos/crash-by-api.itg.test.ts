import { describe, expect, it } from "vitest";
import { crashAndRunAgain, runUndisturbed } from "./crash-by-api.ts";

describe("a run by GitHub's API that was killed ends as if undisturbed when it runs again", () => {
  it.each(["before", "after"] as const)("%s any request", { timeout: 600_000 }, async (moment) => {
    const undisturbed = await runUndisturbed();
    const ends: Awaited<ReturnType<typeof crashAndRunAgain>>[] = [];
    for (const index of undisturbed.requests.keys()) {
      ends.push(await crashAndRunAgain({ request: index + 1, moment }, undisturbed));
    }
    const count = (what: "released" | "proposed") => ends.filter((end) => end[what]).length;
    console.log(`${ends.length} deaths, ${count("released")} after the release, ${count("proposed")} with a proposal`);
    expect(count("released")).toBeGreaterThan(0);
    expect(count("proposed")).toBeGreaterThan(0);
  });
});
