import type { Decision } from "../model/decision.ts";
import type { AppName, EnvName } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { Candidate } from "../promote/candidates.ts";
import type { PromotePorts } from "../promote/options.ts";
import type { RunMemory } from "../promote/run-memory.ts";
import { type Reapply, refreshStatuses } from "./refresh.ts";

/** What a run adds by judging again what is proposed where it looked. */
export interface Attended {
  /** Open proposals. */
  open: number;
  notices: string[];
}

/** What a run has looked at, and done. */
export interface RunDone {
  candidates: readonly Candidate[];
  decisions: readonly Decision[];
  pipeline: Pipeline;
}

/**
 * Judges again what is proposed in the places that a run looked at, once it has done what it does, and further on where
 * it has promoted something: what is released now counts there.
 */
export async function attend(
  { candidates, decisions, pipeline }: RunDone,
  { plan, reapply }: { plan: boolean; reapply?: Reapply },
  ports: PromotePorts,
  memory: RunMemory,
): Promise<Attended> {
  const looked = candidates
    .filter(({ environment }) => environment.propose !== undefined)
    .map(({ app, environment }) => ({ app: app.name, environment: environment.name }));
  const places = [...looked, ...furtherOn(decisions, pipeline)];
  if (plan || places.length === 0) return { open: 0, notices: [] };
  const scope = {
    apps: [...new Set(places.map(({ app }) => app))],
    environments: [...new Set(places.map(({ environment }) => environment))],
  };
  const { proposals, notices, warnings } = await refreshStatuses(scope, ports, memory, reapply);
  for (const warning of warnings) ports.logger.warning(warning);
  return { open: proposals.length, notices: [...warnings, ...notices] };
}

/** Where apps that were promoted are proposed to next. */
function furtherOn(decisions: readonly Decision[], pipeline: Pipeline): { app: AppName; environment: EnvName }[] {
  const promoted = decisions.filter(({ result }) => result === "promoted");
  return promoted.flatMap(({ intent: { app, environment: before } }) =>
    [...pipeline.environments.values()]
      .filter(({ propose, from }) => propose !== undefined && from?.environments.includes(before) === true)
      .filter(({ name }) => pipeline.apps.get(app)?.environments.includes(name) === true)
      .map(({ name }) => ({ app, environment: name })),
  );
}
