import type { RepoPath } from "../model/names.ts";
import { appName, requestId } from "../model/names.ts";
import type { OpenPulls, Pull } from "../ports/pulls.ts";
import { previewDown } from "../preview/down.ts";
import { extendPreview } from "../preview/extend.ts";
import type { PreviewSettings } from "../preview/options.ts";
import { readAll } from "../preview/state.ts";
import { previewUp } from "../preview/up.ts";
import { day, headOf, MemoryPulls, morning, previewWorld, settings, sweepIn, upOf } from "./previews.ts";

const web = appName("web");
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The forge's answers lag behind by up to so many states, and its lists leave some out. */
class LaggingPulls extends MemoryPulls {
  readonly past = new Map<number, Pull[]>();
  lag: () => number = () => 0;
  isCut: () => boolean = () => false;

  override set(number: number, more: Partial<Pull> = {}): Pull {
    const pull = super.set(number, more);
    this.past.set(number, [...(this.past.get(number) ?? []), pull]);
    return pull;
  }

  override async find(number: number): Promise<Pull | undefined> {
    const states = this.past.get(number) ?? [];
    return states[Math.max(0, states.length - 1 - this.lag())];
  }

  override async open(): Promise<OpenPulls> {
    const told = await Promise.all([...this.all.keys()].map((number) => this.find(number)));
    const open = told.flatMap((pull) => (pull?.isOpen ? [pull] : []));
    return this.isCut() ? { pulls: open.slice(1), complete: false } : { pulls: open, complete: true };
  }
}

export interface Seeded {
  seed: number;
  pulls: number;
  atOnce: number;
  /** Whether the forge is asked what is so now, beside what its events say. */
  asks: boolean;
  /**
   * Closes are missed, files are deleted by hand, previews are extended, and sweeps run beside all that, half of them with
   * force.
   */
  sweeps?: boolean;
  /** How many there may be, of which the one that was idle longest goes. */
  limit?: number;
}

/**
 * Pull requests are opened, pushed to, closed and reopened; each event starts a job, late and in any order, with others
 * beside it, and some jobs are run again long after. At the end what stands is what the forge has.
 */
export async function race({ seed, pulls: count, atOnce, asks, sweeps = false, limit }: Seeded) {
  const random = seededRandom(seed);
  const upTo = (most: number) => Math.floor(random() * most);
  const forge = new LaggingPulls();
  const base = previewWorld();
  const world = { ...base, pulls: asks ? forge : undefined };
  const own: PreviewSettings = limit === undefined ? settings : { ...settings, limit, onLimit: "evict-idle" };
  const commit = world.repository.commit.bind(world.repository);
  world.repository.commit = async (onto, change) => {
    for (let turns = upTo(4); turns > 0; turns--) await turn();
    return commit(onto, change);
  };
  forge.lag = () => (random() < 0.2 ? upTo(3) : 0);
  forge.isCut = () => random() < 0.2;
  let clock = morning;
  const jobs: (() => Promise<unknown>)[] = [];
  const later = (job: () => Promise<unknown>) => {
    jobs.splice(upTo(Math.min(jobs.length, 3 * atOnce) + 1), 0, job);
    // Somebody runs it again, in the middle of whatever else happens.
    if (random() < 0.2) jobs.splice(upTo(jobs.length + 1), 0, job);
  };
  const change = (number: number, more: Partial<Pull>) => {
    clock += 1 + upTo(1000);
    // What may be evicted has been idle for hours.
    if (limit !== undefined) base.now = clock + day / 4;
    const pull = forge.set(number, {
      updatedAt: clock,
      ...more,
      ...(more.isOpen === false ? { closedAt: clock } : {}),
    });
    const actor = { name: "ada", verified: true };
    const of = { app: web, number, actor, author: undefined, plan: false };
    const event = { clock, isOwn: true };
    const request = requestId(`${number}-${clock}`);
    if (pull.isOpen) later(() => previewUp(upOf(pull, { settings: own }), world));
    else if (!sweeps || random() < 0.7) {
      later(() => previewDown({ ...of, request, event, because: "closed" }, world));
    }
    if (!sweeps) return;
    if (random() < 0.2) later(() => extendPreview({ ...of, request, by: day }, world));
    if (random() < 0.2) later(() => deleteFile(number));
    if (random() < 0.3) later(() => sweepIn({ ...base, pulls: forge }, { force: random() < 0.5 }));
  };
  const deleteFile = async (number: number) => {
    const path = `previews/web/pr-${number}/web.yaml` as RepoPath;
    if (world.repository.text(path) !== undefined) world.repository.push("By hand", [{ path, content: undefined }]);
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
  // One stays open all the time: where there is none, a sweep does not believe it.
  change(count + 1, { head: headOf("stays") });
  for (let step = 0; step < 3 * count; step++) {
    const number = 1 + upTo(count);
    const pull = forge.all.get(number)!;
    if (!pull.isOpen) change(number, { isOpen: true, closedAt: undefined });
    else if (random() < 0.5) change(number, { isOpen: false });
    else change(number, { head: headOf(`${number}-${step}`) });
    if (jobs.length > 4 * atOnce) await work(2 * atOnce);
  }
  await work(0);
  if (sweeps) {
    // What was missed at the very end the next sweep finds, when the forge knows it.
    [forge.lag, forge.isCut] = [() => 0, () => false];
    await sweepIn({ ...base, pulls: forge }, { force: true });
  }
  return { forge, repository: world.repository, ...(await readAll(await world.repository.open())) };
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
