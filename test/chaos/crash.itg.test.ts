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

describe.each(["github", "terminal"] as const)("a promotion killed anywhere and started again (%s)", (as) => {
  let undisturbed: Undisturbed;
  beforeAll(async () => {
    undisturbed = await runUndisturbed(as);
  });

  it("ends as if undisturbed: killed before, after and at the side of every call of git", {
    timeout: 240_000,
  }, async () => {
    expect(undisturbed.calls).toEqual(expect.arrayContaining(["fetch", "cat-file", "fast-import", "push"]));
    const crashes = undisturbed.calls.flatMap((_, index) =>
      (["before", "after", "orphan"] as const).map((moment): Crash => ({ as, at: { call: index + 1, moment } })),
    );
    const ends = await inLanes(crashes, (crash) => crashAndRunAgain(crash, undisturbed));
    console.log(
      `${as}: calls of git: ${undisturbed.calls.join(", ")}; ${ends.length} deaths, ${ends.filter(({ released }) => released).length} after the release; folders left: ${Math.max(...ends.map(({ leftovers }) => leftovers))} at most`,
    );
    expect(ends.some(({ released }) => released)).toBe(true);
  });

  it("ends as if undisturbed: killed at 40 times from its start to its end", { timeout: 240_000 }, async () => {
    const crashes = Array.from({ length: 40 }, (_, index): Crash => {
      return { as, at: { milliseconds: Math.round((undisturbed.took * 1.3 * (index + 1)) / 40) } };
    });
    const ends = await inLanes(crashes, (crash) => crashAndRunAgain(crash, undisturbed));
    const killed = ends.filter(({ code }) => code === null);
    console.log(`${as}: ${killed.length} killed, ${ends.filter(({ released }) => released).length} had released`);
    expect(killed.length).toBeGreaterThan(10);
  });
});
