import { Sandbox, succeeded } from "../measure/run.ts";
import { Scene, type Traffic } from "../measure/scene.ts";
import { type Spread, spread } from "../measure/statistics.ts";
import type { Link } from "../network/slow-link.ts";
import { repositoryOf } from "../repositories/cache.ts";
import { valuesPath } from "../repositories/contents.ts";
import { appsOf, commitsFor } from "../repositories/shape.ts";
import { environment, tagOf, type Way } from "../ways/ways.ts";

/** One change made once: what it took. */
export interface Sample extends Traffic {
  wall: number;
  cpu: number | undefined;
  memory: number | undefined;
}

/**
 * Makes the change in a repository as generated, in a fresh process, and looks whether it is there.
 * @throws Error when it is not, or something beside it
 */
export async function changeOnce(base: string, way: Way, app: string, link: Link): Promise<Sample> {
  await using scene = await Scene.open(base, link);
  using sandbox = new Sandbox();
  const before = scene.repository.git("rev-parse", "main");
  const { wall, cpu, memory } = succeeded(await sandbox.run(way.command({ url: scene.url, app })));
  const path = valuesPath(app, environment);
  const expected = way.kind === "glu" ? [`.glu/${app}/${environment}.json`, path] : [path];
  const changed = scene.repository.git("diff-tree", "-r", "--name-only", before, "main").split("\n");
  const text = scene.repository.text(path);
  const isIt = changed.join() === expected.join() && text.includes(`tag: "${tagOf(app)}"`);
  const parent = scene.repository.git("rev-parse", "main~1");
  if (!isIt || parent !== before) throw new Error(`${way.name} did not make the change: ${changed.join(", ")}`);
  return { ...scene.traffic(), wall, cpu, memory };
}

/** One way at one size, over some runs. Counts and bytes are those of the run that took the median time. */
export interface PromotionRow extends Traffic {
  files: number;
  way: string;
  wall: Spread;
  cpu: number | undefined;
  memory: number | undefined;
  runs: number;
}

export interface PromotionOptions {
  sizes: readonly number[];
  ways: readonly Way[];
  link: Link;
  runs: number;
  onRow(row: PromotionRow): void;
}

/** Full promotions and bare commits at each size. Ways take turns, so that a busy moment hits them alike. */
export async function measurePromotions(options: PromotionOptions): Promise<PromotionRow[]> {
  const { sizes, ways, link, runs } = options;
  const rows: PromotionRow[] = [];
  for (const files of sizes) {
    const shape = { files, commits: commitsFor(files), records: "few" as const };
    const base = await repositoryOf(shape);
    const [app = ""] = appsOf(shape);
    const samples = new Map(ways.map((way) => [way, [] as Sample[]]));
    for (let run = 0; run < runs; run++) {
      for (const [way, taken] of samples) taken.push(await changeOnce(base, way, app, link));
    }
    for (const [way, taken] of samples) {
      const row = rowOf(files, way, taken);
      rows.push(row);
      options.onRow(row);
    }
  }
  return rows;
}

function rowOf(files: number, way: Way, samples: readonly Sample[]): PromotionRow {
  const wall = spread(samples.map((sample) => sample.wall));
  const typical = samples.find((sample) => sample.wall === wall.median);
  if (typical === undefined) throw new Error("Nothing was measured.");
  return { ...typical, files, way: way.name, wall, runs: samples.length };
}
