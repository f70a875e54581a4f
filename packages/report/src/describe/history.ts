import { clip, count } from "../clip.ts";
import { type Block, code, type Document, icon, type Line, lineBreak, link, type Span } from "../document.ts";
import type { HistoryEntry, HistoryReport } from "../report.ts";
import { moment } from "../times.ts";
import { versionOf } from "../version.ts";
import { closing } from "./closing.ts";
import { commitLink } from "./decision-table.ts";
import { limitedTable, withoutEmptyColumns } from "./limited-table.ts";
import type { Room } from "./room.ts";

/** What was released of one app, newest first. */
export function describeHistory(report: HistoryReport, room: Room): Document {
  const { app, environment, entries, branch, configLocation, links } = report;
  const where = environment === undefined ? app : `${app} in ${environment}`;
  return {
    headline: { icon: "history", text: `${where}: ${count(entries.length, "release")}` },
    blocks: [
      {
        kind: "paragraph",
        muted: true,
        line: [
          code(clip(branch.replace(/^refs\/heads\//, ""), 200)),
          " of ",
          link(clip(configLocation, 200), links.repository),
        ],
      },
      ...(entries.length === 0
        ? [{ kind: "paragraph", line: ["Nothing has been released yet."] } as const]
        : limitedTable(
            withoutEmptyColumns({
              kind: "table",
              caption: "Releases, newest first",
              columns: ["Artifact", "Environment", "Released", "How", "By", "Reason", "Commit"],
              rows: entries.map((entry) => row(entry, report)),
            }),
            room,
          )),
      ...report.notices.map((text): Block => ({ kind: "notice", tone: "note", line: [clip(text, 1000)] })),
      ...closing(report),
    ],
  };
}

function row({ environment, release, commit, current, rejected }: HistoryEntry, { links, now }: HistoryReport): Line[] {
  const { artifact, kind, state, actor, reason, releasedAt } = release;
  const name: Span[] = [link(versionOf(artifact), links.artifactSource?.(artifact))];
  if (current) name.push(lineBreak, icon("promoted"), " runs now");
  const how: Span[] = [kind === "promotion" ? state : `${kind}, ${state}`];
  if (release.overrides !== undefined) {
    const gates = [...new Set(release.overrides.map(({ gate }) => gate))].join(", ");
    how.push(lineBreak, icon("override"), ` past ${clip(gates, 200)}`);
  }
  if (rejected !== undefined) {
    how.push(
      lineBreak,
      icon("refused"),
      ` rejected by ${clip(rejected.actor.name, 100)}: ${clip(rejected.reason, 200)}`,
    );
  }
  return [
    name,
    [environment],
    releasedAt === null ? ["proposed"] : moment(releasedAt, now),
    how,
    [clip(actor.name, 100)],
    reason === undefined ? [] : [clip(reason, 300)],
    commit === undefined ? [] : [commitLink(commit, links)],
  ];
}
