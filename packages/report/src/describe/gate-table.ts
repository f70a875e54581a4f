import type { GateResult } from "@glu/core";
import { clip } from "../clip.ts";
import { icon, strong, type Table } from "../document.ts";
import { moment } from "../times.ts";
import type { NameArtifacts } from "./artifact-names.ts";
import { clearedBy } from "./decision-table.ts";
import { seenBy } from "./gate-seen.ts";
import { withoutEmptyColumns } from "./limited-table.ts";

/** Every gate of one decision, those that are not met first: what was seen, since when, and what clears it. */
export function gateTable(
  gates: readonly GateResult[],
  { caption, now, named }: { caption: string; now: number; named: NameArtifacts },
): Table {
  const rank = ({ met, override }: GateResult) => (met ? (override === undefined ? 2 : 1) : 0);
  const ordered = [...gates].sort((a, b) => rank(a) - rank(b));
  return withoutEmptyColumns({
    kind: "table",
    caption,
    columns: ["Gate", "What was seen", "Since", "Who or what clears it", "Clears at"],
    rows: ordered.map((gate) => [
      [
        icon(gate.override !== undefined ? "override" : gate.met ? "promoted" : gate.outcome),
        " ",
        strong(clip(gate.name, 60)),
      ],
      [seenBy({ ...gate, seen: named(gate.seen) })],
      gate.since === undefined ? [] : moment(gate.since, now),
      gate.met || gate.clearedBy === undefined ? [] : [clearedBy(gate.clearedBy)],
      gate.clearsAt === undefined ? [] : moment(gate.clearsAt, now),
    ]),
  });
}
