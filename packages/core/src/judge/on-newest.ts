import type { Environment, Pipeline } from "../model/pipeline.ts";
import type { ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import type { PromotePorts } from "../promote/options.ts";
import type { RunMemory } from "../promote/run-memory.ts";
import { Judge } from "./judge.ts";

/** A repository in which environments are proposed to, at its newest tip. */
export interface Bench {
  target: ConfigRepository;
  tip: Snapshot;
  pipeline: Pipeline;
  /** All that live there and whose changes are proposed. */
  environments: readonly Environment[];
  judge: Judge;
}

/** Times that it is judged again because a tip has moved meanwhile. */
const mostRounds = 5;

/**
 * Judges and marks on the newest tips, and again while they move: whoever puts a hold there marks after that, so what was
 * judged before and marked later would stand against it.
 * @param task says whether it did anything that may have to be done again
 */
export async function onNewest(
  ports: PromotePorts,
  memory: RunMemory,
  task: (benches: readonly Bench[]) => Promise<boolean>,
): Promise<void> {
  let benches = await benchesOf(ports, memory);
  for (let round = 0; round < mostRounds; round++) {
    if (!(await task(benches))) return;
    const newer = await benchesOf(ports, memory);
    if (newer.every(({ tip }, index) => tip.commit === benches[index]?.tip.commit)) return;
    benches = newer;
  }
  ports.logger.warning(
    `The branch ${ports.repository.branch} moves faster than proposals are judged: the next run marks them again.`,
  );
}

async function benchesOf(ports: PromotePorts, memory: RunMemory): Promise<Bench[]> {
  const { repository, repositoryOf } = ports;
  const configTip = await repository.open();
  const pipeline = await ports.loadPipeline(configTip);
  const proposing = [...pipeline.environments.values()].filter(({ propose }) => propose !== undefined);
  const targets = [...new Set(proposing.map((environment) => repositoryOf(environment)))];
  return Promise.all(
    targets.map(async (target): Promise<Bench> => {
      const tip = target === repository ? configTip : await target.open();
      const environments = proposing.filter((environment) => repositoryOf(environment) === target);
      const judge = new Judge({ target, tip, configTip, pipeline, ports, memory });
      return { target, tip, pipeline, environments, judge };
    }),
  );
}
