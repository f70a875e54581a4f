import { GluError } from "../errors.ts";
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

/** A repository that cannot be read now: nothing is said of what is proposed there. */
export interface Unread {
  target: ConfigRepository;
  environments: readonly Environment[];
  error: GluError;
}

/** Times that it is judged again because a tip has moved meanwhile. */
const mostRounds = 5;

/**
 * Judges and marks on the newest tips, and again while they move: whoever puts a hold there marks after that, so what was
 * judged before and marked later would stand against it.
 * @param task says whether it did anything that may have to be done again. A repository that cannot be read keeps no
 *   other from being judged
 * @throws GluError when the config cannot be read
 */
export async function onNewest(
  ports: PromotePorts,
  memory: RunMemory,
  task: (benches: readonly Bench[], unread: readonly Unread[]) => Promise<boolean>,
): Promise<void> {
  let now = await benchesOf(ports, memory);
  for (let round = 0; round < mostRounds; round++) {
    if (!(await task(now.benches, now.unread))) return;
    const newer = await benchesOf(ports, memory);
    const before = now.benches;
    const isKnown = ({ target, tip }: Bench) =>
      before.some((one) => one.target === target && one.tip.commit === tip.commit);
    if (newer.benches.every(isKnown)) return;
    now = newer;
  }
  ports.logger.warning(
    `The branch ${ports.repository.branch} moves faster than proposals are judged: the next run marks them again.`,
  );
}

async function benchesOf(
  ports: PromotePorts,
  memory: RunMemory,
): Promise<{ benches: readonly Bench[]; unread: readonly Unread[] }> {
  const { repository, repositoryOf } = ports;
  const configTip = await repository.open();
  const pipeline = await ports.loadPipeline(configTip);
  const proposing = [...pipeline.environments.values()].filter(({ propose }) => propose !== undefined);
  const targets = [...new Set(proposing.map((environment) => repositoryOf(environment)))];
  const opened = await Promise.all(
    targets.map(async (target): Promise<Bench | Unread> => {
      const environments = proposing.filter((environment) => repositoryOf(environment) === target);
      try {
        const tip = target === repository ? configTip : await target.open();
        const judge = new Judge({ target, tip, configTip, pipeline, ports, memory });
        return { target, tip, pipeline, environments, judge };
      } catch (error) {
        if (!(error instanceof GluError)) throw error;
        return { target, environments, error };
      }
    }),
  );
  return {
    benches: opened.filter((one) => "judge" in one),
    unread: opened.filter((one) => "error" in one),
  };
}
