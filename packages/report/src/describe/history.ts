import type { HistoryEntry } from "@glu/core";
import { clip, count } from "../clip.ts";
import { type Block, code, type Document, icon, type Line, lineBreak, link, muted, type Span } from "../document.ts";
import type { HistoryReport } from "../report.ts";
import { moment } from "../times.ts";
import { versionOf } from "../version.ts";
import { closing } from "./closing.ts";
import { commitLink } from "./decision-table.ts";
import { limitedTable, withoutEmptyColumns } from "./limited-table.ts";
import type { Room } from "./room.ts";

/** What was released, newest first; the app and environment have a column where they are not the same for all. */
export function describeHistory(report: HistoryReport, room: Room): Document {
  const { app, environment, entries, branch, configLocation, links } = report;
  return {
    headline: { icon: "history", text: `${whereOf(report)}: ${howMany(report)}` },
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
        ? [{ kind: "paragraph", line: [nothingOf(report)] } as const]
        : limitedTable(
            withoutEmptyColumns({
              kind: "table",
              caption: "Releases, newest first",
              columns: ["Artifact", "App", "Environment", "Released", "How", "By", "Reason", "Commit"],
              rows: entries.map((entry) => row(entry, report)),
            }),
            room,
          )),
      ...(report.more
        ? [{ kind: "paragraph", muted: true, line: ["There are more: a greater --limit shows them."] } as const]
        : []),
      ...report.notices.map((text): Block => ({ kind: "notice", tone: "note", line: [clip(text, 1000)] })),
      ...closing(report),
    ],
  };

  function nothingOf({ filtered }: HistoryReport): string {
    if (filtered) return "No release is like that.";
    return app === undefined && environment === undefined
      ? "Nothing has been released yet."
      : "Nothing has been released there yet.";
  }
}

function whereOf({ app, environment }: HistoryReport): string {
  if (app === undefined) return environment === undefined ? "All apps" : `All apps in ${environment}`;
  return environment === undefined ? app : `${app} in ${environment}`;
}

const howMany = ({ entries, more }: HistoryReport): string =>
  more ? `the newest ${count(entries.length, "release")}` : count(entries.length, "release");

function row(entry: HistoryEntry, report: HistoryReport): Line[] {
  const { app, environment, release, commit } = entry;
  const { links, now } = report;
  const { artifact, actor, reason, releasedAt } = release;
  const name: Span[] = [link(versionOf(artifact), links.artifactSource?.(artifact))];
  if (entry.marks.includes("current")) name.push(lineBreak, icon("promoted"), " runs now");
  return [
    name,
    report.app === undefined ? [app] : [],
    report.environment === undefined ? [environment] : [],
    releasedAt === null ? ["merged", lineBreak, muted("when is not known")] : moment(releasedAt, now),
    howOf(entry),
    [clip(actor.name, 100)],
    reason === undefined ? [] : [clip(reason, 300)],
    commit === undefined ? [] : [commitLink(commit, links)],
  ];
}

/** Kind and state, and below them what became of it. */
function howOf({ release, rolledBack, overrides, removed, rejected }: HistoryEntry): Line {
  const { kind, state, superseded } = release;
  const how: Span[] = [kind === "promotion" ? state : `${kind}, ${state}`];
  if (overrides.length > 0) how.push(lineBreak, icon("override"), ` past ${clip(overrides.join(", "), 200)}`);
  if (rolledBack !== undefined) {
    const why = rolledBack.reason === undefined ? "" : `: ${clip(rolledBack.reason, 200)}`;
    how.push(lineBreak, icon("refused"), ` rolled back by ${clip(rolledBack.actor.name, 100)}${why}`);
  } else if (rejected !== undefined) {
    how.push(
      lineBreak,
      icon("refused"),
      ` rejected by ${clip(rejected.actor.name, 100)}: ${clip(rejected.reason, 200)}`,
    );
  }
  if (removed !== undefined) {
    const why = removed.reason === undefined ? "" : `: ${clip(removed.reason, 200)}`;
    how.push(lineBreak, icon("refused"), ` removed by ${clip(removed.actor.name, 100)}${why}`);
  }
  if (superseded.length > 0) {
    const more = superseded.length > 3 ? ` and ${superseded.length - 3} more` : "";
    how.push(lineBreak, icon("superseded"), ` superseded ${superseded.slice(0, 3).join(", ")}${more}`);
  }
  return how;
}
