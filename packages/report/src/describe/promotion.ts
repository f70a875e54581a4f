import type { AppName, Decision } from "@glu/core";
import { clip, count } from "../clip.ts";
import { joinChanges } from "../diff/join-changes.ts";
import { type Block, code, type Document, type Line, link, type Span } from "../document.ts";
import type { PromotionReport } from "../report.ts";
import { day } from "../times.ts";
import { artifactNames } from "./artifact-names.ts";
import { closing } from "./closing.ts";
import { commitLink, decisionTable } from "./decision-table.ts";
import { everyGate } from "./every-gate.ts";
import { fileDiffs } from "./file-diffs.ts";
import { graph } from "./graph.ts";
import { headline, worstFirst } from "./headline.ts";
import { limitedTable } from "./limited-table.ts";
import { matrix } from "./matrix.ts";
import { outputs } from "./outputs.ts";
import { onlyPassedOver, passedOver } from "./passed-over.ts";
import { found, looked } from "./reconciled.ts";
import type { Room } from "./room.ts";
import { sourceCommits } from "./source-commits.ts";
import { toldOnTheForge } from "./told-on-the-forge.ts";
import { undecided } from "./undecided.ts";
import { undone } from "./undone.ts";
import { verified } from "./verified.ts";

/** More decisions that changed nothing than this are folded away. */
const calmRows = 5;
/** With nothing decided, the matrix of more apps than this is folded away. */
const mostQuietApps = 20;

/** What a run of `promote` decided: header, matrix, decisions; the rest folded. */
export function describePromotion(report: PromotionReport, room: Room): Document {
  const { decisions, pipeline, links, now } = report;
  const named = artifactNames(report);
  const ordered = worstFirst(decisions);
  const calm = ordered.filter((one) => one.result === "unchanged");
  const folded = calm.length > calmRows && calm.length < ordered.length ? calm : [];
  const shown = ordered.filter((one) => !folded.includes(one));
  const apps = appsOf(shown, report);
  return {
    headline: headline(report),
    blocks: [
      { kind: "paragraph", muted: true, line: where(report) },
      ...looked(report, room),
      ...whatRunsWhere(limitedTable(matrix({ pipeline, apps, decisions: ordered, now }), room), apps, ordered),
      ...(shown.length === 0 ? [] : limitedTable(decisionTable(shown, { links, now, named }), room)),
      ...verified(report, room),
      ...undone(report, room),
      ...undecided(report, room),
      ...found(report, room),
      ...(onlyPassedOver(report) ? passedOver(report, room) : []),
      ...advisory(report),
      ...toldOnTheForge(report),
      ...report.notices.map((text): Block => ({ kind: "notice", tone: "note", line: [clip(text, 1000)] })),
      ...drawing(report, apps),
      ...(folded.length === 0
        ? []
        : [
            details(
              `${count(folded.length, "promotion")} unchanged`,
              limitedTable(decisionTable(folded, { links, now, named }), room),
            ),
          ]),
      ...sourceCommits(report, room),
      ...outputs(ordered, room),
      ...diffs(report, room),
      ...(onlyPassedOver(report) ? [] : passedOver(report, room)),
      ...everyGate(ordered, links, room),
      ...closing(report),
    ],
  };
}

const details = (summary: string, blocks: readonly Block[]): Block => ({
  kind: "details",
  summary,
  blocks,
  terminal: true,
});

/** The matrix; folded when nothing was decided and it is long, as in a scheduled run over many apps. */
function whatRunsWhere(blocks: Block[], apps: readonly AppName[], decisions: readonly Decision[]): Block[] {
  if (apps.length === 0) return [];
  const quiet = decisions.length === 0 && apps.length > mostQuietApps;
  return quiet ? [details(`What runs where: ${count(apps.length, "app")}`, blocks)] : blocks;
}

/** The apps that were decided about, in order of the decisions; all of them when nothing was. */
function appsOf(decisions: readonly Decision[], report: PromotionReport): AppName[] {
  const named =
    decisions.length > 0 ? decisions.map((one) => one.intent.app) : report.pipeline.running.map((one) => one.app);
  return [...new Set(named)].sort();
}

function where(report: PromotionReport): Line {
  const { commit, earlierCommits = [], commitsElsewhere = [], configLocation, branch, links, plan, now } = report;
  const line: Span[] = [];
  const at = (name: string, location: string, href?: string): Span[] => [
    code(clip(name.replace(/^refs\/heads\//, ""), 200)),
    " of ",
    link(clip(location, 200), href),
  ];
  if (commit !== undefined) {
    const own = [...earlierCommits].reverse().flatMap((one) => [commitLink(one, links), ", "]);
    line.push(own.length === 0 ? "Commit " : "Commits ", ...own, commitLink(commit, links), " on ");
  } else if (commitsElsewhere.length === 0) line.push(plan ? "Nothing was written to " : "No commit on ");
  if (commit !== undefined || commitsElsewhere.length === 0) line.push(...at(branch, configLocation, links.repository));
  for (const [index, other] of commitsElsewhere.entries()) {
    line.push(index > 0 || commit !== undefined ? ", " : "Commit ");
    // Links lead into the config repository; a commit of another one has none.
    const same = other.location === configLocation;
    line.push(same ? commitLink(other.commit, links) : code(other.commit.slice(0, 7)), " on ");
    line.push(...at(other.branch, other.location, same ? links.repository : undefined));
  }
  if (links.run !== undefined) line.push(" · ", link("this run", links.run));
  line.push(` · ${day(now)}`, ...askedBy(report));
  return line;
}

function askedBy({ actor, reason }: PromotionReport): Span[] {
  // No colon right behind a name: forges would take it and one in the name for the code of an emoji.
  return [
    ...(actor === undefined ? [] : [` · asked by ${clip(actor.name, 100)}`]),
    ...(reason === undefined ? [] : [` · reason: ${clip(reason, 300)}`]),
  ];
}

const outside = {
  repository: "this job runs outside of the config repository",
  branch: "this job runs from neither the config branch nor the default branch",
};

function advisory({ advisory: why, links }: PromotionReport): Block[] {
  if (why === undefined) return [];
  const href = links.docs === undefined ? undefined : `${links.docs.replace(/\/$/, "")}/trust.md`;
  return [
    {
      kind: "notice",
      tone: "warning",
      line: [
        { kind: "strong", text: "advisory" },
        `: ${outside[why]} and holds a token that may write, so its gates bind nobody else. See `,
        link("docs/trust.md", href),
        ".",
      ],
    },
  ];
}

/** The pipeline, in sight while it is small. */
function drawing({ pipeline, decisions }: PromotionReport, apps: readonly AppName[]): Block[] {
  const drawn = graph(pipeline, apps, decisions);
  if (drawn === undefined) return [];
  const small = drawn.nodes.length <= 5 && apps.length <= 3;
  return small ? [drawn] : [{ kind: "details", summary: "Pipeline", blocks: [drawn], terminal: true }];
}

function diffs({ decisions, plan, commit, earlierCommits = [] }: PromotionReport, room: Room): Block[] {
  const commits = commit === undefined ? [] : [...[...earlierCommits].reverse(), commit];
  const see = commits.length === 0 ? "" : ` git show ${commits.join(" ")} has all.`;
  return fileDiffs(joinChanges(decisions), { title: plan ? "Planned changes" : "Changes", see, room });
}
