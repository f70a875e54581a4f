import type { Cost } from "@glu/core";
import type { Surroundings } from "./surroundings.ts";

/** What a run cost: its repository, and what was asked of the APIs of forges. */
export function costOf(cost: Cost, { calls }: Pick<Surroundings, "calls">): Cost {
  const api = [...(calls?.uses.values() ?? [])].filter((use) => use.calls > 0);
  return api.length === 0 ? cost : { ...cost, api };
}
