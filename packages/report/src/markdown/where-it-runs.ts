import { formatDuration, type Row } from "@glu/core";
import { clip } from "../clip.ts";
import { icon, type Line, lineBreak, link, muted, type Span, strong, type Table } from "../document.ts";
import { day } from "../times.ts";
import { renderBlock } from "./blocks.ts";
import type { Flavor } from "./render-markdown.ts";

/**
 * The comment on a pull request that says where its change runs: a row for each environment, the one it came to first at
 * the top. It says the same however often it is written: no time in it is measured from now.
 */
export function renderWhereItRuns(rows: readonly Row[], flavor: Flavor): string {
  const ordered = [...rows].sort((a, b) => (a.releasedAt < b.releasedAt ? -1 : a.releasedAt > b.releasedAt ? 1 : 0));
  const several = new Set(rows.map(({ app }) => app)).size > 1;
  const table: Table = {
    kind: "table",
    caption: "Where this change runs",
    columns: ["Environment", ...(several ? ["App"] : []), "Version", "This change"],
    rows: ordered.map((row): Line[] => [
      [row.page === undefined ? strong(clip(row.environment, 100)) : link(clip(row.environment, 100), row.page)],
      ...(several ? [[clip(row.app, 100)]] : []),
      [link(clip(row.version, 100), row.commit)],
      whatOf(row),
    ]),
  };
  return `${[renderBlock({ kind: "heading", text: table.caption }, flavor), renderBlock(table, flavor)].join("\n\n")}\n`;
}

function whatOf({ environment, mergedAt, releasedAt, next }: Row): Line {
  const after = Date.parse(releasedAt) - Date.parse(mergedAt);
  const how = after >= 0 ? `, ${spaced(formatDuration(after))} after merge` : "";
  const since: Span[] = [lineBreak, muted(`since ${day(releasedAt)}`)];
  const arrived = `in ${clip(environment, 100)}${how}`;
  if (next === undefined) return [icon("promoted"), ` ${arrived}`, ...since];
  const version = clip(next.version, 100);
  if (next.kind === "rolled-back") {
    return [icon("history"), ` was ${arrived}`, lineBreak, `rolled back to ${version} on ${day(next.at)}`];
  }
  return [icon("promoted"), ` ${arrived}`, ...since, lineBreak, muted(`with ${version} since ${day(next.at)}`)];
}

/** `2 h`, `1 d 3 h` */
const spaced = (duration: string): string => duration.replace(/(\d)(?=[dhms])/g, "$1 ");
