import { expect, it } from "vitest";
import { crashAndRunAgain, runUndisturbed } from "./crash-by-api.ts";

it("a run by GitHub's API that was killed before or after any request ends as if undisturbed when it runs again", {
  timeout: 1_200_000,
}, async () => {
  const undisturbed = await runUndisturbed();
  // Who dies before a request leaves what who dies after the one before it does: all that stays is on the server.
  const deaths = [
    { request: 1, moment: "before" as const },
    ...undisturbed.requests.map((_, index) => ({ request: index + 1, moment: "after" as const })),
  ];
  const ends: Awaited<ReturnType<typeof crashAndRunAgain>>[] = [];
  for (const death of deaths) ends.push(await crashAndRunAgain(death, undisturbed));
  const count = (what: "released" | "proposed") => ends.filter((end) => end[what]).length;
  console.log(`${ends.length} deaths, ${count("released")} after the release, ${count("proposed")} with a proposal`);
  expect(count("released")).toBeGreaterThan(0);
  expect(count("proposed")).toBeGreaterThan(0);
});
