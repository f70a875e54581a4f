import type { Graph, GraphNode } from "../document.ts";
import { mermaidText } from "../escape/mermaid.ts";
import { icons } from "../icons.ts";

/** Colours of the frame that are clear on light and on dark; the text keeps the theme's. */
const frames = {
  good: "fill:transparent,stroke:#2da44e,stroke-width:2px",
  wait: "fill:transparent,stroke:#bf8700,stroke-width:2px",
  bad: "fill:transparent,stroke:#cf222e,stroke-width:2px",
  info: "fill:transparent,stroke:#0969da,stroke-width:2px",
} as const;

/** The pipeline as a Mermaid flowchart. Ids are ours, every text is in a quoted, escaped label. */
export function renderGraph({ nodes, edges }: Graph): string {
  const lines = ["flowchart LR"];
  nodes.forEach((node, index) => {
    lines.push(`  n${index}["${label(node)}"]`);
  });
  for (const { from, to, blocked } of edges) {
    lines.push(`  n${from} ${blocked === undefined ? "-->" : dotted(blocked)} n${to}`);
  }
  lines.push("  classDef default fill:transparent,stroke:#8c959f");
  for (const tone of ["good", "wait", "bad", "info"] as const) {
    const ids = nodes.flatMap(({ result }, index) =>
      result !== undefined && icons[result].tone === tone ? [`n${index}`] : [],
    );
    if (ids.length > 0) lines.push(`  classDef ${tone} ${frames[tone]}`, `  class ${ids.join(",")} ${tone}`);
  }
  return lines.join("\n");
}

/** An edge that is blocked. Mermaid takes no empty label. */
function dotted(why: string): string {
  const text = mermaidText(why);
  return text === "" ? "-.->" : `-. "${text}" .->`;
}

function label({ name, tier, lines, result }: GraphNode): string {
  const sign = result === undefined ? "" : `${icons[result].emoji} `;
  const title = `${sign}<b>${mermaidText(name)}</b>`;
  const more = tier === undefined ? [] : [mermaidText(`tier ${tier}`)];
  return [title, ...more, ...lines.map(mermaidText)].join("<br/>");
}
