import type { Policy } from "@glu/core";
import { clip, count } from "../clip.ts";
import { type Block, code, type Document, type Graph, type Line, link, muted, type Span, strong } from "../document.ts";
import type { GraphReport } from "../report.ts";
import { versionOf } from "../version.ts";
import { closing } from "./closing.ts";
import { edgesOf, few } from "./graph.ts";
import { limitedTable, withoutEmptyColumns } from "./limited-table.ts";
import type { Room } from "./room.ts";

type Stage = GraphReport["environments"][number];

/** Names of apps that a cell lists; with more of them the others are counted. */
const mostNames = 10;
/** Characters of a line in a box. */
const lineLength = 48;

/** The pipeline: drawn, and as a table, which is what a terminal has of it. */
export function describeGraph(report: GraphReport, room: Room): Document {
  const { environments, apps, branch, configLocation, links } = report;
  return {
    headline: {
      icon: "graph",
      text: `${count(environments.length, "environment")}, ${count(apps.length, "app")}`,
    },
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
      pipelineGraph(report),
      ...limitedTable(
        withoutEmptyColumns({
          kind: "table",
          caption: "Environments",
          columns: [
            "Environment",
            "Tier",
            "From",
            "Starts by itself",
            "Gates",
            "Verified by",
            report.running ? "What runs" : "Apps",
          ],
          rows: environments.map((stage) => row(stage, report)),
        }),
        room,
      ),
      ...report.notices.map((text): Block => ({ kind: "notice", tone: "note", line: [clip(text, 1000)] })),
      ...closing(report),
    ],
  };
}

/** The pipeline as boxes: what starts a promotion, the gates, and the apps or what runs of them. */
export function pipelineGraph(report: GraphReport): Graph {
  return {
    kind: "graph",
    nodes: report.environments.map((stage) => ({
      name: stage.name,
      tier: stage.tier === stage.name ? undefined : stage.tier,
      lines: [
        ...few(startsOf(stage)),
        ...(fromOf(stage).startsWith("any of ") ? ["one upstream is enough"] : []),
        ...(stage.gates.length === 0 ? [] : [`gates ${gatesOf(stage)}`]),
        ...(stage.verify === undefined ? [] : [`verified by ${verifiedBy(stage)}`]),
        ...(report.running === undefined
          ? [count(membersOf(stage, report).length, "app")]
          : few(runningOf(stage, report).map(({ app, said, held }) => `${app} ${said}${held}`))),
      ].map((line) => clip(line, lineLength)),
      result: undefined,
    })),
    edges: edgesOf(report.environments),
  };
}

function row(stage: Stage, report: GraphReport): Line[] {
  return [
    [strong(stage.name)],
    stage.tier === undefined ? [] : [clip(stage.tier, 60)],
    [fromOf(stage)],
    [clip(startsOf(stage).join("; "), 300)],
    [clip(gatesOf(stage), 300)],
    stage.verify === undefined ? [] : [clip(verifiedBy(stage), 300)],
    report.running === undefined ? names(stage, report) : versions(stage, report),
  ];
}

function names(stage: Stage, report: GraphReport): Line {
  const all = membersOf(stage, report);
  const left = all.length - mostNames;
  const shown = left > 1 ? all.slice(0, mostNames) : all;
  return [shown.join(", "), ...(shown === all ? [] : [muted(` and ${left.toLocaleString("en-US")} more`)])];
}

function versions(stage: Stage, report: GraphReport): Line {
  const all = runningOf(stage, report);
  const left = all.length - mostNames;
  const shown = left > 1 ? all.slice(0, mostNames) : all;
  const line = shown.flatMap(({ app, said, held }, index): Span[] => [
    ...(index === 0 ? [] : [", "]),
    `${app} ${said}${held}`,
  ]);
  return shown === all ? line : [...line, muted(` and ${left.toLocaleString("en-US")} more`)];
}

const membersOf = ({ name }: Stage, { apps }: GraphReport): string[] =>
  apps.flatMap((app) => (app.environments.includes(name) ? [app.name] : []));

function runningOf({ name }: Stage, { running = [] }: GraphReport): { app: string; said: string; held: string }[] {
  return running
    .filter(({ environment }) => environment === name)
    .map(({ app, release, pin, freeze }) => ({
      app,
      said: release === undefined ? "nothing yet" : versionOf(release.artifact),
      held: `${release?.state === "failed" ? " · failed" : ""}${pin ? " · pinned" : ""}${freeze ? " · frozen" : ""}`,
    }));
}

/** `staging`, `all of eu, us`, `any of eu, us`; empty without an upstream. */
function fromOf({ from }: Stage): string {
  if (from === undefined) return "";
  const list = from.environments.join(", ");
  return from.environments.length === 1 ? list : `${from.mode} of ${list}`;
}

const gatesOf = ({ gates }: Stage): string => gates.map(({ name }) => name).join(", ");

/** `health, http: rollback`: what is verified after a release, and what follows where it fails. */
const verifiedBy = ({ verify }: Stage): string =>
  verify === undefined ? "" : `${verify.gates.map(({ name }) => name).join(", ")}: ${verify.onFailure} on failure`;

/** What comes from upstream by itself, and each policy, any of which is enough. */
function startsOf({ auto, policy }: Stage): string[] {
  const edge = auto === undefined ? [] : [auto === "upstream" ? "what runs upstream" : "the newest of upstream"];
  const policies = policy.map(
    (one, index) => `${index === 0 ? (auto === undefined ? "" : "if ") : "or "}${policyOf(one)}`,
  );
  return edge.length + policies.length === 0 ? ["by request"] : [...edge, ...policies];
}

/** `branch main, tag v* but not *-rc*`: keys hold together, of their patterns one is enough. */
function policyOf(policy: Policy): string {
  const entries: [string, string[] | undefined][] = Object.entries(policy);
  const keys = entries.flatMap(([key, patterns]) => {
    if (patterns === undefined) return [];
    const wanted = patterns.filter((pattern) => !pattern.startsWith("!"));
    const excluded = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
    const but = excluded.length === 0 ? "" : ` but not ${excluded.join(" or ")}`;
    return [`${key} ${wanted.join(" or ") || "any"}${but}`];
  });
  return keys.length === 0 ? "everything" : keys.join(", ");
}
