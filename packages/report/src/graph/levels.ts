import type { GraphEdge } from "../document.ts";

/** The longest way from a start to each node. Bounded, so that a cycle, which the config refuses, ends too. */
export function levelsOf(number: number, edges: readonly GraphEdge[]): number[] {
  const levels = new Array<number>(number).fill(0);
  for (let round = 0; round < number; round++) {
    for (const { from, to } of edges) {
      levels[to] = Math.min(number - 1, Math.max(levels[to] ?? 0, (levels[from] ?? 0) + 1));
    }
  }
  return levels;
}
