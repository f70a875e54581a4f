import { shownLines, withoutLines } from "../diff/shown-lines.ts";
import type { Block, Table } from "../document.ts";
import { escapeEntities, htmlText } from "../escape/html.ts";
import { visibleCode, visibleText } from "../escape/visible.ts";
import { renderGraph } from "./graph.ts";
import { renderLine } from "./spans.ts";

/** One block as flow content. */
export function renderBlock(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `<h2>${htmlText(block.text)}</h2>`;
    case "paragraph":
      return `<p${block.muted === true ? ' class="muted"' : ""}>${renderLine(block.line)}</p>`;
    case "notice":
      return `<p class="${block.tone}">${renderLine(block.line)}</p>`;
    case "list":
      return `<ul>${block.items.map((item) => `<li>${renderLine(item)}</li>`).join("")}</ul>`;
    case "details":
      return `<details><summary>${htmlText(block.summary)}</summary><div>${block.blocks.map(renderBlock).join("\n")}</div></details>`;
    case "listing":
      return `<pre tabindex="0">${escapeEntities(visibleText(block.text))}</pre>`;
    case "diff": {
      const { lines, left } = shownLines(block.file, block.limit);
      const title = `<p><code>${htmlText(block.file.path)}</code> ${block.file.kind}</p>`;
      const none = withoutLines(block.file);
      if (none !== undefined) return `${title}<p class="muted">${htmlText(none)}</p>`;
      const rest = left === undefined ? "" : `<p class="muted">${htmlText(left)}.</p>`;
      return `${title}<pre tabindex="0">${lines.map(renderDiffLine).join("")}</pre>${rest}`;
    }
    case "output": {
      const lines = block.lines.map((line) => `<span>${escapeEntities(visibleCode(line))}</span>`);
      return `<p>${htmlText(block.title)}</p><pre tabindex="0">${lines.join("")}</pre>`;
    }
    case "table":
      return renderTable(block);
    case "graph":
      return renderGraph(block);
  }
}

const classes: Record<string, string> = {
  "+": ' class="add"',
  "-": ' class="del"',
  "@": ' class="at"',
  "\\": ' class="at"',
};

/** The first two lines name the file; later ones that begin alike are content. */
function renderDiffLine(line: string, index: number): string {
  const text = escapeEntities(visibleCode(line));
  return `<span${index < 2 ? classes["@"] : (classes[line[0] ?? ""] ?? "")}>${text}</span>`;
}

function renderTable({ caption, columns, rows }: Table): string {
  const head = columns.map((column) => `<th scope="col">${htmlText(column)}</th>`).join("");
  const body = rows.map((row) => {
    const cells = row.map((cell, index) =>
      index === 0 ? `<th scope="row">${renderLine(cell)}</th>` : `<td>${renderLine(cell)}</td>`,
    );
    return `<tr>${cells.join("")}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="${htmlText(caption)}"><table><caption>${htmlText(caption)}</caption><thead><tr>${head}</tr></thead><tbody>
${body.join("\n")}
</tbody></table></div>`;
}
