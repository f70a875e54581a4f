import { BareFixture, GitServer } from "@glu/testing/internal";
import { expect } from "vitest";
import { randomFrom } from "../month/random.ts";
import { type Ended, Machine } from "../product/glu-process.ts";
import { jobOf, type PullAsSent, previewFiles } from "../product/pull-event.ts";

export interface PreviewRace {
  seed: number;
  pulls: number;
  atOnce: number;
  /** Previews live in a repository of their own. */
  apart?: boolean;
}

/**
 * Pull requests are opened, pushed to, closed and in part reopened; each event is a process of its own, started late and
 * in any order beside others, and some are started again long after. What stands at the end is what the forge has.
 */
export async function racePreviews({ seed, pulls, atOnce, apart = false }: PreviewRace): Promise<void> {
  const random = randomFrom(seed);
  using machine = new Machine();
  using config = new BareFixture({ seed: previewFiles });
  using own = new BareFixture({ seed: { "README.md": "Previews\n" } });
  await using server = await GitServer.start(config.root);
  await using beside = await GitServer.start(own.root);
  const location = server.url("config.git");
  if (apart) {
    const text = (previewFiles["glu.yaml"] ?? "").replace(
      "previews: {",
      `previews: { repository: "${beside.url("config.git")}",`,
    );
    config.push("main", { "glu.yaml": text });
  }
  const where = apart ? own : config;
  const before = config.git("rev-parse", "main");
  let clock = Date.UTC(2026, 10, 21, 7);
  const heads = new Map<number, string | undefined>();
  const jobs: { verb: "up" | "down"; pull: PullAsSent }[] = [];
  const happens = (number: number, action: string, head: string) => {
    clock += 1000;
    const isClosed = action === "closed";
    const time = new Date(clock).toISOString();
    const pull = { action, number, head, updatedAt: time, ...(isClosed ? { closedAt: time } : {}) };
    heads.set(number, isClosed ? undefined : head);
    jobs.push({ verb: isClosed ? "down" : "up", pull });
  };
  const headOf = (number: number, at: number) => (number * 100 + at).toString(16).padStart(40, "0");
  for (let number = 1; number <= pulls; number++) {
    happens(number, "opened", headOf(number, 1));
    if (random() < 0.5) happens(number, "synchronize", headOf(number, 2));
    happens(number, "closed", headOf(number, 2));
    if (random() < 0.5) happens(number, "reopened", headOf(number, 3));
  }
  const again = jobs.filter(() => random() < 0.2);
  const queue = shuffled([...jobs, ...again], random);
  const ended: Ended[] = [];
  const work = async () => {
    for (let job = queue.pop(); job !== undefined; job = queue.pop()) {
      const args = ["preview", job.verb, "web", "--config-repository", location, "-o", "json"];
      ended.push(await machine.glu(args, { env: jobOf(machine, job.pull) }));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));

  expect(ended.filter(({ code }) => code !== 0).map(({ stdout, stderr }) => stdout + stderr)).toEqual([]);
  expect(ended).toHaveLength(jobs.length + again.length);
  // What a preview's job writes to, and nothing beside it.
  if (apart) expect(config.git("rev-parse", "main")).toBe(before);
  const paths = where.git("ls-tree", "-r", "--name-only", "main").split("\n");
  const stands = [...heads].flatMap(([number, head]) => (head === undefined ? [] : [number]));
  const expected = [...heads].flatMap(([number, head]) =>
    head === undefined
      ? [`.glu/_previews/web/pr-${number}.closed.json`]
      : [
          `.glu/_previews/web/pr-${number}.json`,
          `previews/web/pr-${number}/preview-namespace.yaml`,
          `previews/web/pr-${number}/web.yaml`,
        ],
  );
  expect(paths.filter((path) => !(path in previewFiles || path === "README.md")).sort()).toEqual(expected.sort());
  for (const number of stands) {
    const text = where.git("cat-file", "blob", `main:previews/web/pr-${number}/web.yaml`);
    expect(text).toContain(`commit: "${heads.get(number)}"`);
  }
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const all = [...items];
  for (let at = all.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [all[at], all[other]] = [all[other] as T, all[at] as T];
  }
  return all;
}
