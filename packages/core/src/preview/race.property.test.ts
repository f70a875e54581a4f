import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { race } from "../test-kit/preview-race.ts";
import { missingFiles } from "./missing.ts";

type Raced = Awaited<ReturnType<typeof race>>;

const numbersOf = (all: readonly { number: number }[]) => all.map(({ number }) => number).sort((a, b) => a - b);

function expectAsTheForgeHasIt({ forge, repository, previews, tombstones }: Raced): void {
  const open = [...forge.all.values()].filter(({ isOpen }) => isOpen);
  const wanted = Object.fromEntries(open.map(({ number, head }) => [number, head]));
  expect(Object.fromEntries(previews.map(({ number, head }) => [number, head]))).toEqual(wanted);
  const closed = [...forge.all.values()].filter(({ isOpen }) => !isOpen);
  expect(tombstones.filter(({ number }) => wanted[number] !== undefined)).toEqual([]);
  expect(numbersOf(closed)).toEqual(expect.arrayContaining(numbersOf(tombstones)));
  const files = [...(repository.commits.at(-1)?.files.keys() ?? [])].filter((path) => path.startsWith("previews/"));
  expect(new Set(files.map((path) => path.split("/")[2]))).toEqual(new Set(open.map(({ number }) => `pr-${number}`)));
}

it.each([
  [1, true],
  [2, true],
  [3, true],
  [4, false],
  [5, false],
])(
  "200 pull requests, 8 jobs at once, seed %i, the forge asked: %s: no orphan, none lost, none stale",
  async (seed, asks) => {
    const raced = await race({ seed, pulls: 200, atOnce: 8, asks });
    expectAsTheForgeHasIt(raced);
    const closed = [...raced.forge.all.values()].filter(({ isOpen }) => !isOpen);
    expect(numbersOf(raced.tombstones)).toEqual(numbersOf(closed));
  },
);

it("whatever the order: what stands at the end is what the forge has", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.boolean(), fc.integer({ min: 1, max: 8 }), async (seed, asks, atOnce) => {
      expectAsTheForgeHasIt(await race({ seed, pulls: 6, atOnce, asks }));
    }),
    { numRuns: 60 },
  );
});

describe("with sweeps beside it, of a forge that lags behind and lists that are cut off", () => {
  const expectSwept = async (raced: Raced) => {
    expectAsTheForgeHasIt(raced);
    expect(await missingFiles(raced.previews, await raced.repository.open())).toEqual([]);
  };

  it.each([
    [11, true],
    [12, false],
  ])(
    "200 pull requests, 8 jobs at once, closes that are missed, files deleted by hand, seed %i, the forge asked: %s",
    async (seed, asks) => {
      await expectSwept(await race({ seed, pulls: 200, atOnce: 8, asks, sweeps: true }));
    },
  );

  it("whatever the order: no orphan, none lost, none stale, none in part", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.boolean(), fc.integer({ min: 1, max: 8 }), async (seed, asks, atOnce) => {
        await expectSwept(await race({ seed, pulls: 6, atOnce, asks, sweeps: true }));
      }),
      { numRuns: 80 },
    );
  });
});

it("with a limit, whatever the order: never more than that, and who has none was evicted", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.boolean(), fc.integer({ min: 1, max: 8 }), async (seed, asks, atOnce) => {
      const limit = 3;
      const { forge, previews, tombstones, repository } = await race({ seed, pulls: 8, atOnce, asks, limit });
      for (const { files } of repository.commits) {
        const there = [...files.keys()].filter((path) => /^\.glu\/_previews\/web\/pr-\d+\.json$/.test(path));
        expect(there.length).toBeLessThanOrEqual(limit);
      }
      for (const { number, head } of previews) expect(forge.all.get(number)).toMatchObject({ isOpen: true, head });
      for (const { number, isOpen } of forge.all.values()) {
        if (!isOpen || previews.some((one) => one.number === number)) continue;
        expect(tombstones.find((one) => one.number === number)).toMatchObject({ because: "evicted" });
      }
    }),
    { numRuns: 60 },
  );
});
