import { shownLines, withoutLines } from "../diff/shown-lines.ts";
import type { Block, Table } from "../document.ts";
import { escapeEntities } from "../escape/html.ts";
import { markdownCode, markdownFence, markdownText } from "../escape/markdown.ts";
import { renderGraph } from "./graph.ts";
import type { Flavor } from "./render-markdown.ts";
import { renderLine } from "./spans.ts";

/** GitLab asks before it draws a diagram whose source is longer. */
const gitlabDiagram = 2000;

/** One block, complete in itself; blocks are put together with an empty line. */
export function renderBlock(block: Block, flavor: Flavor): string {
  switch (block.kind) {
    case "heading":
      return `### ${markdownText(block.text)}`;
    case "paragraph":
      return renderLine(block.line);
    case "notice":
      return `> [!${block.tone === "warning" ? "WARNING" : "NOTE"}]\n> ${renderLine(block.line)}`;
    case "list":
      return block.items.map((item) => `- ${renderLine(item)}`).join("\n");
    case "details": {
      const inner = block.blocks.map((one) => renderBlock(one, flavor)).filter((one) => one !== "");
      if (inner.length === 0) return "";
      return [`<details><summary>${escapeEntities(block.summary)}</summary>`, ...inner, "</details>"].join("\n\n");
    }
    case "listing":
      return markdownFence(block.language, block.text.replace(/\n$/, "").split("\n"));
    case "diff": {
      const { lines, left } = shownLines(block.file, block.limit);
      const none = withoutLines(block.file);
      const title = `${markdownCode(block.file.path)} ${block.file.kind}`;
      if (none !== undefined) return `${title}\n\n${markdownText(none)}`;
      const parts = [title, markdownFence("diff", lines), ...(left === undefined ? [] : [markdownText(`${left}.`)])];
      return parts.join("\n\n");
    }
    case "output":
      return `${markdownText(block.title)}\n\n${markdownFence("text", block.lines)}`;
    case "table":
      return renderTable(block);
    case "graph": {
      const source = renderGraph(block);
      const fits = flavor !== "gitlab" || source.length <= gitlabDiagram;
      return fits ? markdownFence("mermaid", source.split("\n")) : "";
    }
  }
}

function renderTable({ columns, rows }: Table): string {
  return [
    `| ${columns.map(markdownText).join(" | ")} |`,
    `| ${columns.map(() => ":--").join(" | ")} |`,
    ...rows.map((row) => `| ${row.map(renderLine).join(" | ")} |`),
  ].join("\n");
}
