import { shownLines, withoutLines } from "../diff/shown-lines.ts";
import type { Block, Line } from "../document.ts";
import { visibleCode, visibleLine, visibleText } from "../escape/visible.ts";
import { renderGraph } from "./graph.ts";
import type { Paint, Style } from "./paint.ts";
import { renderTable } from "./table.ts";
import { wordsOf } from "./words.ts";
import { wrap } from "./wrap.ts";

export interface Terminal {
  paint: Paint;
  width: number;
}

/** One block; empty when it has nothing to say in a terminal. */
export function renderBlock(block: Block, terminal: Terminal): string {
  const { paint } = terminal;
  switch (block.kind) {
    case "heading":
      return paint("strong", visibleLine(block.text));
    case "paragraph":
      return paragraph(block.muted === true ? mute(block.line) : block.line, terminal, "");
    case "notice":
      return paragraph(block.line, terminal, block.tone === "warning" ? paint("wait", "! ") : paint("info", "i "));
    case "list":
      return block.items.map((item) => paragraph(item, terminal, "- ")).join("\n");
    case "details":
      if (!block.terminal) return "";
      return [paint("strong", block.summary), ...block.blocks.map((one) => renderBlock(one, terminal))]
        .filter((part) => part !== "")
        .join("\n");
    case "listing":
      return visibleText(block.text);
    case "diff": {
      const { lines, left } = shownLines(block.file, block.limit);
      const none = withoutLines(block.file);
      if (none !== undefined) return `${visibleLine(block.file.path)}: ${none}`;
      const more = left === undefined ? [] : [paint("muted", `${left}.`)];
      return [...lines.map((line, index) => diffLine(line, index, paint)), ...more].join("\n");
    }
    case "output":
      return [visibleLine(block.title), ...block.lines.map((line) => `  ${visibleCode(line)}`)].join("\n");
    case "table":
      return renderTable(block, terminal.width, paint);
    case "graph":
      return renderGraph(block, terminal);
  }
}

const mute = (line: Line): Line =>
  line.map((span) => (typeof span === "string" ? { kind: "muted" as const, text: span } : span));

function paragraph(line: Line, { width, paint }: Terminal, mark: string): string {
  const indent = mark === "" ? "" : "  ";
  const lines = wrap(wordsOf(line), width - indent.length, paint).map((one) => one.text);
  return mark + lines.join(`\n${indent}`);
}

const styles: Record<string, Style> = { "+": "good", "-": "bad", "@": "info", "\\": "muted" };

/** The first two lines name the file; later ones that begin alike are content. */
function diffLine(line: string, index: number, paint: Paint): string {
  const shown = visibleCode(line);
  const style = index < 2 ? "strong" : styles[line[0] ?? ""];
  return style === undefined ? shown : paint(style, shown);
}
