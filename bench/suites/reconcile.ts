import { Sandbox, succeeded } from "../measure/run.ts";
import { Scene, type Traffic } from "../measure/scene.ts";
import { type Spread, spread } from "../measure/statistics.ts";
import type { Link } from "../network/slow-link.ts";
import { repositoryOf } from "../repositories/cache.ts";
import { generateNewer } from "../repositories/generate.ts";
import { appsOf, environments, filesFor } from "../repositories/shape.ts";
import { glu } from "../ways/programs.ts";

/**
 * What was there for a run to find. `nothing`: the run before had looked at everything. `remembered nothing`: everything
 * must be looked at, and nothing moves. `builds`: some apps have an artifact that is nowhere yet.
 */
export const findings = ["nothing", "remembered nothing", "builds"] as const;
export type Finding = (typeof findings)[number];

export interface ReconcileRow extends Traffic {
  apps: number;
  found: Finding;
  /** Promotions that were made: each build goes through the environments that do not make it wait. */
  promoted: number;
  wall: Spread;
  cpu: number | undefined;
  memory: number | undefined;
}

export interface ReconcileOptions {
  apps: number;
  found: Finding;
  /** Apps that were built, where something is found. */
  builds: number;
  link: Link;
  runs: number;
}

interface Answer {
  decisions: { result: string }[];
  reconciled: { looked?: { places: number }; quietUntil?: string };
}

/**
 * `glu reconcile` of all apps in four environments. What was waiting at first is promoted before anything is measured.
 * @throws Error when it did not look at every place, or promoted another number than there is to promote
 */
export async function measureReconcile({ apps, found, builds, link, runs }: ReconcileOptions): Promise<ReconcileRow> {
  const shape = { files: filesFor(apps), commits: 20, records: "few", edges: true } as const;
  const base = await repositoryOf(shape);
  const samples: (Traffic & Pick<ReconcileRow, "promoted" | "cpu" | "memory"> & { wall: number })[] = [];
  for (let run = 0; run < runs; run++) {
    await using scene = await Scene.open(base, link);
    using sandbox = new Sandbox();
    const args = [glu, "reconcile", "--config-repository", scene.url, "--output", "json"];
    const reconcile = async () => succeeded(await sandbox.run({ program: process.execPath, args }));
    await reconcile();
    if (found === "nothing") await reconcile();
    const built = found === "builds" ? appsOf(shape).slice(0, builds) : [];
    scene.repository.import([...generateNewer(built)].join(""));
    const before = scene.traffic();
    const { wall, cpu, memory, stdout } = await reconcile();
    const { decisions, reconciled } = JSON.parse(stdout) as Answer;
    const promoted = decisions.filter(({ result }) => result === "promoted").length;
    // A run that ends after one request tells what the one before it looked at.
    const looked = reconciled.quietUntil === undefined ? (reconciled.looked?.places ?? 0) : 0;
    if (looked !== (found === "nothing" ? 0 : apps * environments.length) || promoted !== 2 * built.length) {
      throw new Error(`It looked at ${looked} places, and ${promoted} went.`);
    }
    samples.push({ ...since(before, scene.traffic()), promoted, wall, cpu, memory });
  }
  const wall = spread(samples.map((sample) => sample.wall));
  const typical = samples.find((sample) => sample.wall === wall.median);
  if (typical === undefined) throw new Error("Nothing was measured.");
  return { ...typical, apps, found, wall };
}

function since(before: Traffic, after: Traffic): Traffic {
  return {
    requests: after.requests - before.requests,
    connections: after.connections - before.connections,
    received: after.received - before.received,
    sent: after.sent - before.sent,
    pushes: after.pushes - before.pushes,
  };
}
