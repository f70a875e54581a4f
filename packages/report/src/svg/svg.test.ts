import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Graph } from "../document.ts";
import { hostileTexts, withText } from "../golden/hostile.ts";
import { scenarios } from "../golden/scenarios.ts";
import { readHtml, skeleton } from "../golden/skeleton.ts";
import type { GraphReport } from "../report.ts";
import { layOut } from "./layout.ts";
import { renderSvg } from "./render-svg.ts";

const report = scenarios["graph-running"] as GraphReport;

describe("the drawing", () => {
  const graphs = fc.integer({ min: 1, max: 9 }).chain((number) =>
    fc.array(fc.tuple(fc.nat(number - 1), fc.nat(number - 1)), { maxLength: 14 }).map((pairs): Graph => {
      // As the config: an environment comes after its upstreams, and names each once.
      const edges = new Map(
        pairs.flatMap(([a, b]) =>
          a === b
            ? []
            : [
                [
                  `${Math.min(a, b)} ${Math.max(a, b)}`,
                  { from: Math.min(a, b), to: Math.max(a, b), blocked: undefined },
                ],
              ],
        ),
      );
      const nodes = Array.from({ length: number }, (_, index) => ({
        name: `environment-${index}`,
        tier: undefined,
        lines: Array.from({ length: index % 4 }, () => "x".repeat(10 * index)),
        result: undefined,
      }));
      return { kind: "graph", nodes, edges: [...edges.values()] };
    }),
  );

  test("has every box inside, none over another, and no arrow under one", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { boxes, ways, width, height } = layOut(graph);
        expect([boxes.length, ways.length]).toEqual([graph.nodes.length, graph.edges.length]);
        for (const [index, one] of boxes.entries()) {
          expect(one.x >= 0 && one.y >= 0 && one.x + one.width <= width && one.y + one.height <= height).toBe(true);
          for (const other of boxes.slice(index + 1)) {
            const apart =
              one.x + one.width <= other.x ||
              other.x + other.width <= one.x ||
              one.y + one.height <= other.y ||
              other.y + other.height <= one.y;
            expect(apart).toBe(true);
          }
          for (const { points } of ways) {
            for (const { x, y } of points) {
              const isUnder = x > one.x && x < one.x + one.width && y > one.y && y < one.y + one.height;
              expect(isUnder).toBe(false);
            }
          }
        }
        // Arrows go from left to right, from box to box.
        for (const { edge, points } of ways) {
          expect(points[0]?.x).toBe(boxes[edge.from]!.x + boxes[edge.from]!.width);
          expect(points.at(-1)?.x).toBe(boxes[edge.to]!.x);
          for (const [index, { x }] of points.entries()) expect(x).toBeGreaterThanOrEqual(points[index - 1]?.x ?? 0);
        }
      }),
    );
  });

  test("is the same for the same pipeline", () => {
    expect(renderSvg(report)).toBe(renderSvg(structuredClone({ ...report, links: {} }) as GraphReport));
  });
});

test.each(hostileTexts)(
  "an SVG has the same elements, and nothing that is run or loaded, whatever is said: %j",
  (text) => {
    const shape = (one: GraphReport) =>
      skeleton(readHtml(renderSvg(one))).replace(/ (?:x|y|width|height|viewBox|d)="?[^" )]*"?/g, "");
    const made = withText(report, text) as GraphReport;
    const plain = (svg: string) => svg.replace(/(?: (?:x|y|width|height|viewBox|d)="[^"]*")|>[^<]*</g, "");
    expect(plain(renderSvg(made))).toBe(plain(renderSvg(withText(report, "plain") as GraphReport)));
    expect(shape(made)).not.toMatch(/script|href|onload|foreignObject/i);
  },
);
