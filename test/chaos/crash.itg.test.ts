import { beforeAll, describe, expect, it } from "vitest";
import { type Crash, crashAndRunAgain, runUndisturbed, type Undisturbed } from "./crash.ts";

/** So many at a time: each is a process and its gits. */
const lanes = 3;

async function inLanes<T, R>(all: readonly T[], run: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = [...all];
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let one = left.shift(); one !== undefined; one = left.shift()) results.push(await run(one));
    }),
  );
  return results;
}

describe("a promotion killed anywhere and started again", () => {
  let undisturbed: Undisturbed;
  beforeAll(async () => {
    undisturbed = await runUndisturbed("github");
  });

  it("ends as if undisturbed: killed before, after and beside every call of git", { timeout: 300_000 }, async () => {
    expect(undisturbed.calls).toEqual(expect.arrayContaining(["fetch", "cat-file", "fast-import", "push"]));
    const crashes = undisturbed.calls.flatMap((_, index) =>
      (["before", "after", "orphan"] as const).map(
        (moment): Crash => ({ as: "github", at: { call: index + 1, moment } }),
      ),
    );
    const ends = await inLanes(crashes, (crash) => crashAndRunAgain(crash, undisturbed));
    const released = ends.filter((end) => end.released).length;
    console.log(`calls of git: ${undisturbed.calls.join(", ")}; ${ends.length} deaths, ${released} after the release`);
    console.log(`temporary folders left by the dead: ${Math.max(...ends.map(({ leftovers }) => leftovers))} at most`);
    expect(ends.every(({ code }) => code === null)).toBe(true);
    expect(ends.some((end) => end.released)).toBe(true);
  });
});

describe.each(["github", "terminal", "wire"] as const)(
  "a promotion killed at any time and started again (%s)",
  (as) => {
    it("ends as if undisturbed: at 30 times from its start to its end", { timeout: 300_000 }, async () => {
      const undisturbed = await runUndisturbed(as);
      // The latest first: what outlives its time tells how long a run takes beside the others, on this machine, now.
      const together = await Promise.all(Array.from({ length: lanes }, () => runUndisturbed(as)));
      let took = Math.max(...together.map((one) => one.took));
      const parts = Array.from({ length: 30 }, (_, index) => (1.3 * (30 - index)) / 30);
      const ends = await inLanes(parts, async (part) => {
        const end = await crashAndRunAgain({ as, at: { milliseconds: Math.round(took * part) } }, undisturbed);
        if (end.code !== null) took = end.took;
        return end;
      });
      const killed = ends.filter(({ code }) => code === null).length;
      console.log(
        `${as}: ${killed} of ${ends.length} killed, ${ends.filter((end) => end.released).length} had released`,
      );
      expect(killed).toBeGreaterThan(5);
    });
  },
);
