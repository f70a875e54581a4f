import { clip, count } from "../clip.ts";
import type { Block, Table } from "../document.ts";
import type { PromotionReport } from "../report.ts";
import { artifactNames } from "./artifact-names.ts";
import { place } from "./decision-table.ts";
import { cellLength } from "./gate-seen.ts";
import { limitedTable, withoutEmptyColumns } from "./limited-table.ts";
import type { Room } from "./room.ts";

/** Whether what was passed over is all there is to say: then it is in sight, else folded. */
export const onlyPassedOver = ({ passedOver: all, decisions }: PromotionReport): boolean =>
  decisions.length === 0 && all.length <= 20;

/** What was looked at and left alone. */
export function passedOver(report: PromotionReport, room: Room): Block[] {
  const all = report.passedOver;
  const named = artifactNames(report);
  if (all.length === 0) return [];
  const table: Table = withoutEmptyColumns({
    kind: "table",
    caption: "Passed over",
    columns: ["App → environment", "Artifact", "Why not"],
    rows: all.map((one) => [
      place(one),
      one.artifact === undefined ? [] : [{ kind: "code", text: named(one.artifact) }],
      [clip(named(one.reason), cellLength)],
    ]),
  });
  const blocks = limitedTable(table, room);
  if (onlyPassedOver(report)) return blocks;
  return [{ kind: "details", summary: `${count(all.length, "promotion")} passed over`, blocks, terminal: true }];
}
