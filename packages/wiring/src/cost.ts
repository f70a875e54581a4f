import type { ApiUse, Cost } from "@glu/core";
import type { Outcome } from "./outcome.ts";
import type { Surroundings } from "./surroundings.ts";

/** What a run cost: its repository, and what was asked of the APIs of forges. */
export function costOf(cost: Cost, surroundings: Pick<Surroundings, "calls">): Cost {
  const api = askedOfApis(surroundings);
  return api.length === 0 ? cost : { ...cost, api };
}

/** An outcome that says what was asked of the APIs of forges, and what is left, whichever command it is of. */
export function withApiUse(outcome: Outcome, surroundings: Pick<Surroundings, "calls">): Outcome {
  const { report } = outcome;
  const api = askedOfApis(surroundings);
  if (report === undefined || report.kind === "file" || report.cost?.api !== undefined || api.length === 0)
    return outcome;
  return { ...outcome, report: { ...report, cost: { ...report.cost, api } } };
}

function askedOfApis({ calls }: Pick<Surroundings, "calls">): ApiUse[] {
  return [...(calls?.uses.values() ?? [])].filter((use) => use.calls > 0);
}
