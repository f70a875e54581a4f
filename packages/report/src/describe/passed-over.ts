import { clip, count } from "../clip.ts";
import type { Block, Table } from "../document.ts";
import type { PromotionReport } from "../report.ts";
import { cellLength } from "./decision-table.ts";
import { limitedTable, withoutEmptyColumns } from "./limited-table.ts";
import type { Room } from "./room.ts";

/** What was looked at and left alone. In sight when it is all there is to say, else folded. */
export function passedOver({ passedOver: all, decisions }: PromotionReport, room: Room): Block[] {
  if (all.length === 0) return [];
  const table: Table = withoutEmptyColumns({
    kind: "table",
    caption: "Passed over",
    columns: ["App → environment", "Artifact", "Why not"],
    rows: all.map((one) => [
      [{ kind: "strong", text: one.app }, ` → ${one.environment}`],
      one.artifact === undefined ? [] : [{ kind: "code", text: one.artifact }],
      [clip(one.reason, cellLength)],
    ]),
  });
  const blocks = limitedTable(table, room);
  if (decisions.length === 0 && all.length <= 20) return blocks;
  return [{ kind: "details", summary: `${count(all.length, "promotion")} passed over`, blocks, terminal: true }];
}
