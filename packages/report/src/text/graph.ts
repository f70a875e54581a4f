import type { Graph, GraphEdge } from "../document.ts";
import { visibleLine } from "../escape/visible.ts";
import type { Paint, Style } from "./paint.ts";
import type { Word } from "./words.ts";
import { wrap } from "./wrap.ts";

/** Only the ways through the pipeline: a table beside it says what runs where. */
export function renderGraph(graph: Graph, { paint, width }: { paint: Paint; width: number }): string {
  if (graph.edges.length === 0) return "";
  const words: Word[] = [wordOf("Pipeline:", "muted")];
  const ways = waysOf(graph.edges);
  const name = (index: number) => visibleLine(graph.nodes[index]?.name ?? "");
  for (const [index, way] of ways.entries()) {
    const end = index < ways.length - 1 ? "," : "";
    words.push(wordOf(name(way[0]?.from ?? 0)));
    for (const [at, { to, blocked }] of way.entries()) {
      const comma = at === way.length - 1 ? end : "";
      if (blocked === undefined) words.push(wordOf(`→ ${name(to)}${comma}`));
      else {
        const style = blocked.includes("refused") ? "bad" : "wait";
        words.push(wordOf(`→ ${name(to)}`), wordOf(`(${visibleLine(blocked)})`, style));
        if (comma !== "") words.push({ ...wordOf(comma), space: false });
      }
    }
  }
  return wrap(words, width, paint)
    .map(({ text }) => text)
    .join("\n");
}

const wordOf = (text: string, style?: Style): Word => ({ text, style, space: true, breaks: false });

/** The edges as ways, each going on from where it was as long as it can: every edge is in one of them. */
function waysOf(edges: readonly GraphEdge[]): GraphEdge[][] {
  const left = new Set(edges);
  const ways: GraphEdge[][] = [];
  for (const first of edges) {
    if (!left.delete(first)) continue;
    const way = [first];
    for (;;) {
      const next = [...left].find(({ from }) => from === way.at(-1)?.to);
      if (next === undefined) break;
      left.delete(next);
      way.push(next);
    }
    ways.push(way);
  }
  return ways;
}
