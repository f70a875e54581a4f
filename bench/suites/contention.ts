import { type Ran, Sandbox } from "../measure/run.ts";
import { Scene, type Traffic } from "../measure/scene.ts";
import type { Link } from "../network/slow-link.ts";
import { repositoryOf } from "../repositories/cache.ts";
import { valuesPath } from "../repositories/contents.ts";
import { appsOf, commitsFor } from "../repositories/shape.ts";
import { environment, tagOf, type Way } from "../ways/ways.ts";

export interface ContentionRow extends Traffic {
  way: string;
  writers: number;
  files: number;
  /** Said that they failed. */
  failed: number;
  /** Said that they succeeded, and their change is not there. */
  lost: number;
  /** For one change that landed. */
  pushesEach: number;
  /** Milliseconds until the last had ended. */
  wall: number;
  /** Milliseconds of all of them; undefined where there is no GNU time. */
  cpu: number | undefined;
}

/** So many separate processes change one branch at once, each an app of its own. */
export async function contend(
  base: string,
  files: number,
  way: Way,
  writers: number,
  link: Link,
): Promise<ContentionRow> {
  const apps = appsOf({ files }).slice(0, writers);
  if (apps.length < writers) throw new Error(`A repository of ${files} files has no ${writers} apps.`);
  await using scene = await Scene.open(base, link);
  const started = performance.now();
  const ends = await Promise.all(
    apps.map(async (app): Promise<[string, Ran]> => {
      using sandbox = new Sandbox();
      return [app, await sandbox.run(way.command({ url: scene.url, app }))];
    }),
  );
  const wall = performance.now() - started;
  const landed = ([app]: [string, Ran]) =>
    scene.repository.text(valuesPath(app, environment)).includes(`tag: "${tagOf(app)}"`);
  const succeeded = ends.filter(([, { code }]) => code === 0);
  const traffic = scene.traffic();
  const cpus = ends.map(([, { cpu }]) => cpu);
  return {
    ...traffic,
    way: way.name,
    writers,
    files,
    failed: ends.length - succeeded.length,
    lost: succeeded.filter((end) => !landed(end)).length,
    pushesEach: traffic.pushes / ends.filter(landed).length,
    wall,
    cpu: cpus.includes(undefined) ? undefined : cpus.reduce<number>((sum, cpu) => sum + (cpu ?? 0), 0),
  };
}

export interface ContentionOptions {
  files: number;
  writers: readonly number[];
  ways: readonly Way[];
  link: Link;
  onRow(row: ContentionRow): void;
}

export async function measureContention({
  files,
  writers,
  ways,
  link,
  onRow,
}: ContentionOptions): Promise<ContentionRow[]> {
  const base = await repositoryOf({ files, commits: commitsFor(files), records: "few" });
  const rows: ContentionRow[] = [];
  for (const count of writers) {
    for (const way of ways) {
      const row = await contend(base, files, way, count, link);
      rows.push(row);
      onRow(row);
    }
  }
  return rows;
}
