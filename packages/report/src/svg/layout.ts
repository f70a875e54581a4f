import type { Graph, GraphEdge, GraphNode } from "../document.ts";
import { levelsOf } from "../graph/levels.ts";
import { displayWidth } from "../text/display-width.ts";

export interface Box {
  node: GraphNode;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Way {
  edge: GraphEdge;
  /** From the right side of one box through the columns between to the left side of another. */
  points: readonly { x: number; y: number }[];
}

export interface Layout {
  width: number;
  height: number;
  boxes: readonly Box[];
  ways: readonly Way[];
}

export const metrics = {
  margin: 16,
  lineHeight: 20,
  padding: 12,
  /** Between columns, where the arrows are. */
  columnGap: 56,
  rowGap: 16,
  /** Pixels of a character, rather more than it takes in usual fonts of that size. */
  character: 7.5,
  /** The same of a name, which is bold and a size larger. */
  boldCharacter: 8.5,
  narrowest: 120,
} as const;

/** The height of the place that a way keeps in a column which it passes. */
const lane = 8;

/** A place in a column: a box, or a way that passes. */
type Slot = { height: number; order: number } & ({ box: number } | { passing: GraphEdge });

/**
 * Boxes in columns from left to right, by their distance from the start, as in the HTML report. A way that passes a
 * column keeps a place in it, so that no arrow lies under a box. Within a column, each stands where what leads to it
 * stands (the barycenter heuristic of Sugiyama, Tagawa and Toda, 1981).
 */
export function layOut({ nodes, edges }: Graph): Layout {
  const levels = levelsOf(nodes.length, edges);
  const columns = Array.from({ length: Math.max(0, ...levels) + 1 }, (_, level): Slot[] => [
    ...nodes.flatMap((node, box) => (levels[box] === level ? [{ box, height: heightOf(node), order: box }] : [])),
    ...edges
      .filter(({ from, to }) => (levels[from] ?? 0) < level && level < (levels[to] ?? 0))
      .map((passing) => ({ passing, height: lane, order: nodes.length })),
  ]);
  sort(columns, edges);
  const heights = columns.map((slots) => sum(slots.map(({ height }) => height)) + (slots.length - 1) * metrics.rowGap);
  const tallest = Math.max(0, ...heights);
  const boxes: Box[] = [];
  const passed = new Map<GraphEdge, { x: number; y: number }[]>();
  let x: number = metrics.margin;
  columns.forEach((slots, level) => {
    const width = Math.max(
      metrics.narrowest,
      ...slots.map((slot) => ("box" in slot ? widthOf(nodes[slot.box] as GraphNode) : 0)),
    );
    let y = metrics.margin + (tallest - (heights[level] ?? 0)) / 2;
    for (const slot of slots) {
      if ("box" in slot) boxes[slot.box] = { node: nodes[slot.box] as GraphNode, x, y, width, height: slot.height };
      else {
        const middle = y + slot.height / 2;
        passed.set(slot.passing, [...(passed.get(slot.passing) ?? []), { x, y: middle }, { x: x + width, y: middle }]);
      }
      y += slot.height + metrics.rowGap;
    }
    x += width + metrics.columnGap;
  });
  const ways = edges.map((edge): Way => {
    const [from, to] = [boxes[edge.from] as Box, boxes[edge.to] as Box];
    const start = { x: from.x + from.width, y: from.y + from.height / 2 };
    return { edge, points: [start, ...(passed.get(edge) ?? []), { x: to.x, y: to.y + to.height / 2 }] };
  });
  return {
    width: x - metrics.columnGap + metrics.margin,
    height: tallest + 2 * metrics.margin,
    boxes,
    ways,
  };
}

/** Each column by where those stand that lead to it, the columns before it being sorted. */
function sort(columns: readonly Slot[][], edges: readonly GraphEdge[]): void {
  columns.forEach((slots, level) => {
    if (level > 0) {
      const places = new Map<number, number>();
      for (const column of columns.slice(0, level)) {
        column.forEach((slot, index) => {
          const place = (index + 0.5) / column.length;
          if ("box" in slot) places.set(slot.box, place);
        });
      }
      const mean = (slot: Slot): number => {
        const leading = "box" in slot ? edges.filter(({ to }) => to === slot.box) : [slot.passing];
        const known = leading.map(({ from }) => places.get(from) ?? 0.5);
        return known.length === 0 ? 0.5 : sum(known) / known.length;
      };
      for (const slot of slots) slot.order = mean(slot);
      // Equal ones stay in the order of the pipeline.
      slots.sort((a, b) => a.order - b.order);
    }
  });
}

/** Lines of a box: its name, its tier, and what it says. */
export const linesOf = ({ tier, lines }: GraphNode): string[] => [
  ...(tier === undefined ? [] : [`tier ${tier}`]),
  ...lines,
];

const heightOf = (node: GraphNode): number => (linesOf(node).length + 1) * metrics.lineHeight + 2 * metrics.padding;

function widthOf(node: GraphNode): number {
  const name = displayWidth(node.name) * metrics.boldCharacter;
  const lines = linesOf(node).map((line) => displayWidth(line) * metrics.character);
  return Math.max(name, ...lines) + 2 * metrics.padding;
}

const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);
