import { Sandbox, succeeded } from "../measure/run.ts";
import { Scene, type Traffic } from "../measure/scene.ts";
import { type Spread, spread } from "../measure/statistics.ts";
import type { Link } from "../network/slow-link.ts";
import { repositoryOf } from "../repositories/cache.ts";
import { generateNewer } from "../repositories/generate.ts";
import { appsOf, filesFor } from "../repositories/shape.ts";
import { glu } from "../ways/programs.ts";

export interface ScheduleRow extends Traffic {
  way: string;
  apps: number;
  /** Apps that have an artifact that is not in testing yet. */
  newer: number;
  wall: Spread;
  cpu: number | undefined;
  memory: number | undefined;
}

export interface ScheduleOptions {
  /** At most as many as have artifacts. */
  apps: number;
  newer: number;
  link: Link;
  runs: number;
  /** `GLU_TRANSPORT`. */
  transport: "wire" | "git";
}

/**
 * `glu promote` as a schedule starts it: all apps by their policies, each with 200 artifacts.
 * @throws Error when it promoted another number of them than have something newer
 */
export async function measureSchedule({ apps, newer, link, runs, transport }: ScheduleOptions): Promise<ScheduleRow> {
  const shape = { files: filesFor(apps), commits: 20, records: "few" } as const;
  const base = await repositoryOf(shape);
  const samples: (Traffic & { wall: number; cpu: number | undefined; memory: number | undefined })[] = [];
  for (let run = 0; run < runs; run++) {
    await using scene = await Scene.open(base, link);
    using sandbox = new Sandbox();
    scene.repository.import([...generateNewer(appsOf(shape).slice(0, newer))].join(""));
    const args = [glu, "promote", "--config-repository", scene.url, "--output", "json"];
    const env = transport === "git" ? { GLU_TRANSPORT: "git" } : {};
    const ran = succeeded(await sandbox.run({ program: process.execPath, args, env }));
    const { decisions } = JSON.parse(ran.stdout) as { decisions: { result: string }[] };
    const promoted = decisions.filter(({ result }) => result === "promoted").length;
    if (decisions.length !== apps || promoted !== newer) throw new Error(`Of ${decisions.length}, ${promoted} went.`);
    samples.push({ ...scene.traffic(), wall: ran.wall, cpu: ran.cpu, memory: ran.memory });
  }
  const wall = spread(samples.map((sample) => sample.wall));
  const typical = samples.find((sample) => sample.wall === wall.median);
  if (typical === undefined) throw new Error("Nothing was measured.");
  return { ...typical, way: transport === "git" ? "glu promote, git binary" : "glu promote, wire", apps, newer, wall };
}
