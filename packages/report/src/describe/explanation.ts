import type { Decision, Explained, Freeze, Passage, Pin } from "@glu/core";
import { clip, count } from "../clip.ts";
import {
  type Block,
  code,
  type Document,
  icon,
  type Line,
  lineBreak,
  link,
  muted,
  type Span,
  type Table,
} from "../document.ts";
import type { ExplanationReport, Running } from "../report.ts";
import { day, relative } from "../times.ts";
import { versionOf } from "../version.ts";
import type { NameArtifacts } from "./artifact-names.ts";
import { closing } from "./closing.ts";
import { artifactLink } from "./decision-table.ts";
import { explanationHeadline } from "./explanation-headline.ts";
import { explanationNames, hereOf } from "./explanation-place.ts";
import { cellLength } from "./gate-seen.ts";
import { gateTable } from "./gate-table.ts";
import { graph } from "./graph.ts";
import { limitedTable, withoutEmptyColumns } from "./limited-table.ts";
import type { Room } from "./room.ts";

/** Why is it not there: what runs, what waits and how far it came, and every gate of the next one, upstream too. */
export function describeExplanation(report: ExplanationReport, room: Room): Document {
  const { artifacts, branch, configLocation, links, now, left } = report;
  const named = explanationNames(report);
  const whole = artifacts.filter(({ artifact }) => [report.next, report.newest].includes(artifact.id));
  // What could go next is what most people ask for.
  const first = [...whole].sort(
    (a, b) => Number(b.artifact.id === report.next) - Number(a.artifact.id === report.next),
  );
  const told = first.length > 0 ? first : artifacts;
  return {
    headline: explanationHeadline(report),
    blocks: [
      {
        kind: "paragraph",
        muted: true,
        line: [
          code(clip(branch.replace(/^refs\/heads\//, ""), 200)),
          " of ",
          link(clip(configLocation, 200), links.repository),
          ` · ${day(now)}`,
        ],
      },
      { kind: "paragraph", line: runs(report) },
      ...holds(report, named),
      ...(artifacts.length === 0 ? [] : limitedTable(waiting(report, named), room)),
      ...(left === 0
        ? []
        : [{ kind: "paragraph", muted: true, line: [`And ${count(left, "more artifact")}.`] } as const]),
      ...told.flatMap((one) => inFull(one, report, named)),
      ...report.notices.map((text): Block => ({ kind: "notice", tone: "note", line: [clip(text, 1000)] })),
      ...drawing(report),
      ...closing(report),
    ],
  };
}

function runs(report: ExplanationReport): Line {
  const { links, now, environment } = report;
  const here = hereOf(report);
  if (here?.release === undefined) return [`Nothing runs in ${environment} yet.`];
  const { artifact, releasedAt, state } = here.release;
  const age = releasedAt === null ? undefined : relative(releasedAt, now);
  return [
    `In ${environment} runs `,
    link(versionOf(artifact), links.artifactSource?.(artifact)),
    ...(age === undefined || releasedAt === null ? [] : [`, released ${age} (${day(releasedAt)})`]),
    ...(state === "failed" ? [", and ", icon("refused"), " failed"] : []),
    ...(here.verifying === undefined ? [] : notVerified(here.verifying, now)),
    ".",
  ];
}

function notVerified({ state, until, seen }: NonNullable<Running["verifying"]>, now: number): Line {
  const ends = until === undefined ? undefined : relative(until, now);
  const time = ends === undefined ? "" : `; its time ${Date.parse(until ?? "") > now ? "ends" : "ended"} ${ends}`;
  const what = seen === undefined ? "" : ` (${clip(seen, 300)})`;
  return [`, and is ${state === "synced" ? "there, but not healthy yet" : "not verified yet"}${what}${time}`];
}

/** What holds the place, also where it is not in the way of what is told below. */
function holds(report: ExplanationReport, named: NameArtifacts): Block[] {
  const { now } = report;
  const { pin, freeze } = hereOf(report) ?? {};
  const line = (sign: "pin" | "freeze", hold: Pin | Freeze, what: string): Block => {
    const ends = hold.until === undefined ? undefined : relative(hold.until, now);
    const times = `${relative(hold.at, now) ?? hold.at}${ends === undefined ? "" : `, ends ${ends}`}`;
    return {
      kind: "paragraph",
      line: [icon(sign), ` ${what} by ${clip(hold.actor.name, 100)} (${times}): ${clip(hold.reason, 300)}`],
    };
  };
  return [
    ...(pin === undefined ? [] : [line("pin", pin, `Pinned at ${named(pin.artifact)}`)]),
    ...(freeze === undefined ? [] : [line("freeze", freeze, "Frozen")]),
  ];
}

function waiting(report: ExplanationReport, named: NameArtifacts): Table {
  const { artifacts, next, newest, links, now } = report;
  return withoutEmptyColumns({
    kind: "table",
    caption: "What waits",
    columns: ["Artifact", "Released in", "Now", "Why", "Starts by itself"],
    rows: artifacts.map(({ artifact, passages, decision, onlyByRequest }) => {
      const marks = [...(artifact.id === next ? ["next"] : []), ...(artifact.id === newest ? ["newest"] : [])];
      return [
        [artifactLink(decision, links), ...(marks.length === 0 ? [] : [muted(` · ${marks.join(", ")}`)])],
        came(passages, now),
        [{ kind: "result", result: decision.result }],
        [clip(named(decision.reason), cellLength)],
        [startsShort(decision, onlyByRequest, named)],
      ];
    }),
  });
}

/** Whether something promotes it by itself, in a cell. */
function startsShort({ result }: Decision, onlyByRequest: string | undefined, named: NameArtifacts): string {
  if (onlyByRequest !== undefined) return `no: ${clip(named(onlyByRequest), cellLength)}`;
  return result === "held" ? "yes, once nothing is in the way" : "yes";
}

/** The same in a sentence. */
function startsInFull({ result }: Decision, onlyByRequest: string | undefined, named: NameArtifacts): string {
  if (onlyByRequest !== undefined) return `Nothing starts it by itself (${clip(named(onlyByRequest), cellLength)}).`;
  switch (result) {
    case "held":
      return "It starts by itself, in the next run after nothing is in the way.";
    case "refused":
      return "It starts by itself, and every run refuses it.";
    default:
      return "The next run promotes it by itself.";
  }
}

/** The environments that have released it, one a line. */
function came(passages: readonly Passage[], now: number): Line {
  const lines = passages.flatMap(({ environment, state, releasedAt }): Span[][] => {
    const age = releasedAt === undefined ? undefined : relative(releasedAt, now);
    const since = age === undefined ? [] : [muted(` · ${age}`)];
    switch (state) {
      case "never":
        return [];
      case "runs":
        return [[icon("promoted"), ` ${environment}`, ...since]];
      case "ran":
        return [[`${environment}, replaced since`, ...since]];
      case "unknown":
        return [[`${environment}: cannot be read`]];
      default:
        return [[icon("refused"), ` ${environment}, ${state}`, ...since]];
    }
  });
  if (lines.length === 0) return [muted("nowhere yet")];
  return lines.flatMap((line, index) => (index === 0 ? line : [lineBreak, ...line]));
}

/** Every gate of one artifact in one place, and below it the same of each upstream that has not released it. */
function inFull(one: Explained, report: ExplanationReport, named: NameArtifacts): Block[] {
  const { artifact, environment, decision, onlyByRequest, upstream } = one;
  const { app, now } = report;
  if (decision.result === "unchanged") return [];
  const starts = startsInFull(decision, onlyByRequest, named);
  const place = `${app} ${versionOf(artifact)} → ${environment}`;
  const plan = `glu plan --app ${app} --environment ${environment} --artifact ${artifact.id}`;
  return [
    { kind: "heading", text: `${place}: ${decision.result}` },
    gateTable(decision.gates, { caption: `Gates of ${place}`, now, named }),
    { kind: "paragraph", line: [`${starts} `, code(plan), " shows the diff."] },
    ...upstream.flatMap((other) => inFull(other, report, named)),
  ];
}

function drawing({ pipeline, app, artifacts, next }: ExplanationReport): Block[] {
  const decided = artifacts.find(({ artifact }) => artifact.id === next);
  const drawn = graph(pipeline, [app], decided === undefined ? [] : withUpstream(decided));
  if (drawn === undefined) return [];
  return drawn.nodes.length <= 5
    ? [drawn]
    : [{ kind: "details", summary: "Pipeline", blocks: [drawn], terminal: true }];
}

const withUpstream = (one: Explained): Explained["decision"][] => [one.decision, ...one.upstream.flatMap(withUpstream)];
