import type { Decision } from "@glu/core";
import { clip, count } from "../clip.ts";
import { type Block, code, type Line, link } from "../document.ts";
import type { PromotionReport } from "../report.ts";
import { moment } from "../times.ts";
import { versionOf } from "../version.ts";
import { place } from "./decision-table.ts";
import { limitedTable } from "./limited-table.ts";
import type { Room } from "./room.ts";

/** Decisions that go back, or would. */
const goesBack = ({ intent, result, repeated }: Decision): boolean =>
  !repeated && goes.has(result) && (intent.rollback?.undoes.length ?? 0) > 0;

const goes: ReadonlySet<Decision["result"]> = new Set(["promoted", "planned", "proposed"]);

/** The releases that rollbacks undo, newest first: what is gone from there now, since when it ran, and who released it. */
export function undone(report: PromotionReport, room: Room): Block[] {
  const { decisions, links, now } = report;
  const rows = decisions
    .filter(goesBack)
    .flatMap(({ intent }) =>
      (intent.rollback?.undoes ?? []).map((release): Line[] => [
        place(intent),
        [link(versionOf(release.artifact), links.artifactSource?.(release.artifact))],
        [code(release.artifact.id)],
        moment(release.releasedAt ?? release.decidedAt, now),
        [clip(release.actor.name, 60)],
      ]),
    );
  if (rows.length === 0) return [];
  const table = {
    kind: "table",
    caption: "Undone",
    columns: ["App → environment", "Undoes", "Artifact", "Released", "By"],
    rows,
  } as const;
  const blocks = limitedTable(table, room);
  const inSight = 5;
  if (rows.length <= inSight) return blocks;
  return [{ kind: "details", summary: `Undone: ${count(rows.length, "release")}`, blocks, terminal: true }];
}
