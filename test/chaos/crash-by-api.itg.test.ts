import { expect, it } from "vitest";
import { crashAndRunAgain, runUndisturbed } from "./crash-by-api.ts";

it("a run by GitHub's API that was killed before or after any request ends as if undisturbed when it runs again", {
  timeout: 600_000,
}, async () => {
  const undisturbed = await runUndisturbed();
  const deaths = undisturbed.requests.flatMap((_, index) =>
    (["before", "after"] as const).map((moment) => ({ request: index + 1, moment })),
  );
  const ends: Awaited<ReturnType<typeof crashAndRunAgain>>[] = [];
  for (const death of deaths) ends.push(await crashAndRunAgain(death, undisturbed));
  const count = (what: "released" | "proposed") => ends.filter((end) => end[what]).length;
  console.log(`${ends.length} deaths, ${count("released")} after the release, ${count("proposed")} with a proposal`);
  expect(count("released")).toBeGreaterThan(0);
  expect(count("proposed")).toBeGreaterThan(0);
});
