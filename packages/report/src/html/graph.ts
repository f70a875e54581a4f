import type { Graph, GraphNode } from "../document.ts";
import { htmlText } from "../escape/html.ts";
import { levelsOf } from "../graph/levels.ts";
import { icons } from "../icons.ts";
import { renderIcon } from "./spans.ts";

/** The pipeline as boxes from left to right: what has the same distance from the start stands in one column. */
export function renderGraph({ nodes, edges }: Graph): string {
  const levels = levelsOf(nodes.length, edges);
  const stages: string[] = [];
  for (let level = 0; level <= Math.max(0, ...levels); level++) {
    const before = levels.flatMap((one, index) => (one === level - 1 ? [index] : []));
    const boxes = nodes.flatMap((node, index) => {
      const into = edges.filter((edge) => edge.to === index);
      // With one box before it, the arrow alone says where it comes from.
      const plain = into.length === 1 && before.length === 1 && into[0]?.from === before[0];
      const from = plain ? "" : into.map((edge) => nodes[edge.from]?.name ?? "").join(", ");
      const said = into.find((edge) => edge.blocked !== undefined)?.blocked ?? node.result;
      return levels[index] === level ? [renderBox(node, from, said)] : [];
    });
    if (boxes.length > 0) stages.push(`<li><div class="stage">${boxes.join("")}</div></li>`);
  }
  return `<ol class="pipeline" aria-label="Pipeline" tabindex="0">${stages.join("")}</ol>`;
}

function renderBox({ name, tier, lines, result }: GraphNode, from: string, state: string | undefined): string {
  const tone = result === undefined ? "" : ` ${icons[result].tone}`;
  const sign = result === undefined ? "" : `${renderIcon(result)} `;
  const said = state === undefined ? "" : ` <span class="muted">${htmlText(state)}</span>`;
  const about = [...(tier === undefined ? [] : [`tier ${tier}`]), ...(from === "" ? [] : [`from ${from}`])].join(", ");
  return `<div class="box${tone}"><p>${sign}<b>${htmlText(name)}</b>${said}</p>${lines
    .map((line) => `<p>${htmlText(line)}</p>`)
    .join("")}${about === "" ? "" : `<p class="muted">${htmlText(about)}</p>`}</div>`;
}
