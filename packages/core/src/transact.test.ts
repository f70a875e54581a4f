import { expect, it } from "vitest";
import { OutsideError } from "./errors.ts";
import { clockAt, MemoryRepository, start } from "./test-kit/memory.ts";
import { type Tries, transact } from "./transact.ts";

const minute = 60_000;
const commit = { message: "Change it", changes: [] };

/** A repository whose pushes end like this, one after the other, and attempts that each take some minutes. */
function setting(pushes: readonly ("unclear" | "lost" | "committed")[], takes: number) {
  const clock = clockAt(start);
  const repository = new MemoryRepository({});
  const left = [...pushes];
  repository.commit = (async () => {
    const end = left.shift() ?? pushes.at(-1);
    if (end === "unclear") throw new OutsideError("repository/unclear", "It did not answer.", { transient: true });
    return end === "lost" ? { kind: "lost" } : { kind: "committed", commit: "c" };
  }) as never;
  const tried: Tries[] = [];
  const run = () =>
    transact({ repository, clock }, async (_tip, tries) => {
      tried.push(tries);
      clock.time += takes * minute;
      return { commit, done: (made) => made };
    });
  return { clock, tried, run };
}

it("what an attempt takes by itself is no contention", async () => {
  const { run, tried } = setting(["lost", "committed"], 30);
  expect(await run()).toBe("c");
  expect(tried).toEqual([
    { count: 0, unclear: false },
    { count: 1, unclear: false },
  ]);
});

it("who has waited long in an attempt does not wait as long for the next one", async () => {
  const { run, clock } = setting(["lost", "committed"], 30);
  await run();
  expect(clock.time - start).toBeLessThan(61 * minute);
});

it("what may have arrived is looked for before it is given up, and is not called unwritten", async () => {
  const { run, tried } = setting(["lost", "unclear", "lost"], 3);
  await expect(run()).rejects.toMatchObject({
    code: "repository/contention",
    fix: expect.stringMatching(/^Whether something was written is not clear/),
  });
  expect(tried.at(-1)).toEqual({ count: 2, unclear: true });
});

it("is given up after two minutes of lost races, and says that nothing was written", async () => {
  const { run, tried } = setting(["lost"], 1);
  await expect(run()).rejects.toMatchObject({ fix: expect.stringMatching(/^Nothing was written/) });
  expect(tried.length).toBeGreaterThan(2);
});
