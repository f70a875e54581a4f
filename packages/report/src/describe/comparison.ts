import { type AppComparison, isDifferent } from "@glu/core";
import { clip, count } from "../clip.ts";
import { type Block, code, type Document, type Line, lineBreak, link, muted, strong } from "../document.ts";
import type { ComparisonReport } from "../report.ts";
import { relative, together } from "../times.ts";
import { versionOf } from "../version.ts";
import { closing } from "./closing.ts";
import { commitLink } from "./decision-table.ts";
import { fileDiffs } from "./file-diffs.ts";
import { limitedTable, withoutEmptyColumns } from "./limited-table.ts";
import type { Room } from "./room.ts";
import { commitLine } from "./source-commits.ts";

/** How the left stands to the right: `only-left` and `only-right` where the app runs in one of them. */
export function standing({ left, right, order }: AppComparison): string {
  if (left === undefined) return "only-right";
  if (right === undefined) return "only-left";
  if (order?.kind === "newer") return "ahead";
  return order?.kind === "older" ? "behind" : (order?.kind ?? "incomparable");
}

/** What differs, app by app; apps that are the same in both are counted only. */
export function describeComparison(report: ComparisonReport, room: Room): Document {
  const { apps, left, right, links } = report;
  const different = apps.filter(isDifferent);
  const same = apps.length - different.length;
  const names = namesOf(report);
  return {
    headline: {
      icon: different.length === 0 ? "unchanged" : "status",
      text: `${names.left} and ${names.right}: ${headline(different.length, same)}`,
    },
    blocks: [
      {
        kind: "paragraph",
        muted: true,
        line: [
          link(clip(report.configLocation, 200), links.repository),
          `: ${names.left} at `,
          commitLink(left.commit, links),
          `, ${names.right} at `,
          commitLink(right.commit, links),
        ],
      },
      ...(different.length === 0
        ? []
        : limitedTable(
            withoutEmptyColumns({
              kind: "table",
              caption: "What differs",
              columns: ["App", names.left, names.right, "Which is ahead"],
              rows: different.map((one) => row(one, names, report)),
            }),
            room,
          )),
      ...(same === 0 || different.length === 0
        ? []
        : [{ kind: "paragraph", muted: true, line: [`The same in both: ${count(same, "app")}.`] } as const]),
      ...valuesOf(different, names, room),
      ...commitsOf(different, report, room),
      ...fileDiffs(
        different.flatMap(({ files }) => files),
        { title: "Files", room },
      ),
      ...report.notices.map((text): Block => ({ kind: "notice", tone: "note", line: [clip(text, 1000)] })),
      ...closing(report),
    ],
  };
}

interface Names {
  left: string;
  right: string;
}

/** As they were asked for; of one environment the one as it is now is called so. */
function namesOf({ left, right }: ComparisonReport): Names {
  const isOne = left.revision.environment === right.revision.environment;
  const name = ({ revision }: ComparisonReport["left"]) =>
    isOne && revision.at.kind === "now" ? `${revision.environment} now` : clip(revision.text, 80);
  return { left: name(left), right: name(right) };
}

function headline(different: number, same: number): string {
  if (different > 0) return `${count(different, "app")} ${different === 1 ? "differs" : "differ"}`;
  return same === 0 ? "nothing runs in either" : "the same";
}

function row(one: AppComparison, names: Names, report: ComparisonReport): Line[] {
  const release = (which: "left" | "right"): Line => {
    const found = one[which];
    if (found === undefined) return [muted("nothing")];
    const { artifact, releasedAt, state, kind } = found;
    const age = releasedAt === null ? undefined : relative(releasedAt, report.now);
    const more = [state === "failed" ? "failed" : "", kind === "promotion" ? "" : kind, age ?? ""].filter(Boolean);
    return [
      link(versionOf(artifact), report.links.artifactSource?.(artifact)),
      ...(more.length === 0 ? [] : [lineBreak, muted(more.join(", "))]),
    ];
  };
  return [[strong(one.app)], release("left"), release("right"), [aheadOf(one, names)]];
}

function aheadOf(one: AppComparison, names: Names): string {
  const { order, source } = one;
  const commits =
    source === undefined || source.commits.length === 0
      ? ""
      : `, by ${source.known === "history" ? "" : "at least "}${count(source.commits.length + source.left, "commit")}`;
  switch (standing(one)) {
    case "ahead":
      return `${names.left}${commits}`;
    case "behind":
      return `${names.right}${commits}`;
    case "same":
      return one.values.length + one.files.length > 0 ? "neither: the same artifact" : "neither";
    case "only-left":
      return `only in ${names.left}`;
    case "only-right":
      return `only in ${names.right}`;
    default:
      return order?.kind === "incomparable" ? `cannot be told: ${clip(order.why, 200)}` : "cannot be told";
  }
}

function valuesOf(different: readonly AppComparison[], names: Names, room: Room): Block[] {
  const rows = different.flatMap(({ app, values }) =>
    values.map(({ left, right }): Line[] => {
      const at = right ?? left;
      const place = [code(clip(at?.selector ?? "", 200)), lineBreak, muted(clip(at?.path ?? "", 200))];
      const value = (one: typeof left): Line => (one === undefined ? [muted("not written")] : [clip(one.value, 200)]);
      return [[strong(app)], place, value(left), value(right)];
    }),
  );
  if (rows.length === 0) return [];
  const caption = "Values that differ beyond the artifact";
  return [
    { kind: "heading", text: caption },
    ...limitedTable({ kind: "table", caption, columns: ["App", "Value", names.left, names.right], rows }, room),
  ];
}

function commitsOf(different: readonly AppComparison[], report: ComparisonReport, room: Room): Block[] {
  let rows = room.rows;
  const blocks = different.flatMap(({ app, source }): Block[] => {
    if (source === undefined || source.commits.length === 0 || rows <= 0) return [];
    const { from, to, commits } = source;
    const shown = commits.slice(0, rows);
    rows -= shown.length + 1;
    const left = source.left + commits.length - shown.length;
    const versions = together(`${versionOf(from)} → ${versionOf(to)}`);
    return [
      { kind: "paragraph", line: [strong(app), ": ", link(versions, report.links.compare?.(from, to))] },
      {
        kind: "list",
        items: [
          ...shown.map((commit) => commitLine(commit, source, report)),
          ...(left === 0 ? [] : [[muted(`and ${left.toLocaleString("en-US")} more`)]]),
        ],
      },
    ];
  });
  return blocks.length === 0 ? [] : [{ kind: "details", summary: "Source commits between", blocks, terminal: true }];
}
