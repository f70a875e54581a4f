import type { GluError } from "@glu/core";
import { clip } from "../clip.ts";
import { type Block, code } from "../document.ts";
import type { PromotionReport } from "../report.ts";
import { place } from "./decision-table.ts";
import { cellLength } from "./gate-seen.ts";
import { limitedTable, withoutEmptyColumns } from "./limited-table.ts";
import type { Room } from "./room.ts";

/** The places of which nothing could be decided, by why: a server that is out of order concerns many at once. */
export function undecidedByReason({ undecided }: PromotionReport): { error: GluError; places: typeof undecided }[] {
  const groups = new Map<string, { error: GluError; places: PromotionReport["undecided"][number][] }>();
  for (const one of undecided) {
    const key = `${one.error.code}\0${one.error.message}`;
    const group = groups.get(key) ?? { error: one.error, places: [] };
    group.places.push(one);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** More places than this are counted. */
const mostPlaces = 6;

/** What could not be decided, and what to do: never folded, since it was asked for and was not done. */
export function undecided(report: PromotionReport, room: Room): Block[] {
  const groups = undecidedByReason(report);
  if (groups.length === 0) return [];
  const table = withoutEmptyColumns({
    kind: "table",
    caption: "Not decided",
    columns: ["App → environment", "Why not", "Code", "Fix"],
    rows: groups.map(({ error, places }) => [
      [
        ...places.slice(0, mostPlaces).flatMap((one, index) => [...(index === 0 ? [] : [", "]), ...place(one)]),
        ...(places.length > mostPlaces ? [` and ${places.length - mostPlaces} more`] : []),
      ],
      [clip(error.message, cellLength)],
      [code(error.code)],
      error.fix === undefined ? [] : [clip(error.fix, cellLength)],
    ]),
  });
  return limitedTable(table, room);
}
