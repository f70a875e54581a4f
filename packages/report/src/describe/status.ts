import { clip, count } from "../clip.ts";
import { type Block, code, type Document, icon, type Line, link } from "../document.ts";
import type { Running, StatusReport } from "../report.ts";
import { moment } from "../times.ts";
import { versionOf } from "../version.ts";
import { closing } from "./closing.ts";
import { commitLink, place } from "./decision-table.ts";
import { graph } from "./graph.ts";
import { limitedTable, withoutEmptyColumns } from "./limited-table.ts";
import { matrix } from "./matrix.ts";
import type { Room } from "./room.ts";
import { verificationWords } from "./verified.ts";

/** What runs where: the matrix, what is held or failed, and the drawing while it says more than the matrix. */
export function describeStatus(report: StatusReport, room: Room): Document {
  const { pipeline, branch, configLocation, commit, links, now } = report;
  const apps = [...new Set(pipeline.running.map((one) => one.app))].sort();
  const drawn = apps.length <= 3 ? graph(pipeline, apps, []) : undefined;
  const held = pipeline.running.filter((one) => one.pin !== undefined || one.freeze !== undefined);
  const failed = pipeline.running.filter((one) => one.release?.state === "failed");
  const verifying = pipeline.running.filter((one) => one.verifying !== undefined);
  const parts = [
    `${count(apps.length, "app")} in ${count(pipeline.environments.length, "environment")}`,
    ...(failed.length === 0 ? [] : [`${failed.length} failed`]),
    ...(verifying.length === 0 ? [] : [`${verifying.length} not verified yet`]),
    ...(held.length === 0 ? [] : [`${held.length} pinned or frozen`]),
  ];
  const at: Line = commit === undefined ? [] : [" at ", commitLink(commit, links)];
  return {
    headline: { icon: failed.length > 0 ? "failed" : "status", text: parts.join(" · ") },
    blocks: [
      {
        kind: "paragraph",
        muted: true,
        line: [
          code(clip(branch.replace(/^refs\/heads\//, ""), 200)),
          " of ",
          link(clip(configLocation, 200), links.repository),
          ...at,
        ],
      },
      ...(apps.length === 0
        ? [{ kind: "paragraph", line: ["Nothing has been released yet."] } as const]
        : limitedTable(matrix({ pipeline, apps, decisions: [], now }), room)),
      ...(verifying.length === 0 ? [] : limitedTable(withoutEmptyColumns(awaited(verifying, now)), room)),
      ...(held.length === 0 ? [] : limitedTable(withoutEmptyColumns(holds(held, now)), room)),
      ...report.notices.map((text): Block => ({ kind: "notice", tone: "note", line: [clip(text, 1000)] })),
      ...(drawn === undefined ? [] : [drawn]),
      ...closing(report),
    ],
  };
}

const awaited = (verifying: readonly Running[], now: number) => ({
  kind: "table" as const,
  caption: "Not verified yet",
  columns: ["App → environment", "Version", "Verification", "Since", "Until", "What was seen"],
  rows: verifying.flatMap(({ app, environment, release, verifying: one }): Line[][] => {
    if (release === undefined || one === undefined) return [];
    return [
      [
        place({ app, environment }),
        [versionOf(release.artifact)],
        [icon("held"), ` ${verificationWords[one.state]}`],
        one.since === undefined ? ["its merge"] : moment(one.since, now),
        one.until === undefined ? ["counted from the first look"] : moment(one.until, now),
        one.seen === undefined ? [] : [clip(one.seen, 300)],
      ],
    ];
  }),
});

const holds = (held: readonly Running[], now: number) => ({
  kind: "table" as const,
  caption: "Pins and freezes",
  columns: ["App → environment", "Held at", "Why", "By", "Since", "Until"],
  rows: held.flatMap(({ app, environment, pin, freeze, release }): Line[][] => {
    const about = place({ app, environment });
    const row = (hold: NonNullable<typeof pin | typeof freeze>, at: string): Line[] => [
      about,
      [at],
      [clip(hold.reason, 300)],
      [clip(hold.actor.name, 100)],
      moment(hold.at, now),
      hold.until === undefined ? [] : moment(hold.until, now),
    ];
    const version = release === undefined ? "nothing yet" : versionOf(release.artifact);
    return [
      ...(pin === undefined
        ? []
        : [row(pin, release?.artifact.id === pin.artifact ? `pinned at ${version}` : `pinned at ${pin.artifact}`)]),
      ...(freeze === undefined ? [] : [row(freeze, `frozen at ${version}`)]),
    ];
  }),
});
