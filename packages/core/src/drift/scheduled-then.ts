import { GluError } from "../errors.ts";
import { type FrozenOnSchedule, frozenOnSchedule } from "../gates/window.ts";
import type { EnvName } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { Snapshot } from "../ports/config-repository.ts";
import type { DriftPorts } from "./options.ts";
import type { Step } from "./who-changed.ts";

/** The freezes of the config that held an environment when a commit was made. */
export type ScheduledThen = (step: Step, environment: EnvName) => Promise<FrozenOnSchedule[]>;

/**
 * By the config as it stood in the commit before, so that one that the commit itself removes held it all the same. Where
 * the config lies in another repository, or could not be read then, it is as it stands now.
 * @param tip of the repository that the commits are of; undefined where the config is not in it
 */
export function scheduledThen(
  tip: Snapshot | undefined,
  pipeline: Pipeline,
  { loadPipeline }: Pick<DriftPorts, "loadPipeline">,
): ScheduledThen {
  const known = new Map<string, Promise<Pipeline>>();
  const pipelineAt = (commit: Step["before"]["commit"]): Promise<Pipeline> => {
    const loaded = known.get(commit) ?? (tip === undefined ? Promise.resolve(pipeline) : load(tip, commit));
    known.set(commit, loaded);
    return loaded;
  };
  async function load(at: Snapshot, commit: Step["before"]["commit"]): Promise<Pipeline> {
    try {
      return await loadPipeline(await at.at(commit));
    } catch (error) {
      if (!(error instanceof GluError)) throw error;
      return pipeline;
    }
  }
  return async ({ entry, before }, environment) => {
    const then = await pipelineAt(before.commit);
    const declared = then.environments.get(environment);
    return declared === undefined ? [] : frozenOnSchedule(declared, Date.parse(entry.committedAt));
  };
}
