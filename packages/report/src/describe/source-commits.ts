import type { SourceChange } from "@glu/core";
import { clip, count } from "../clip.ts";
import { type Block, type Line, link, muted, type Span, strong } from "../document.ts";
import type { PromotionReport } from "../report.ts";
import { relative, together } from "../times.ts";
import { short, versionOf } from "../version.ts";
import type { Room } from "./room.ts";
import { sourceChangeOf } from "./source-change-of.ts";

/** Longer subjects are cut. */
const subjectLength = 120;

/** The source commits that come along, for each pair of artifacts, with a link to the forge's own view of them. */
export function sourceCommits(report: PromotionReport, room: Room): Block[] {
  const { sources = [] } = report;
  if (sources.length === 0) return [];
  let rows = room.rows;
  const blocks = sources.flatMap((change): Block[] => {
    const shown = change.commits.slice(0, Math.max(0, rows));
    rows -= shown.length + 1;
    if (rows < -1) return [];
    const left = change.left + change.commits.length - shown.length;
    const items = shown.map((commit): Line => commitLine(commit, change, report));
    const rest: Line[] = left === 0 ? [] : [[muted(`and ${left.toLocaleString("en-US")} more`)]];
    return [
      { kind: "paragraph", line: titleOf(change, report) },
      ...(items.length + rest.length === 0 ? [] : [{ kind: "list", items: [...items, ...rest] } as const]),
    ];
  });
  const known = sources.reduce((total, { commits, left }) => total + commits.length + left, 0);
  const all = sources.every((one) => one.known === "history");
  // What is known of artifacts alone is not all that lies between.
  const summary = `Source commits: ${known === 0 ? "none" : `${all ? "" : "at least "}${count(known, "commit")}`}`;
  return [{ kind: "details", summary, blocks, terminal: true }];
}

function titleOf(change: SourceChange, report: PromotionReport): Line {
  const { app, from, to, commits, known } = change;
  const about = report.decisions.filter((one) => sourceChangeOf(one, report) === change);
  const where = [...new Set(about.map(({ intent }) => intent.environment))].join(", ");
  const line: Span[] = [
    strong(app),
    ` in ${where}: `,
    link(together(`${versionOf(from)} → ${versionOf(to)}`), report.links.compare?.(from, to)),
  ];
  if (commits.length === 0) line.push(", back to commits that run there already");
  else if (known === "artifacts") line.push(muted(", as far as artifacts were built of them"));
  return line;
}

/** A commit of an app's source: linked, with its subject, author and age. */
export function commitLine(
  commit: SourceChange["commits"][number],
  { to }: SourceChange,
  { links, now }: Pick<PromotionReport, "links" | "now">,
): Line {
  const { sha, subject, author, committedAt } = commit;
  const age = committedAt === undefined ? undefined : relative(committedAt, now);
  const by = [...(author === undefined ? [] : [clip(author, 60)]), ...(age === undefined ? [] : [age])];
  return [
    { kind: "link", text: short(sha), href: links.sourceCommit?.(to, sha), code: true },
    ` ${clip(subject, subjectLength)}`,
    ...(by.length === 0 ? [] : [muted(` · ${by.join(", ")}`)]),
  ];
}
