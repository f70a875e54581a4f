import { clip } from "../clip.ts";
import { code, type Document } from "../document.ts";
import type { PageReport } from "../report.ts";
import { limitedTable, withoutEmptyColumns } from "./limited-table.ts";
import type { Room } from "./room.ts";

const icons = { ok: "promoted", note: "status", warning: "held", error: "refused" } as const;

/** A sentence and a table: what the small commands answer. */
export function describePage({ headline, tone, columns, rows }: PageReport, room: Room): Document {
  const table = {
    kind: "table" as const,
    caption: headline,
    columns,
    rows: rows.map((row) => row.map((cell, index) => [index === 0 ? code(clip(cell, 300)) : clip(cell, 1000)])),
  };
  return {
    headline: { icon: icons[tone], text: headline },
    blocks: rows.length === 0 ? [] : limitedTable(withoutEmptyColumns(table), room),
  };
}
