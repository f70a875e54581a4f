import { Sandbox, succeeded } from "../measure/run.ts";
import { Scene, type Traffic } from "../measure/scene.ts";
import { type Spread, spread } from "../measure/statistics.ts";
import type { Link } from "../network/slow-link.ts";
import { repositoryOf } from "../repositories/cache.ts";
import { environments, filesFor, type Shape } from "../repositories/shape.ts";
import { glu } from "../ways/programs.ts";

export interface StatusRow extends Traffic {
  way: string;
  apps: number;
  /** How long the history in each record is. */
  records: Shape["records"];
  wall: Spread;
  cpu: number | undefined;
  memory: number | undefined;
}

export interface StatusOptions {
  apps: number;
  records: Shape["records"];
  link: Link;
  runs: number;
  /** `GLU_TRANSPORT`. */
  transport: "wire" | "git";
}

/** `glu status` of all apps in all environments. @throws Error when a place is missing in the answer */
export async function measureStatus({ apps, records, link, runs, transport }: StatusOptions): Promise<StatusRow> {
  const base = await repositoryOf({ files: filesFor(apps), commits: 100, records });
  const samples: (Traffic & { wall: number; cpu: number | undefined; memory: number | undefined })[] = [];
  for (let run = 0; run < runs; run++) {
    await using scene = await Scene.open(base, link);
    using sandbox = new Sandbox();
    const args = [glu, "status", "--config-repository", scene.url, "--output", "json"];
    const env = transport === "git" ? { GLU_TRANSPORT: "git" } : {};
    const ran = succeeded(await sandbox.run({ program: process.execPath, args, env }));
    const { running } = (JSON.parse(ran.stdout) as { pipeline: { running: { release: unknown }[] } }).pipeline;
    const places = running.filter(({ release }) => release !== null).length;
    if (places !== apps * environments.length) throw new Error(`Status tells of ${places} places.`);
    samples.push({ ...scene.traffic(), wall: ran.wall, cpu: ran.cpu, memory: ran.memory });
  }
  const wall = spread(samples.map((sample) => sample.wall));
  const typical = samples.find((sample) => sample.wall === wall.median);
  if (typical === undefined) throw new Error("Nothing was measured.");
  const way = transport === "git" ? "glu status, git binary" : "glu status, wire";
  return { ...typical, way, apps, records, wall };
}
