import fc from "fast-check";
import { expect, it } from "vitest";
import { appName, requestId } from "../model/names.ts";
import type { Pull } from "../ports/pulls.ts";
import { headOf, MemoryPulls, morning, previewWorld, upOf } from "../test-kit/previews.ts";
import { previewDown } from "./down.ts";
import { readAll } from "./state.ts";
import { previewUp } from "./up.ts";

const web = appName("web");
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The forge's answers lag behind by up to so many states. */
class LaggingPulls extends MemoryPulls {
  readonly past = new Map<number, Pull[]>();
  lag: () => number = () => 0;

  override set(number: number, more: Partial<Pull> = {}): Pull {
    const pull = super.set(number, more);
    this.past.set(number, [...(this.past.get(number) ?? []), pull]);
    return pull;
  }

  override async find(number: number): Promise<Pull | undefined> {
    const states = this.past.get(number) ?? [];
    return states[Math.max(0, states.length - 1 - this.lag())];
  }
}

interface Seeded {
  seed: number;
  pulls: number;
  atOnce: number;
  /** Whether the forge is asked what is so now, beside what its events say. */
  asks: boolean;
}

/**
 * Pull requests are opened, pushed to, closed and reopened; each event starts a job, late and in any order, with others
 * beside it, and some jobs are run again long after. At the end what stands is what the forge has.
 */
async function race({ seed, pulls: count, atOnce, asks }: Seeded) {
  const random = seededRandom(seed);
  const upTo = (most: number) => Math.floor(random() * most);
  const forge = new LaggingPulls();
  const base = previewWorld();
  const world = { ...base, pulls: asks ? forge : undefined };
  const commit = world.repository.commit.bind(world.repository);
  world.repository.commit = async (onto, change) => {
    for (let turns = upTo(4); turns > 0; turns--) await turn();
    return commit(onto, change);
  };
  forge.lag = () => (random() < 0.2 ? upTo(3) : 0);
  let clock = morning;
  const jobs: (() => Promise<unknown>)[] = [];
  const later = (job: () => Promise<unknown>) => {
    jobs.splice(upTo(Math.min(jobs.length, 3 * atOnce) + 1), 0, job);
    // Somebody runs it again, in the middle of whatever else happens.
    if (random() < 0.2) jobs.splice(upTo(jobs.length + 1), 0, job);
  };
  const change = (number: number, more: Partial<Pull>) => {
    clock += 1 + upTo(1000);
    const pull = forge.set(number, {
      updatedAt: clock,
      ...more,
      ...(more.isOpen === false ? { closedAt: clock } : {}),
    });
    const actor = { name: "ada", verified: true };
    const of = { app: web, number, actor, author: undefined, plan: false };
    const event = { clock, isOwn: true };
    const request = requestId(`${number}-${clock}`);
    if (pull.isOpen) later(() => previewUp(upOf(pull), world));
    else later(() => previewDown({ ...of, request, event, because: "closed" }, world));
  };
  const working = new Set<Promise<unknown>>();
  const work = async (least: number) => {
    while (jobs.length > least || working.size > 0) {
      while (working.size < atOnce && jobs.length > 0) {
        const job = jobs.pop()!;
        const done: Promise<unknown> = job().finally(() => working.delete(done));
        working.add(done);
      }
      if (working.size > 0) await Promise.race(working);
    }
  };
  const open = [...Array(count).keys()].map((at) => at + 1);
  for (const number of open) change(number, { head: headOf(`${number}-0`) });
  for (let step = 0; step < 3 * count; step++) {
    const number = 1 + upTo(count);
    const pull = forge.all.get(number)!;
    if (!pull.isOpen) change(number, { isOpen: true, closedAt: undefined });
    else if (random() < 0.5) change(number, { isOpen: false });
    else change(number, { head: headOf(`${number}-${step}`) });
    if (jobs.length > 4 * atOnce) await work(2 * atOnce);
  }
  await work(0);
  return { forge, repository: world.repository };
}

function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

async function expectAsTheForgeHasIt({ forge, repository }: Awaited<ReturnType<typeof race>>): Promise<void> {
  const { previews, tombstones } = await readAll(await repository.open());
  const open = [...forge.all.values()].filter(({ isOpen }) => isOpen);
  const wanted = Object.fromEntries(open.map(({ number, head }) => [number, head]));
  expect(Object.fromEntries(previews.map(({ number, head }) => [number, head]))).toEqual(wanted);
  const closed = [...forge.all.values()].filter(({ isOpen }) => !isOpen).map(({ number }) => number);
  expect(tombstones.map(({ number }) => number).sort((a, b) => a - b)).toEqual(closed.sort((a, b) => a - b));
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
    await expectAsTheForgeHasIt(await race({ seed, pulls: 200, atOnce: 8, asks }));
  },
);

it("whatever the order: what stands at the end is what the forge has", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.boolean(), fc.integer({ min: 1, max: 8 }), async (seed, asks, atOnce) => {
      await expectAsTheForgeHasIt(await race({ seed, pulls: 6, atOnce, asks }));
    }),
    { numRuns: 60 },
  );
});
