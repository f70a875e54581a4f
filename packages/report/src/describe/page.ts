import { clip } from "../clip.ts";
import { code, type Document, type Span } from "../document.ts";
import type { Cell, PageReport } from "../report.ts";
import { closing } from "./closing.ts";
import { fileDiffs } from "./file-diffs.ts";
import { limitedTable, withoutEmptyColumns } from "./limited-table.ts";
import type { Room } from "./room.ts";

const icons = { ok: "promoted", note: "status", warning: "held", error: "refused" } as const;

function spanOf(cell: Cell, index: number): Span {
  if (typeof cell !== "string") return { ...cell, text: clip(cell.text, 300) };
  return index === 0 ? code(clip(cell, 300)) : clip(cell, 1000);
}

/** A sentence and a table: what the small commands answer. */
export function describePage(report: PageReport, room: Room): Document {
  const { headline, tone, columns, rows } = report;
  const table = {
    kind: "table" as const,
    caption: headline,
    columns,
    rows: rows.map((row) => row.map((cell, index) => [spanOf(cell, index)])),
  };
  return {
    headline: { icon: icons[tone], text: headline },
    blocks: [
      ...(rows.length === 0 ? [] : limitedTable(withoutEmptyColumns(table), room)),
      ...fileDiffs(report.files ?? [], { title: "Changes", room }),
      ...closing(report),
    ],
  };
}
