import type { Candidate } from "../promote/candidates.ts";
import type { PromotePorts } from "../promote/options.ts";
import type { RunMemory } from "../promote/run-memory.ts";
import { refreshStatuses } from "./refresh.ts";

/** What a run adds by judging again what is proposed where it looked. */
export interface Attended {
  /** Open proposals. */
  open: number;
  notices: string[];
}

/** Judges again what is proposed in the places that a run looked at, once it has done what it does. */
export async function attend(
  candidates: readonly Candidate[],
  { plan }: { plan: boolean },
  ports: PromotePorts,
  memory: RunMemory,
): Promise<Attended> {
  const proposed = candidates.filter(({ environment }) => environment.propose !== undefined);
  if (plan || proposed.length === 0) return { open: 0, notices: [] };
  const scope = {
    apps: [...new Set(proposed.map(({ app }) => app.name))],
    environments: [...new Set(proposed.map(({ environment }) => environment.name))],
  };
  const { proposals, notices, warnings } = await refreshStatuses(scope, ports, memory);
  for (const warning of warnings) ports.logger.warning(warning);
  return { open: proposals.length, notices: [...warnings, ...notices] };
}
