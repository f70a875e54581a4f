import { describe } from "../describe/describe.ts";
import { pipelineGraph } from "../describe/graph-report.ts";
import { ampleRoom } from "../describe/room.ts";
import type { Graph } from "../document.ts";
import { htmlText } from "../escape/html.ts";
import type { GraphReport } from "../report.ts";
import { type Box, layOut, linesOf, metrics, type Way } from "./layout.ts";

/** Colours follow the reader's scheme, also where the file is shown as an image. Contrast as in the HTML report. */
const style = `
svg{color-scheme:light dark}
text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:#1f2328}
.name{font-weight:600;font-size:14px}
.box{fill:#f6f8fa;stroke:#8c959f}
.way{fill:none;stroke:#59636e;stroke-width:1.5}
.blocked{stroke-dasharray:5 4}
.head{fill:#59636e}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.box{fill:#151b23;stroke:#656c76}.way{stroke:#9198a1}.head{fill:#9198a1}}
`.trim();

/** The pipeline as an SVG document: no script, nothing from outside, a title and a text for those who cannot see it. */
export function renderSvg(report: GraphReport): string {
  const graph = pipelineGraph(report);
  const { width, height, boxes, ways } = layOut(graph);
  const title = describe(report, ampleRoom).headline.text;
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title text">
<title id="title">Pipeline: ${htmlText(title)}</title>
<desc id="text">${htmlText(inWords(graph))}</desc>
<style>${style}</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>
${[...ways.map(renderWay), ...boxes.map(renderBox)].join("\n")}
</svg>
`;
}

function inWords({ nodes, edges }: Graph): string {
  const ways = edges.map(({ from, to }) => `${nodes[from]?.name ?? ""} → ${nodes[to]?.name ?? ""}`);
  return ways.length === 0 ? nodes.map(({ name }) => name).join(", ") : ways.join(", ");
}

/** A curve between columns, straight through one that it passes. */
function renderWay({ edge, points }: Way): string {
  const [start, ...rest] = points;
  let path = `M${start?.x} ${start?.y}`;
  rest.forEach(({ x, y }, index) => {
    const before = points[index] ?? { x, y };
    const middle = (before.x + x) / 2;
    path += before.y === y ? ` H${x}` : ` C${middle} ${before.y} ${middle} ${y} ${x} ${y}`;
  });
  const kind = edge.blocked === undefined ? "way" : "way blocked";
  return `<path class="${kind}" d="${path}" marker-end="url(#head)"/>`;
}

function renderBox({ node, x, y, width, height }: Box): string {
  const { padding, lineHeight } = metrics;
  const at = (line: number) => `x="${x + padding}" y="${y + padding + line * lineHeight + 14}"`;
  const lines = linesOf(node).map((line, index) => `<text ${at(index + 1)}>${htmlText(line)}</text>`);
  return [
    `<g><rect class="box" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`,
    `<text class="name" ${at(0)}>${htmlText(node.name)}</text>`,
    ...lines,
    "</g>",
  ].join("");
}
